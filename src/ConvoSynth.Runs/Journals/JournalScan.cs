using System.Buffers.Binary;
using System.Text.Json;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Storage;

namespace ConvoSynth.Runs.Journals;

/// <summary>Reads a segment from end to end.</summary>
internal static class JournalScan
{
    /// <summary>
    /// Receives each record: its bytes, its position, and whether it belongs to the last batch, which may not be durable.
    /// </summary>
    public delegate void Record(ReadOnlySpan<byte> bytes, long place, bool inLastBatch);

    /// <exception cref="ShardException"><see cref="ShardError.Corrupt"/>: the segment is damaged, or belongs to another run or
    /// partition.</exception>
    public static void Read(RunFolder run, string? runId, int partition, int segment, Record record)
    {
        var path = run.JournalSegment(partition, segment);
        using var log = run.Storage.OpenLog(path);
        var stream = log.Content;
        StorageError.At(
            path,
            () =>
            {
                var head = new byte[JournalFrame.HeadBytes];
                var payload = Array.Empty<byte>();
                var length = stream.Length;
                for (long at = 0; at < length; )
                {
                    var next = at + JournalFrame.HeadBytes;
                    if (
                        !Fill(stream, at, head, head.Length)
                        || !JournalFrame.TryReadHead(head, out var bytes)
                        || bytes > length - next
                        || !FillNew(stream, next, ref payload, bytes)
                        || !JournalFrame.IsSound(head, payload.AsSpan(0, bytes))
                    )
                    {
                        ReadBroken(stream, path, at, length, record);
                        return;
                    }

                    if (at == 0)
                        CheckHeader(payload.AsSpan(0, bytes), path, runId, partition, segment);
                    else
                        ReadRecords(payload.AsSpan(0, bytes), next, next + bytes == length, path, record);
                    at = next + bytes;
                }
            }
        );
    }

    /// <summary>The record at a position that a scan or an append reported.</summary>
    public static byte[] ReadOne(RunFolder run, int partition, int segment, long place)
    {
        var path = run.JournalSegment(partition, segment);
        using var log = run.Storage.OpenLog(path, place + JournalFrame.RecordHeadBytes);
        var stream = log.Content;
        return StorageError.At(
            path,
            () =>
            {
                var head = new byte[JournalFrame.RecordHeadBytes];
                if (
                    Fill(stream, place, head, head.Length)
                    && BinaryPrimitives.ReadUInt32LittleEndian(head) is <= JournalEntry.MaxBytes and var length
                )
                {
                    var record = new byte[head.Length + length];
                    if (Fill(stream, place, record, record.Length) && JournalFrame.Record(record, 0) is { } range)
                        return record[range];
                }

                throw Damaged(path, place);
            }
        );
    }

    // A sound frame after a broken one proves damage: it was begun only when the broken one was durable.
    private static void ReadBroken(Stream stream, string path, long at, long length, Record record)
    {
        var rest = new byte[length - at];
        if (!Fill(stream, at, rest, rest.Length) || JournalFrame.Find(rest) >= 0)
            throw Damaged(path, at);
        // A torn header has nothing after it.
        if (at > 0 && rest.Length > JournalFrame.HeadBytes)
            ReadRecords(rest.AsSpan(JournalFrame.HeadBytes), at + JournalFrame.HeadBytes, inLastBatch: true, path: null, record);
    }

    /// <param name="path">Null if the batch may be broken: then it ends with its last whole record.</param>
    private static void ReadRecords(ReadOnlySpan<byte> payload, long place, bool inLastBatch, string? path, Record record)
    {
        for (var at = 0; at < payload.Length; )
        {
            if (JournalFrame.Record(payload, at) is not { } range)
            {
                if (path is not null)
                    throw Damaged(path, place + at);
                return;
            }

            record(payload[range], place + at, inLastBatch);
            at = range.End.Value;
        }
    }

    private static void CheckHeader(ReadOnlySpan<byte> bytes, string path, string? runId, int partition, int segment)
    {
        JournalHeader? header;
        try
        {
            header = JsonSerializer.Deserialize(bytes, JournalJson.Default.JournalHeader);
        }
        catch (JsonException)
        {
            header = null;
        }

        if (header is null)
            throw Damaged(path, 0);
        if (header.Version > JournalHeader.Current)
            throw new ShardException(
                ShardError.Unsupported,
                $"'{path}' has journal version {header.Version}; this program reads versions up to {JournalHeader.Current}."
            );
        if ((runId is not null && header.RunId != runId) || header.Partition != partition || header.Segment != segment)
            throw new ShardException(
                ShardError.Corrupt,
                $"'{path}' is segment {header.Segment} of partition {header.Partition} of the run {header.RunId}: it does not belong here."
            );
    }

    private static bool FillNew(Stream stream, long at, ref byte[] buffer, int count)
    {
        if (buffer.Length < count)
            buffer = new byte[count];
        return Fill(stream, at, buffer, count);
    }

    private static bool Fill(Stream stream, long at, byte[] buffer, int count)
    {
        stream.Position = at;
        return stream.ReadAtLeast(buffer.AsSpan(0, count), count, throwOnEndOfStream: false) == count;
    }

    private static ShardException Damaged(string path, long at) =>
        new(
            ShardError.Corrupt,
            $"'{path}' is damaged at byte {at}: restore the file; answers of its partition that were paid for are in it."
        );
}
