namespace ConvoSynth.Shards.Parquet;

/// <summary>Decompresses raw Snappy blocks, the codec that most other writers choose.</summary>
internal static class Snappy
{
    /// <summary>Decompresses into exactly <paramref name="output"/>.</summary>
    public static void Decompress(ReadOnlySpan<byte> input, Span<byte> output)
    {
        var position = 0;
        if (Length(input, ref position) != (ulong)output.Length)
            throw Bad();
        var written = 0;
        while (position < input.Length)
        {
            var tag = input[position++];
            if ((tag & 3) == 0)
            {
                var length = (tag >> 2) + 1;
                if (length > 60)
                    length = (int)Math.Min(int.MaxValue, Little(input, ref position, length - 60) + 1);
                if (length > input.Length - position || length > output.Length - written)
                    throw Bad();
                input.Slice(position, length).CopyTo(output[written..]);
                position += length;
                written += length;
                continue;
            }

            var (copied, offset) = (tag & 3) switch
            {
                1 => (((tag >> 2) & 7) + 4, ((tag >> 5) * 256L) + Little(input, ref position, 1)),
                2 => ((tag >> 2) + 1, Little(input, ref position, 2)),
                _ => ((tag >> 2) + 1, Little(input, ref position, 4)),
            };
            if (offset <= 0 || offset > written || copied > output.Length - written)
                throw Bad();
            // Source and target may overlap, which repeats what was just written: so byte by byte.
            for (var i = 0; i < copied; i++, written++)
                output[written] = output[written - (int)offset];
        }

        if (written != output.Length)
            throw Bad();
    }

    private static ulong Length(ReadOnlySpan<byte> input, ref int position)
    {
        ulong length = 0;
        for (var shift = 0; shift < 35; shift += 7)
        {
            if (position >= input.Length)
                throw Bad();
            var part = input[position++];
            length |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
                return length;
        }

        throw Bad();
    }

    private static long Little(ReadOnlySpan<byte> input, ref int position, int size)
    {
        if (size > input.Length - position)
            throw Bad();
        long value = 0;
        for (var i = 0; i < size; i++)
            value |= (long)input[position++] << (8 * i);
        return value;
    }

    private static DamageException Bad() => new("a page does not decompress (Snappy)");
}
