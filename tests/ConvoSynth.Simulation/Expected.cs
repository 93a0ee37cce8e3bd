using System.Text.Json;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Rows;
using ConvoSynth.Runs.Storage;

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
    public static Expected Of(SimulatedCampaign campaign, MemoryStorage? journal = null)
    {
        var storage = new MemoryStorage();
        if (journal is not null)
            CopyJournal(journal, storage);
        var figures = new Figures();
        var provider = journal is null ? null : new Provider { IsClosed = true };
        using var process = new SimulatedProcess(campaign, storage, new(0, Mishaps.None, figures, null) { Provider = provider });
        var end = process.Drive();
        if (end.Kind != EndKind.Finished)
            throw new InvalidOperationException($"the undisturbed campaign {campaign.Spec.Seed} does not end well: {end}");
        ShardRow[] rows = [.. new RunReader(Folder(storage)).Rows()];
        // A duplicate id throws here.
        var expected = new Expected(FilesIn(storage), rows, rows.ToDictionary(r => r.Id, Text, StringComparer.Ordinal));
        return Invariants.OfRows(campaign, expected, end.Status!) is { } problem
            ? throw new InvalidOperationException($"the undisturbed campaign {campaign.Spec.Seed} is not whole: {problem}")
            : expected;
    }

    private static void CopyJournal(MemoryStorage from, MemoryStorage to)
    {
        var folder = Folder(from).Journal;
        foreach (var name in from.List(folder))
        {
            using var stream = to.Create(Path.Combine(folder, name));
            stream.Write(BytesOf(from, Path.Combine(folder, name)));
            to.Sync(stream);
        }

        to.SyncFolder(folder);
    }

    public static RunFolder Folder(MemoryStorage storage) => new(storage, "run");

    public static string Text(ShardRow row) => JsonSerializer.Serialize(row);

    public static SortedDictionary<string, byte[]> FilesIn(MemoryStorage storage)
    {
        var files = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var set in Enum.GetValues<ShardSet>())
        {
            var folder = Folder(storage).Folder(set);
            foreach (var name in storage.List(folder))
                files[Path.Combine(folder, name)] = BytesOf(storage, Path.Combine(folder, name));
        }

        return files;
    }

    public static byte[] BytesOf(MemoryStorage storage, string path)
    {
        using var stream = (MemoryStream)storage.OpenRead(path);
        return stream.ToArray();
    }
}
