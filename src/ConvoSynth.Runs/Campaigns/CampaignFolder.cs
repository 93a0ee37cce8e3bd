using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Storage;

namespace ConvoSynth.Runs.Campaigns;

/// <summary>
/// The campaigns of one run, each in files that are written once: <c>NNNN.json</c> the order, <c>NNNN.stop</c> the wish to stop,
/// <c>NNNN.end.json</c> the end. They are the only durable state of a campaign; any silo continues from them.
/// </summary>
public sealed class CampaignFolder(RunFolder run)
{
    public const string Name = "campaigns";

    private const string OrderEnding = ".json";

    private string Folder { get; } = Path.Combine(run.Path, Name);

    /// <summary>The number of the latest campaign; 0 if the run has none.</summary>
    public int LatestNumber => Numbers().DefaultIfEmpty(0).Max();

    /// <summary>The latest campaign; null if the run has none.</summary>
    /// <exception cref="RunException">A file is damaged.</exception>
    public CampaignState? Latest() =>
        LatestNumber is var number and > 0
            ? new(
                number,
                Read(At(number, OrderEnding), CampaignJson.Default.CampaignOrder)!,
                File.Exists(At(number, ".stop")),
                Read(At(number, ".end.json"), CampaignJson.Default.CampaignEnd)
            )
            : null;

    /// <summary>Begins a campaign. Of several writers with one number the first wins.</summary>
    /// <returns>Whether this order stands; false if the number has another one.</returns>
    public bool TryBegin(int number, CampaignOrder order) => TryWrite(At(number, OrderEnding), order, CampaignJson.Default.CampaignOrder);

    /// <summary>Asks for a stop: what is in flight ends and is committed. Idempotent.</summary>
    public void WantStop(int number) => ExclusiveFile.TryWrite(At(number, ".stop"), []);

    /// <summary>Records the end. The first record stands.</summary>
    public void End(int number, CampaignEnd end) => TryWrite(At(number, ".end.json"), end, CampaignJson.Default.CampaignEnd);

    private static bool TryWrite<T>(string path, T value, JsonTypeInfo<T> type) =>
        ExclusiveFile.TryWrite(path, JsonSerializer.SerializeToUtf8Bytes(value, type));

    private static T? Read<T>(string path, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), type);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (JsonException e)
        {
            throw new RunException($"{path} is damaged: {e.Message}");
        }
    }

    private IEnumerable<int> Numbers() =>
        Directory.Exists(Folder)
            ? Directory
                .EnumerateFiles(Folder, "*" + OrderEnding)
                .Select(f => Path.GetFileNameWithoutExtension(f))
                .Where(n => n.Length == 4 && n.All(char.IsAsciiDigit))
                .Select(n => int.Parse(n, CultureInfo.InvariantCulture))
            : [];

    private string At(int number, string ending) => Path.Combine(Folder, number.ToString("0000", CultureInfo.InvariantCulture) + ending);
}
