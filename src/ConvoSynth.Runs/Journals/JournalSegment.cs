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

/// <summary>A segment that is being written. Only the owner that began it ever writes to it.</summary>
internal sealed class JournalSegment : IDisposable
{
    private const int MaxTries = 100;

    private readonly IShardStorage _storage;
    private readonly Stream _stream;
    private readonly string _path;

    private JournalSegment(IShardStorage storage, Stream stream, string path, int number) =>
        (_storage, _stream, _path, Number) = (storage, stream, path, number);

    public int Number { get; }

    /// <summary>The end of the last batch.</summary>
    public long Bytes { get; private set; }

    /// <summary>
    /// Begins the next segment of a partition. On return its name is durable; its header becomes durable with the first batch.
    /// </summary>
    public static JournalSegment Begin(RunFolder run, string runId, int partition, long epoch)
    {
        run.Storage.CreateFolder(run.Path);
        run.Storage.CreateFolder(run.Journal);
        for (var tries = 1; ; tries++)
        {
            var number = JournalSegmentFiles.Last(run, partition) + 1;
            var path = run.JournalSegment(partition, number);
            Stream stream;
            try
            {
                stream = run.Storage.CreateNew(path);
            }
            catch (ShardException e) when (e.Fault == ShardError.Busy && tries < MaxTries)
            {
                continue; // Another owner began this segment at the same moment, so ours must be later.
            }

            var segment = new JournalSegment(run.Storage, stream, path, number);
            try
            {
                run.Storage.SyncFolder(run.Journal);
                segment.Write(
                    JsonSerializer.SerializeToUtf8Bytes(
                        new(JournalHeader.Current, runId, partition, number, epoch),
                        JournalJson.Default.JournalHeader
                    )
                );
                return segment;
            }
            catch
            {
                segment.Dispose();
                throw;
            }
        }
    }

    /// <summary>Appends a batch; it is durable when the task completes.</summary>
    /// <returns>The position of each record.</returns>
    public async Task<long[]> Append(IReadOnlyList<byte[]> records)
    {
        var places = new long[records.Count];
        Write(records, places);
        await _storage.SyncAsync(_stream);
        return places;
    }

    public void Dispose()
    {
        try
        {
            _stream.Dispose();
        }
        catch (Exception e) when (StorageError.Is(e))
        {
            // A full disk fails the last flush. Its bytes were never reported as durable.
        }
    }

    private void Write(IReadOnlyList<byte[]> records, long[] places)
    {
        var payload = new ArrayBufferWriter<byte>(1 + records.Sum(r => r.Length + JournalFrame.RecordHeadBytes));
        for (var i = 0; i < records.Count; i++)
        {
            places[i] = Bytes + JournalFrame.HeadBytes + payload.WrittenCount;
            JournalFrame.WriteRecord(payload, records[i]);
        }

        Write(payload.WrittenSpan);
    }

    private void Write(ReadOnlySpan<byte> payload)
    {
        Span<byte> head = stackalloc byte[JournalFrame.HeadBytes];
        JournalFrame.WriteHead(head, payload);
        try
        {
            _stream.Write(head);
            _stream.Write(payload);
        }
        catch (Exception e) when (StorageError.Is(e))
        {
            throw StorageError.In(_path, e);
        }

        Bytes += JournalFrame.HeadBytes + payload.Length;
    }
}

/// <summary>The segments of a partition, by number.</summary>
internal static class JournalSegmentFiles
{
    /// <summary>All segment numbers in ascending order.</summary>
    public static int[] Of(RunFolder run, int partition) =>
        [.. run.Storage.List(run.Journal).Select(name => RunFolder.JournalSegment(partition, name)).OfType<int>().Order()];

    /// <summary>The last segment's number; 0 if there is none.</summary>
    public static int Last(RunFolder run, int partition) => Of(run, partition) is [.., var last] ? last : 0;
}
