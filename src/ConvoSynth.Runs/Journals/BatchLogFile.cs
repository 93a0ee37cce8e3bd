using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using ConvoSynth.Models.Batches;
using ConvoSynth.Models.Journal;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Storage;

namespace ConvoSynth.Runs.Journals;

/// <summary>A batch log in a run folder: JSON lines, each durable before it counts.</summary>
/// <param name="isShared">Whether other processes may write it meanwhile.</param>
public sealed class BatchLogFile(RunFolder run, string endpoint, bool isShared) : IBatchLog
{
    private readonly string _path = Path.Combine(run.Batches, $"{endpoint}.jsonl");
    private LogPosition _end;
    private int _known;
    private bool _hasFolder;

    public bool IsShared => isShared;

    public ValueTask<ImmutableArray<BatchEntry>> Read()
    {
        try
        {
            using var log = run.Storage.OpenLog(_path);
            var bytes = log.ReadAll();
            var sound = bytes.AsSpan().LastIndexOf((byte)'\n') + 1;
            var entries = Lines(bytes.AsMemory(0, sound)).Select(Entry).ToImmutableArray();
            (_end, _known) = (log.EndAfter(sound, bytes, _path), entries.Length);
            return new(entries);
        }
        catch (ShardException e)
        {
            throw new JournalException(JournalError.Storage, e.Message, e);
        }
    }

    public async ValueTask<bool> Append(int known, BatchEntry entry)
    {
        if (known != _known)
            return false;
        try
        {
            if (!_hasFolder)
                run.Storage.CreateFolder(run.Batches);
            _hasFolder = true;
            byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(entry, BatchLogJson.Default.BatchEntry), (byte)'\n'];
            if (await run.Storage.AppendAsync(_path, _end, line) is not { } end)
                return false;
            (_end, _known) = (end, known + 1);
            return true;
        }
        catch (ShardException e) when (isShared && e.Fault == ShardError.Busy)
        {
            return false;
        }
        catch (ShardException e)
        {
            throw new JournalException(JournalError.Storage, e.Message, e);
        }
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Lines(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var end = bytes.Span.IndexOf((byte)'\n');
            yield return bytes[..end];
            bytes = bytes[(end + 1)..];
        }
    }

    private BatchEntry Entry(ReadOnlyMemory<byte> line)
    {
        try
        {
            if (JsonSerializer.Deserialize(line.Span, BatchLogJson.Default.BatchEntry) is { File.Length: > 0 } entry)
                return entry with { Requests = entry.Requests.IsDefault ? [] : entry.Requests };
        }
        catch (JsonException)
        {
            // Said below.
        }

        throw new ShardException(ShardError.Corrupt, $"'{_path}' has a line that is no entry of a log of batches: restore it.");
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault
)]
[JsonSerializable(typeof(BatchEntry))]
internal sealed partial class BatchLogJson : JsonSerializerContext;
