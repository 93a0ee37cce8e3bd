using ConvoSynth.Review.Decisions;
using ConvoSynth.Review.Exchange;
using ConvoSynth.Review.Pages;

namespace ConvoSynth.Review.Http;

/// <summary>A run's decisions without a server: other tools read and write them as tables.</summary>
public sealed class RunDecisions : IDisposable
{
    private readonly ReviewedRun _run;

    /// <exception cref="ReviewException">The run or its decisions cannot be used.</exception>
    /// <exception cref="Runs.RunException">There is no run.</exception>
    public RunDecisions(string path, bool checksShards, TimeProvider time) =>
        _run = new(
            new()
            {
                Run = path,
                Reviewer = "",
                ChecksShards = checksShards,
            },
            time
        );

    /// <summary>Writes the standing decisions as CSV or Parquet, and returns how many there are.</summary>
    public int Export(string path)
    {
        Decision[] standing = [.. _run.Standing().All];
        DecisionTable.Write(path, standing);
        return standing.Length;
    }

    /// <summary>Takes up the decisions of a table.</summary>
    public Task<Imported> Import(string path, string reviewer, CancellationToken cancellationToken) =>
        _run.Import(path, reviewer, cancellationToken);

    /// <summary>How many rows are decided, and how each reviewer did on controls.</summary>
    public (int Rows, IReadOnlyList<ControlMeasure> Reviewers) Figures() =>
        (_run.Standing().Rows.Count(), LearnFigures.ReviewersOf(_run.Labels, _run.Entries));

    public void Dispose() => _run.Dispose();
}
