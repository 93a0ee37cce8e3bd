using System.Text.Json;
using ConvoSynth.Shards.Rows;
using ConvoSynth.Shards.Runs;
using ConvoSynth.Shards.Storage;

namespace ConvoSynth.Simulation;

/// <summary>What a campaign comes to when nothing goes wrong: the files of its shards, and its rows.</summary>
/// <param name="Files">Path → bytes of every file in the folders of shards.</param>
/// <param name="Rows">Id → the row as text.</param>
internal sealed record Expected(IReadOnlyDictionary<string, byte[]> Files, IReadOnlyDictionary<string, string> Rows, long Steps)
{
    public static Expected Of(SimulatedCampaign campaign)
    {
        var storage = new MemoryStorage();
        var figures = new Figures();
        using var process = new SimulatedProcess(campaign, storage, new(0, Mishaps.None, figures, null));
        var end = process.Drive();
        if (end.Kind != EndKind.Finished) throw new InvalidOperationException($"the undisturbed campaign {campaign.Spec.Seed} does not end well: {end}");
        return new(FilesIn(storage), RowsIn(storage).ToDictionary(r => r.Id, Text, StringComparer.Ordinal), figures.Steps);
    }

    public static RunFolder Folder(MemoryStorage storage) => new(storage, "run");

    public static IEnumerable<ShardRow> RowsIn(MemoryStorage storage) => new RunReader(Folder(storage)).Rows();

    public static string Text(ShardRow row) => JsonSerializer.Serialize(row);

    public static SortedDictionary<string, byte[]> FilesIn(MemoryStorage storage)
    {
        var files = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var set in Enum.GetValues<ShardSet>())
        {
            var folder = Folder(storage).Folder(set);
            foreach (var name in storage.List(folder)) files[Path.Combine(folder, name)] = BytesOf(storage, Path.Combine(folder, name));
        }

        return files;
    }

    public static byte[] BytesOf(MemoryStorage storage, string path)
    {
        using var stream = (MemoryStream)storage.OpenRead(path);
        return stream.ToArray();
    }
}
