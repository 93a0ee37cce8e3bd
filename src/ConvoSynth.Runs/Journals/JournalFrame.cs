using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;

namespace ConvoSynth.Runs.Journals;

/// <summary>
/// The byte format of a segment: a sequence of frames. A frame is a mark, the payload's length, its CRC-32 as in gzip (32 bits each,
/// little endian), and the payload. The first frame's payload is the segment's header, a JSON document. Every other payload is a batch
/// that became durable at once: records, each of length, CRC and bytes. A batch begins only when the previous one is durable, so a
/// crash can only break the last frame; a broken frame followed by a sound one is damage. The records' own CRCs allow whole records of
/// a broken last batch to be kept, and single records to be read.
/// </summary>
internal static class JournalFrame
{
    public const int HeadBytes = 12;

    public const int RecordHeadBytes = 8;

    /// <summary>
    /// Upper bound of a batch's size: a batch is closed at half of this, and a record is always smaller than the other half.
    /// </summary>
    public const int MaxPayloadBytes = 64 << 20;

    // The byte FF never occurs in UTF-8 text.
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

    /// <summary>The payload's length, if a frame's head can begin here.</summary>
    public static bool TryReadHead(ReadOnlySpan<byte> head, out int length)
    {
        length = 0;
        if (head.Length < HeadBytes || !head.StartsWith(Mark))
            return false;
        var stated = BinaryPrimitives.ReadUInt32LittleEndian(head[4..]);
        length = stated <= MaxPayloadBytes ? (int)stated : 0;
        return stated <= MaxPayloadBytes;
    }

    public static bool IsSound(ReadOnlySpan<byte> head, ReadOnlySpan<byte> payload) =>
        BinaryPrimitives.ReadUInt32LittleEndian(head[8..]) == Crc32.HashToUInt32(payload);

    /// <summary>The position of the first whole frame with a correct CRC in these bytes; -1 if there is none.</summary>
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

    /// <summary>The record that begins here; null if there is none or it is broken.</summary>
    public static Range? Record(ReadOnlySpan<byte> payload, int at)
    {
        if (payload.Length - at < RecordHeadBytes)
            return null;
        var length = BinaryPrimitives.ReadUInt32LittleEndian(payload[at..]);
        if (length > payload.Length - at - RecordHeadBytes)
            return null;
        var record = payload.Slice(at + RecordHeadBytes, (int)length);
        // A record without a key is invalid whatever its CRC: zeros have a correct one.
        return BinaryPrimitives.ReadUInt32LittleEndian(payload[(at + 4)..]) == Crc32.HashToUInt32(record) && record.Count((byte)'\n') >= 2
            ? (at + RecordHeadBytes)..(at + RecordHeadBytes + (int)length)
            : null;
    }
}
