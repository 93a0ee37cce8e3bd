using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Dialogues.Prompts;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Sampling;
using ConvoSynth.Models;
using ConvoSynth.Models.Journal;

namespace ConvoSynth.Dialogues.Blueprints;

/// <summary>
/// Truth first, words last: takes the blueprints of another source, lets a language model word their instructions, and checks the words
/// against the scenario. A rejected text is requested again with the reason, at most <see cref="StructuredRequest.Repairs"/> times. Then
/// the blueprint fails with the reason or keeps its sampled words.
/// </summary>
/// <param name="keepSampledWords">Whether the blueprint keeps its sampled words instead of failing.</param>
public sealed class WrittenBlueprints(
    IBlueprintSource inner,
    IStructuredModel writer,
    PromptSet prompts,
    Func<Blueprint, Pack> packOf,
    string run,
    bool keepSampledWords = false
) : IBlueprintSource
{
    private static readonly Json InstructionSchema = Schemas.Object(("instruction", Schemas.Text));

    public async ValueTask<Blueprint> Make(long index, CancellationToken cancellationToken) =>
        (await Make(index, journal: null, cancellationToken)).Blueprint;

    /// <exception cref="BlueprintException">The inner source has no blueprint, or no text of the writer passed the checks.</exception>
    /// <exception cref="TransientModelException">The endpoint could not answer this time.</exception>
    public async ValueTask<MadeBlueprint> Make(long index, IJournal? journal, CancellationToken cancellationToken)
    {
        var made = await inner.Make(index, journal, cancellationToken);
        var blueprint = made.Blueprint;
        // The wishes of a foreign task's human stand only in its instruction, so no check could compare other words with them.
        if (blueprint.Scenario.Requests.IsEmpty)
            return made;
        var pack = packOf(blueprint);
        var response = await writer.Ask(Request(pack, blueprint, index, journal), cancellationToken);
        ImmutableArray<ModelCall> calls = [.. made.Calls, .. response.Calls];
        if (response.Value is { } answer)
            return new(blueprint with { Instruction = Words(answer) }, calls);
        return keepSampledWords
            ? new(blueprint, calls)
            : throw new BlueprintException(
                $"no words of {writer.Name} for the blueprint {blueprint.Id} would do; of the last: {response.Problem}"
            )
            {
                Calls = calls,
            };
    }

    private StructuredRequest Request(Pack pack, Blueprint blueprint, long index, IJournal? journal)
    {
        var rendered = prompts.Writer.Render(
            ("intent", blueprint.Intent.Replace('_', ' ')),
            ("persona", blueprint.Persona.Manner),
            ("scenario", ScenarioText.Of(blueprint.Scenario))
        );
        return new()
        {
            // Further attempts at a dialogue play the same blueprint, so all attempts share the words of the first.
            Key = new(new(run, index, 0), "writer", 0),
            System = rendered.System,
            User = rendered.User,
            SchemaName = "instruction",
            Schema = InstructionSchema,
            Problem = answer => WrittenWords.Problem(pack, blueprint, Words(answer)),
            Journal = journal,
        };
    }

    private static string Words(Json answer) => (answer["instruction"].Text ?? "").Trim();
}
