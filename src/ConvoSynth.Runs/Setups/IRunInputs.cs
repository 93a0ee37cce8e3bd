using System.Globalization;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Dialogues.Prompts;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Runs.Setups;

/// <summary>The sources that determine a run's rows: the folders that people edit, or the copies in the run folder.</summary>
public interface IRunInputs
{
    /// <summary>A domain's pack over the run's database.</summary>
    Pack PackOf(RunSpec spec, string domain);

    /// <summary>The prompts for models behind endpoints.</summary>
    PromptSet PromptsOf(RunSpec spec);

    /// <summary>The path of a file that the spec names.</summary>
    /// <param name="kind">The file's kind, as in the spec's <see cref="RunSpec.PackHashes"/>.</param>
    string PathOf(RunSpec spec, string kind, string named);
}

/// <summary>The files that a spec may name, by purpose.</summary>
public static class InputKind
{
    public const string Blueprints = "blueprints";
    public const string Tasks = "tasks";
    public const string Recorded = "recorded";

    /// <summary>Accepted tasks that a proposer is shown.</summary>
    public const string Examples = "proposal-examples";

    /// <summary>A file of tasks that must not be sampled, by its place in the spec.</summary>
    public static string Excluded(int place) => string.Create(CultureInfo.InvariantCulture, $"exclude-{place + 1}");

    /// <summary>The files that a spec names.</summary>
    public static IEnumerable<(string Kind, string Named)> Of(RunSpec spec)
    {
        if (spec.Blueprints is { } blueprints)
            yield return (Blueprints, blueprints);
        if (spec.Tasks is { } tasks)
            yield return (Tasks, tasks);
        if (spec.Recorded is { } recorded)
            yield return (Recorded, recorded);
        if (spec.Proposals is { Examples: { } examples })
            yield return (Examples, examples);
        for (var i = 0; i < (spec.ExcludeTasks?.Length ?? 0); i++)
            yield return (Excluded(i), spec.ExcludeTasks!.Value[i]);
    }
}
