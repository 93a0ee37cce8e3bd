using System.Numerics;

namespace ConvoSynth.Shards.Parquet;

/// <summary>The run-length / bit-packing hybrid of the format, for levels and dictionary indexes.</summary>
internal static class HybridEncoder
{
    private const int Group = 8;

    /// <summary>Bits that hold every value from 0 to <paramref name="max"/>.</summary>
    public static int Width(int max) => 32 - BitOperations.LeadingZeroCount((uint)max);

    /// <summary>
    /// Appends the runs, without a length before them. Runs of eight and more equal values become a run; what lies between is packed in
    /// groups of eight, and only the last group may hold padding.
    /// </summary>
    public static void Encode<T>(ReadOnlySpan<T> values, int width, ByteBuffer output)
        where T : unmanaged, IBinaryInteger<T>
    {
        var packedFrom = 0;
        var i = 0;
        while (i < values.Length)
        {
            var run = RunLength(values, i);
            if (run >= Group)
            {
                var fill = -(i - packedFrom) & (Group - 1);
                i += fill;
                run -= fill;
                if (run >= Group)
                {
                    Pack(values[packedFrom..i], width, output);
                    Repeat(values[i], run, width, output);
                    packedFrom = i + run;
                }
            }

            i += run;
        }

        Pack(values[packedFrom..], width, output);
    }

    private static int RunLength<T>(ReadOnlySpan<T> values, int start)
        where T : unmanaged, IBinaryInteger<T>
    {
        var rest = values[(start + 1)..];
        var other = rest.IndexOfAnyExcept(values[start]);
        return 1 + (other < 0 ? rest.Length : other);
    }

    private static void Repeat<T>(T value, int count, int width, ByteBuffer output)
        where T : unmanaged, IBinaryInteger<T>
    {
        output.AppendVarint((ulong)count << 1);
        var bits = uint.CreateTruncating(value);
        for (var written = 0; written < width; written += 8)
            output.Append((byte)(bits >> written));
    }

    private static void Pack<T>(ReadOnlySpan<T> values, int width, ByteBuffer output)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (values.Length == 0)
            return;
        var groups = (values.Length + Group - 1) / Group;
        output.AppendVarint(((ulong)groups << 1) | 1);
        var size = groups * width;
        var room = output.Room(size)[..size];
        var position = 0;
        ulong held = 0;
        var bits = 0;
        foreach (var value in values)
        {
            held |= (ulong)uint.CreateTruncating(value) << bits;
            for (bits += width; bits >= 8; bits -= 8)
            {
                room[position++] = (byte)held;
                held >>= 8;
            }
        }

        if (bits > 0)
            room[position++] = (byte)held;
        room[position..].Clear();
        output.Advance(size);
    }
}
