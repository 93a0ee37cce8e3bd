using ConvoSynth.Shards.Parquet;

namespace ConvoSynth.Shards.Tests.Parquet;

/// <summary>The parts of a file that damage is aimed at.</summary>
public enum Region
{
    Anywhere,
    Footer,
    Tail,
    PageHeader,
    PageIndex,
    Dictionary,
    Data,
}

/// <summary>A damaged copy of a file: a function of the file and the seed.</summary>
internal static class Mutant
{
    private static readonly Region[] Regions = Enum.GetValues<Region>();

    /// <summary>Numbers that lengths and counts go wrong with, as Thrift writes them: zigzag, seven bits a byte.</summary>
    private static readonly long[] Lengths = [0, 1, -1, 2, 127, 128, 16383, 65536, int.MaxValue, int.MinValue, uint.MaxValue, long.MaxValue, long.MinValue];

    public static (byte[] Bytes, Region Region) Make(byte[] file, int seed)
    {
        var random = new Random(seed);
        var region = Regions[random.Next(Regions.Length)];
        var bytes = file.ToArray();
        for (var left = random.Next(1, 4); left > 0; left--)
        {
            var (start, length) = Pick(file, region, random);
            bytes = Change(bytes, Math.Min(start, bytes.Length - 1), Math.Max(1, Math.Min(length, bytes.Length - start)), random);
            if (bytes.Length != file.Length)
                break;
        }

        return (bytes, region);
    }

    private static byte[] Change(byte[] bytes, int start, int length, Random random)
    {
        var at = start + random.Next(length);
        switch (random.Next(24))
        {
            case 0:
                return bytes[..at];
            case 1:
                // A piece is missing, the end is there.
                return [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + random.Next(1, 64))..]];
            case 2:
                // A length of another size in place of a byte; what follows moves, and the footer's own length is put right.
                return Splice(bytes, at, Number(Lengths[random.Next(Lengths.Length)]));
            case 3 or 9 or 10:
                Number(Lengths[random.Next(Lengths.Length)]).AsSpan(0, 1).CopyTo(bytes.AsSpan(at));
                return bytes;
            case 4 or 11 or 12:
                var number = Number(Lengths[random.Next(Lengths.Length)]);
                number.AsSpan(0, Math.Min(number.Length, bytes.Length - at)).CopyTo(bytes.AsSpan(at));
                return bytes;
            case 5 or 13:
                bytes.AsSpan(at, Math.Min(random.Next(1, 12), bytes.Length - at)).Fill((byte)(random.Next(2) * 0xFF));
                return bytes;
            case 6 or 14:
                var from = random.Next(bytes.Length);
                bytes.AsSpan(from, Math.Min(random.Next(1, 40), bytes.Length - Math.Max(from, at))).ToArray().CopyTo(bytes, at);
                return bytes;
            case 7 or 15 or 16 or 17:
                bytes[at] = (byte)random.Next(256);
                return bytes;
            default:
                bytes[at] ^= (byte)(1 << random.Next(8));
                return bytes;
        }
    }

    private static byte[] Splice(byte[] bytes, int at, byte[] number)
    {
        byte[] spliced = [.. bytes[..at], .. number, .. bytes[(at + 1)..]];
        var footer = BitConverter.ToInt32(bytes, bytes.Length - 8);
        if (at >= bytes.Length - 8 - footer && at < bytes.Length - 8)
            BitConverter.TryWriteBytes(spliced.AsSpan(spliced.Length - 8), footer + number.Length - 1);
        return spliced;
    }

    private static byte[] Number(long value)
    {
        var buffer = new ByteBuffer();
        buffer.AppendVarint((ulong)((value << 1) ^ (value >> 63)));
        return buffer.Span.ToArray();
    }

    private static (int Start, int Length) Pick(byte[] file, Region region, Random random)
    {
        var footer = BitConverter.ToInt32(file, file.Length - 8);
        var end = file.Length - 8 - footer;
        if (region == Region.Footer)
            return (end, footer);
        if (region == Region.Tail)
            return (file.Length - 8, 8);
        var metadata = FooterReader.Read(file.AsSpan(end, footer), end);
        var chunks = metadata.Groups.SelectMany(group => group.Chunks).ToArray();
        if (chunks.Length == 0 || region == Region.Anywhere)
            return (0, file.Length);
        var chunk = chunks[random.Next(chunks.Length)];
        if (region == Region.PageIndex && chunk.OffsetIndexOffset is { } index)
            return chunk.ColumnIndexOffset is { } columns && random.Next(2) == 0 ? ((int)columns, chunk.ColumnIndexBytes) : ((int)index, chunk.OffsetIndexBytes);
        var position = (int)chunk.Start;
        if (region == Region.Data && chunk.DataOffset > chunk.Start)
            position = (int)chunk.DataOffset;
        var thrift = new CompactReader(file.AsSpan(position));
        var header = PageHeader.Read(ref thrift);
        return region == Region.PageHeader || header.CompressedBytes <= 0 ? (position, thrift.Position) : (position + thrift.Position, header.CompressedBytes);
    }
}
