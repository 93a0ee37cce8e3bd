using ConvoSynth.Export.Privacy;
using ConvoSynth.Runs.Rows;

namespace ConvoSynth.Export.Exports;

/// <summary>The personal data of the rows of several runs, each beside the databases of its own run.</summary>
internal sealed class PersonalRows : IDisposable
{
    private readonly Dictionary<string, WorldValues> _runs;
    private readonly PersonalTally _tally;

    private PersonalRows(ExportRequest request)
    {
        _runs = request.Runs.ToDictionary(r => r.Name, r => new WorldValues(r), StringComparer.Ordinal);
        _tally = new((row, value) => _runs[row.RunId].Has(row, value));
    }

    /// <summary>The columns that this reads, beside the messages, the domain and the world.</summary>
    public static IReadOnlyList<string> Columns { get; } = ["run_id", "blueprint"];

    public PersonalReport Report => _tally.Report;

    /// <summary>Null if the request does not ask for it.</summary>
    public static PersonalRows? Of(ExportRequest request) =>
        request.PersonalData == PersonalDataRule.None ? null : new PersonalRows(request);

    /// <inheritdoc cref="PersonalTally.Reason"/>
    public string? Reason(ShardRow row) => _tally.Reason(row);

    public void Dispose()
    {
        foreach (var run in _runs.Values)
            run.Dispose();
    }
}
