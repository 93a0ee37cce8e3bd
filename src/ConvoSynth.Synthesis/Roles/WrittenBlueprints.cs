using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Domains;
using ConvoSynth.Models;

namespace ConvoSynth.Synthesis;

/// <summary>
/// Truth first, words last: the blueprints of another source, their instructions put into words by a language model and checked against the scenario.
/// A text that will not do is asked for again with the reason, so often as <see cref="StructuredRequest.Repairs"/> says; then the blueprint fails with
/// the reason, or keeps the words that it had.
/// </summary>
/// <param name="keepSampledWords">Whether the words that it had stand then.</param>
public sealed class WrittenBlueprints(
    IBlueprintSource inner,
    IStructuredModel writer,
    PromptSet prompts,
    IReadOnlyDictionary<string, Pack> packs,
    string run,
    bool keepSampledWords = false
) : IBlueprintSource
{
    private static readonly Json InstructionSchema = Schemas.Object(("instruction", Schemas.Text));

    public async ValueTask<Blueprint> Make(long index, CancellationToken cancellationToken) =>
        (await Make(index, journal: null, cancellationToken)).Blueprint;

    /// <exception cref="BlueprintException">The inner source has none, or no words for it would do.</exception>
    /// <exception cref="TransientModelException">The endpoint could not answer this time.</exception>
    public async ValueTask<MadeBlueprint> Make(long index, IJournal? journal, CancellationToken cancellationToken)
    {
        var made = await inner.Make(index, journal, cancellationToken);
        var blueprint = made.Blueprint;
        // What a foreign task's human wants stands in its instruction only: nobody could check other words.
        if (blueprint.Scenario.Requests.IsEmpty)
            return made;
        var pack = packs[blueprint.Domain];
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
            // Further attempts at a dialogue play the same blueprint, so its words are those of the first.
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
