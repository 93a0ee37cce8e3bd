using ConvoSynth.Core;
using ConvoSynth.Domains;
using ConvoSynth.Models;
using ModelPrompt = ConvoSynth.Models.Prompt;

namespace ConvoSynth.Synthesis;

/// <summary>The longest prompts with which the roles of a run begin, so that a context that is too short for them is found before the first dialogue.</summary>
public static class FirstPrompts
{
    // Instructions of one domain differ little in length; the longest of many thousands is not worth their making.
    private const int Sampled = 24;

    /// <summary>Of human and agent, each over the first blueprints of every domain.</summary>
    public static async ValueTask<IReadOnlyList<FirstPrompt>> Of(RunSetup setup, CancellationToken cancellationToken)
    {
        if (setup.Spec.Roles is not { } roles || setup.Prompts is not { } prompts)
            return [];
        ModelPrompt? human = null,
            agent = null;
        for (var index = 0L; index < Math.Min(setup.Spec.Count, Sampled * setup.Spec.Domains.Length); index++)
        {
            Blueprint blueprint;
            try
            {
                blueprint = await (setup.Unwritten ?? setup.Blueprints).Make(index, cancellationToken);
            }
            catch (BlueprintException)
            {
                continue; // Its index fails by itself.
            }

            var told = prompts.Human.Render(("instruction", blueprint.Instruction), ("persona", blueprint.Persona.Manner));
            human = Longer(human, new() { System = told.System, Messages = told.User.Length > 0 ? [Message.User(told.User)] : [] });
            agent = Longer(
                agent,
                new()
                {
                    System = setup.SystemOf(blueprint.Domain),
                    Messages = [Message.User(blueprint.Instruction)],
                    Tools = setup.Packs[blueprint.Domain].ToolsFor(blueprint),
                }
            );
        }

        return human is null || agent is null ? [] : [new("human", roles.Human, human), new("agent", roles.Agent, agent)];
    }

    private static ModelPrompt Longer(ModelPrompt? one, ModelPrompt other) => one is null || Length(other) > Length(one) ? other : one;

    private static int Length(ModelPrompt prompt) =>
        prompt.System.Length
        + prompt.Messages.Sum(m => m.Content?.Length ?? 0)
        + prompt.Tools.Sum(t => t.Description.Length + t.Parameters.ToString().Length);
}
