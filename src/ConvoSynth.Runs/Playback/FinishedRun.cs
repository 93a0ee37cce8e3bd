using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Journals;
using ConvoSynth.Runs.Rows;
using ConvoSynth.Runs.Setups;
using ConvoSynth.Runs.Specs;

namespace ConvoSynth.Runs.Playback;

/// <summary>
/// A finished run for playback: from its built-in models, or from its journal if endpoints answered. No endpoint is called.
/// </summary>
public sealed class FinishedRun : IDisposable
{
    private readonly KeptInputs _kept;

    private FinishedRun(RunFolder folder, RunSpec spec, RunJournal? journal) =>
        (Folder, Spec, Journal, Format, _kept) = (folder, spec, journal, SpecFile.FormatOf(folder), new(folder));

    public RunFolder Folder { get; }

    public RunSpec Spec { get; }

    /// <summary>Null if the run's models are built in: they play again.</summary>
    public RunJournal? Journal { get; }

    /// <summary>The run folder's format, as numbered by <see cref="RunFormat"/>.</summary>
    public int Format { get; }

    /// <summary>The run's inputs, as its folder holds them.</summary>
    public IRunInputs Inputs => _kept;

    /// <exception cref="RunException">There is no run, it is damaged, or it has not ended.</exception>
    public static FinishedRun Open(RunPlace place, bool noCheck)
    {
        var (path, folder) = (place.Path, RunFolders.OpenExisting(place, noCheck));
        var spec = SpecFile.Read(folder);
        RunFolders.RequireWhole(folder);
        var open = spec.Count - new RunReader(folder).Rows(columns: ["status"]).LongCount(r => r.Status != RowStatus.Retried);
        if (open > 0)
            throw new RunException($"{path} has not ended: {open} of {spec.Count} dialogues are open; go on with it by --resume first");
        var hasJournal = PartitionJournal.Partitions(folder).Count > 0;
        if (!hasJournal && spec.Model == EndpointSetup.ModelName)
            throw new RunException(
                $"{path} has no journal of what its endpoints answered, as a run that verify made has none; "
                    + "play the run that it was made from"
            );
        return new(folder, spec, hasJournal ? new(folder, spec) : null);
    }

    /// <param name="without">Checks to skip, as <c>stage.check</c>.</param>
    public IRunSetups Setups(RunSetups setups, IReadOnlyCollection<string> without) => new Again(setups, Journal, without);

    /// <summary>Setups that cannot call an endpoint and need no key.</summary>
    public RunSetups MakeSetups(IRunInputs inputs, TimeProvider time) =>
        new(inputs, time) { JournalOnly = true, KnownWorlds = () => RowWorlds.Of(Folder) };

    /// <summary>The folder for the playback's rows.</summary>
    public RunFolders Target(RunPlace place) => new(place.Folder, Spec.RunId, new ParquetShards(), new());

    public void Dispose() => _kept.Dispose();

    private sealed class Again(RunSetups inner, RunJournal? journal, IReadOnlyCollection<string> without) : IRunSetups
    {
        private RunSetup? _made;

        public RunSetup For(RunSpec spec) => _made ??= Make(inner.For(spec));

        private RunSetup Make(RunSetup setup) =>
            setup with
            {
                Record = journal,
                HasAttempt = journal is null ? null : journal.HasAttempt,
                Verifiers = setup.Verifiers.ToDictionary(v => v.Key, v => v.Value.Without(without), StringComparer.Ordinal),
                WithoutChecks = without,
            };
    }
}
