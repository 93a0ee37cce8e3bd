using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;

namespace ConvoSynth.Shards.Journals;

/// <summary>
/// How bytes stand in a segment. A segment is a sequence of frames: a mark, the payload's length, its CRC-32 as of gzip (32 bits each,
/// little endian), the payload. The first frame's payload is the segment's header, a JSON document; every other one is a batch that became durable at once: records, each
/// of length, CRC and bytes. No batch is begun before the one before it is durable, so what a crash leaves is a broken last frame; a broken frame
/// that a sound one follows is damage. The records' own CRCs let whole records of a broken last batch be kept, and one record be read alone.
/// </summary>
internal static class JournalFrame
{
    public const int HeadBytes = 12;

    public const int RecordHeadBytes = 8;

    /// <summary>More than a batch can have: it is closed at half of this, and no record is as large as the other half.</summary>
    public const int MostPayloadBytes = 64 << 20;

    // No UTF-8 text has the byte FF.
    private static ReadOnlySpan<byte> Mark => [0xFF, (byte)'C', (byte)'S', (byte)'J'];

    public static void WriteHead(Span<byte> head, ReadOnlySpan<byte> payload)
    {
        Mark.CopyTo(head);
        BinaryPrimitives.WriteUInt32LittleEndian(head[4..], (uint)payload.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(head[8..], Crc32.HashToUInt32(payload));
    }

    public static void WriteRecord(ArrayBufferWriter<byte> payload, ReadOnlySpan<byte> record)
    {
        var span = payload.GetSpan(RecordHeadBytes + record.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(span, (uint)record.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(span[4..], Crc32.HashToUInt32(record));
        record.CopyTo(span[RecordHeadBytes..]);
        payload.Advance(RecordHeadBytes + record.Length);
    }

    /// <summary>The payload's length if a frame's head may begin here.</summary>
    public static bool TryReadHead(ReadOnlySpan<byte> head, out int length)
    {
        length = 0;
        if (head.Length < HeadBytes || !head.StartsWith(Mark))
            return false;
        var stated = BinaryPrimitives.ReadUInt32LittleEndian(head[4..]);
        length = stated <= MostPayloadBytes ? (int)stated : 0;
        return stated <= MostPayloadBytes;
    }

    public static bool IsSound(ReadOnlySpan<byte> head, ReadOnlySpan<byte> payload) =>
        BinaryPrimitives.ReadUInt32LittleEndian(head[8..]) == Crc32.HashToUInt32(payload);

    /// <summary>Where in these bytes a whole frame with the right CRC is; -1 for nowhere.</summary>
    public static int Find(ReadOnlySpan<byte> bytes)
    {
        for (var at = 0; bytes[at..].IndexOf(Mark) is >= 0 and var next; at++)
        {
            at += next;
            if (
                TryReadHead(bytes[at..], out var length)
                && at + HeadBytes + length <= bytes.Length
                && IsSound(bytes[at..], bytes.Slice(at + HeadBytes, length))
            )
                return at;
        }

        return -1;
    }

    /// <summary>The record that begins here; null where none does, or a broken one.</summary>
    public static Range? Record(ReadOnlySpan<byte> payload, int at)
    {
        if (payload.Length - at < RecordHeadBytes)
            return null;
        var length = BinaryPrimitives.ReadUInt32LittleEndian(payload[at..]);
        if (length > payload.Length - at - RecordHeadBytes)
            return null;
        var record = payload.Slice(at + RecordHeadBytes, (int)length);
        // What has no key is no record, whatever its CRC: zeros have a right one.
        return BinaryPrimitives.ReadUInt32LittleEndian(payload[(at + 4)..]) == Crc32.HashToUInt32(record) && record.Count((byte)'\n') >= 2
            ? (at + RecordHeadBytes)..(at + RecordHeadBytes + (int)length)
            : null;
    }
}
