namespace ConvoSynth.Shards.Parquet;

/// <summary>
/// Whether a page or a row group ends with a row: from <paramref name="least"/> bytes on by a throw that the content decides, whose chance is the
/// row's share of the bytes that are still expected, and at <paramref name="most"/> bytes in any case.
/// </summary>
internal sealed class ContentRule(long least, long usual, long most)
{
    private readonly double _chancePerByte = uint.MaxValue / (double)Math.Max(1, usual - least);

    /// <param name="size">Bytes of the page with the row.</param>
    /// <param name="row">Bytes of the row.</param>
    /// <param name="rolling">The rolling hash of the last values.</param>
    public bool Ends(long size, long row, ulong rolling) => size >= most || (size >= least && (uint)(SplitMix(rolling) >> 32) < row * _chancePerByte);

    /// <summary>The last step of SplitMix64.</summary>
    public static ulong SplitMix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
