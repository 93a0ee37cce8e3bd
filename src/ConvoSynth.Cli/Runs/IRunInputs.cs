using ConvoSynth.Core;
using ConvoSynth.Domains;
using ConvoSynth.Synthesis;

namespace ConvoSynth.Cli.Runs;

/// <summary>Where what decides a run's rows is read: from the folders that people edit, or from what the run folder kept of them.</summary>
public interface IRunInputs
{
    /// <summary>A domain's pack over the run's database.</summary>
    Pack PackOf(RunSpec spec, string domain);

    /// <summary>What models behind endpoints are told.</summary>
    PromptSet PromptsOf(RunSpec spec);

    /// <summary>Where a file that the spec names is read.</summary>
    /// <param name="kind">As the spec's <see cref="RunSpec.PackHashes"/> have it.</param>
    string PathOf(RunSpec spec, string kind, string named);
}

/// <summary>The files that a spec may name, by what they are for.</summary>
internal static class InputKind
{
    public const string Blueprints = "blueprints";
    public const string Tasks = "tasks";
    public const string Recorded = "recorded";

    /// <summary>Those that a spec names.</summary>
    public static IEnumerable<(string Kind, string Named)> Of(RunSpec spec)
    {
        if (spec.Blueprints is { } blueprints)
            yield return (Blueprints, blueprints);
        if (spec.Tasks is { } tasks)
            yield return (Tasks, tasks);
        if (spec.Recorded is { } recorded)
            yield return (Recorded, recorded);
    }
}
