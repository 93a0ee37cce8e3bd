using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ConvoSynth.Runs.Folders;

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
                run.Storage.Exists(At(number, ".stop")),
                Read(At(number, ".end.json"), CampaignJson.Default.CampaignEnd)
            )
            : null;

    /// <summary>Begins a campaign. Of several writers with one number the first wins.</summary>
    /// <returns>Whether this order stands; false if the number has another one.</returns>
    public bool TryBegin(int number, CampaignOrder order) => TryWrite(At(number, OrderEnding), order, CampaignJson.Default.CampaignOrder);

    /// <summary>Asks for a stop: what is in flight ends and is committed. Idempotent.</summary>
    public void WantStop(int number) => run.Storage.PutIfAbsent(At(number, ".stop"), default);

    /// <summary>Records the end. The first record stands.</summary>
    public void End(int number, CampaignEnd end) => TryWrite(At(number, ".end.json"), end, CampaignJson.Default.CampaignEnd);

    private bool TryWrite<T>(string path, T value, JsonTypeInfo<T> type) =>
        run.Storage.PutIfAbsent(path, JsonSerializer.SerializeToUtf8Bytes(value, type));

    private T? Read<T>(string path, JsonTypeInfo<T> type)
        where T : class
    {
        if (!run.Storage.Exists(path))
            return null;
        try
        {
            using var stream = run.Storage.OpenRead(path);
            return JsonSerializer.Deserialize(stream, type);
        }
        catch (JsonException e)
        {
            throw new RunException($"{path} is damaged: {e.Message}");
        }
    }

    private IEnumerable<int> Numbers() =>
        run
            .Storage.List(Folder)
            .Where(n => n.Length == 4 + OrderEnding.Length && n.EndsWith(OrderEnding, StringComparison.Ordinal))
            .Select(n => n[..4])
            .Where(n => n.All(char.IsAsciiDigit))
            .Select(n => int.Parse(n, CultureInfo.InvariantCulture));

    private string At(int number, string ending) => Path.Combine(Folder, number.ToString("0000", CultureInfo.InvariantCulture) + ending);
}
