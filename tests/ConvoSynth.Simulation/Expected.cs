using System.Text.Json;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Rows;
using ConvoSynth.Runs.Storage;
using ConvoSynth.Simulation.Stores;

namespace ConvoSynth.Simulation;

/// <summary>The result of a campaign without mishaps: the files of its shards, and its rows.</summary>
/// <param name="Files">Path → bytes of every file in the folders of shards.</param>
/// <param name="Texts">Id → the row as text.</param>
internal sealed record Expected(
    IReadOnlyDictionary<string, byte[]> Files,
    IReadOnlyList<ShardRow> Rows,
    IReadOnlyDictionary<string, string> Texts
)
{
    /// <param name="journal">A run to replay from its journal, without a model; null if models are functions of their requests.</param>
    public static Expected Of(SimulatedCampaign campaign, RunFolder? journal = null)
    {
        var store = new FileStore();
        if (journal is not null)
            CopyJournal(journal, store.Folder);
        var figures = new Figures();
        var provider = journal is null ? null : new Provider { IsClosed = true };
        using var process = new SimulatedProcess(campaign, store, new(0, Mishaps.None, figures, null) { Provider = provider });
        var end = process.Drive();
        if (end.Kind != EndKind.Finished)
            throw new InvalidOperationException($"the undisturbed campaign {campaign.Spec.Seed} does not end well: {end}");
        ShardRow[] rows = [.. new RunReader(store.Folder).Rows()];
        // A duplicate id throws here.
        var expected = new Expected(FilesIn(store.Folder), rows, rows.ToDictionary(r => r.Id, Text, StringComparer.Ordinal));
        return Invariants.OfRows(campaign, expected, end.Status!) is { } problem
            ? throw new InvalidOperationException($"the undisturbed campaign {campaign.Spec.Seed} is not whole: {problem}")
            : expected;
    }

    private static void CopyJournal(RunFolder from, RunFolder to)
    {
        foreach (var name in from.Storage.ListLogs(from.Journal))
        {
            using var log = from.Storage.OpenLog(Path.Combine(from.Journal, name));
            to.Storage.Append(Path.Combine(to.Journal, name), LogPosition.Start, log.ReadAll());
        }
    }

    public static string Text(ShardRow row) => JsonSerializer.Serialize(row);

    public static SortedDictionary<string, byte[]> FilesIn(RunFolder run)
    {
        var files = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var folder in Enum.GetValues<ShardSet>().Select(run.Folder))
        foreach (var path in run.Storage.List(folder).Select(n => Path.Combine(folder, n)))
            files[path] = BytesOf(run, path);
        return files;
    }

    public static byte[] BytesOf(RunFolder run, string path)
    {
        using var stream = (MemoryStream)run.Storage.OpenRead(path);
        return stream.ToArray();
    }
}
