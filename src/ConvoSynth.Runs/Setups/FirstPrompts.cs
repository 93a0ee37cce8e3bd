using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Domains.Sampling;
using ConvoSynth.Models.Asking;
using ConvoSynth.Models.Protocols;
using ModelPrompt = ConvoSynth.Models.Protocols.Prompt;

namespace ConvoSynth.Runs.Setups;

/// <summary>
/// The longest first prompts of the roles of a run. The probe sends them, so that too short a context is found before the first dialogue.
/// </summary>
public static class FirstPrompts
{
    // Instructions of one domain differ little in length. Finding the longest of many thousands is not worth making them.
    private const int Sampled = 24;

    /// <summary>The longest first prompts of human and agent, over the first 24 blueprints per domain.</summary>
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
                continue; // The dialogue of this index fails with the same error.
            }

            var told = prompts.Human.Render(("instruction", blueprint.Instruction), ("persona", blueprint.Persona.Manner));
            human = Longer(human, new() { System = told.System, Messages = told.User.Length > 0 ? [Message.User(told.User)] : [] });
            agent = Longer(
                agent,
                new()
                {
                    System = setup.SystemOf(blueprint),
                    Messages = [Message.User(blueprint.Instruction)],
                    Tools = setup.PackOf(blueprint).ToolsFor(blueprint),
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
