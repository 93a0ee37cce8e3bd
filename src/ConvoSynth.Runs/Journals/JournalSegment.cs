using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Storage;

namespace ConvoSynth.Runs.Journals;

/// <summary>The first frame of a segment.</summary>
/// <param name="Epoch">The epoch of the owner that began the segment.</param>
internal sealed record JournalHeader(int Version, string RunId, int Partition, int Segment, long Epoch)
{
    public const int Current = 1;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(JournalHeader))]
internal sealed partial class JournalJson : JsonSerializerContext;

/// <summary>A segment that is being written: a log that only the owner that began it ever appends to.</summary>
internal sealed class JournalSegment
{
    private const int MaxTries = 100;

    private readonly IRunStorage _storage;
    private readonly string _path;
    private LogPosition _end;

    private JournalSegment(IRunStorage storage, string path, int number) => (_storage, _path, Number) = (storage, path, number);

    public int Number { get; }

    /// <summary>The number of appended batches.</summary>
    public int Batches { get; private set; }

    /// <summary>The end of the last batch, in bytes.</summary>
    public long Bytes { get; private set; }

    /// <summary>Begins the next segment of a partition. On completion its header is durable.</summary>
    public static async Task<JournalSegment> Begin(RunFolder run, string runId, int partition, long epoch)
    {
        run.Storage.CreateFolder(run.Path);
        run.Storage.CreateFolder(run.Journal);
        for (var tries = 1; ; tries++)
        {
            var number = JournalSegmentFiles.Last(run, partition) + 1;
            var segment = new JournalSegment(run.Storage, run.JournalSegment(partition, number), number);
            var header = Frame(
                JsonSerializer.SerializeToUtf8Bytes(
                    new(JournalHeader.Current, runId, partition, number, epoch),
                    JournalJson.Default.JournalHeader
                )
            );
            if (await run.Storage.AppendAsync(segment._path, LogPosition.Start, header) is { } end)
            {
                (segment._end, segment.Bytes) = (end, header.Length);
                return segment;
            }

            // Another owner began this segment at the same moment, or an earlier try of ours did; so ours must be later.
            if (tries == MaxTries)
                throw new ShardException(ShardError.Storage, $"'{segment._path}' is there already, and so were {tries - 1} before it.");
        }
    }

    /// <summary>Appends a batch; it is durable when the task completes.</summary>
    /// <returns>The position of each record.</returns>
    public async Task<long[]> Append(IReadOnlyList<byte[]> records)
    {
        var places = new long[records.Count];
        var payload = new ArrayBufferWriter<byte>(1 + records.Sum(r => r.Length + JournalFrame.RecordHeadBytes));
        for (var i = 0; i < records.Count; i++)
        {
            places[i] = Bytes + JournalFrame.HeadBytes + payload.WrittenCount;
            JournalFrame.WriteRecord(payload, records[i]);
        }

        var frame = Frame(payload.WrittenSpan);
        _end = await _storage.AppendAsync(_path, _end, frame) ?? EndOfEarlierTry(frame);
        Bytes += frame.Length;
        Batches++;
        return places;
    }

    // An append whose answer was lost is found when it is tried again.
    private LogPosition EndOfEarlierTry(byte[] frame)
    {
        using var log = _storage.OpenLog(_path);
        return StorageError.At(
            _path,
            () =>
            {
                var last = new byte[frame.Length];
                if (log.Content.Length == Bytes + frame.Length)
                {
                    log.Content.Position = Bytes;
                    log.Content.ReadExactly(last);
                    if (last.AsSpan().SequenceEqual(frame))
                        return log.End;
                }

                throw new ShardException(ShardError.Corrupt, $"'{_path}' was written to by another than the owner that began it.");
            }
        );
    }

    private static byte[] Frame(ReadOnlySpan<byte> payload)
    {
        var frame = new byte[JournalFrame.HeadBytes + payload.Length];
        JournalFrame.WriteHead(frame, payload);
        payload.CopyTo(frame.AsSpan(JournalFrame.HeadBytes));
        return frame;
    }
}

/// <summary>The segments of a partition, by number.</summary>
internal static class JournalSegmentFiles
{
    /// <summary>All segment numbers in ascending order.</summary>
    public static int[] Of(RunFolder run, int partition) =>
        [.. run.Storage.ListLogs(run.Journal).Select(name => RunFolder.JournalSegment(partition, name)).OfType<int>().Order()];

    /// <summary>The last segment's number; 0 if there is none.</summary>
    public static int Last(RunFolder run, int partition) => Of(run, partition) is [.., var last] ? last : 0;
}
