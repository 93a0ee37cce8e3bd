using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace ConvoSynth.Shards.Parquet;

/// <summary>
/// Says after which rows a page ends. With content-defined boundaries the answer comes from a rolling hash over the column's last few values and
/// from the size of the page, so that a row that is put in or taken out moves the boundaries near it and leaves those behind as they were: the
/// pages there keep their bytes, and stores that keep a file by its chunks keep them once. It never looks at time, memory, or how a value is
/// encoded.
/// </summary>
/// <remarks>
/// The rolling hash is a gear hash: shift left by one, add a word of <see cref="Gear"/> for the next byte. A byte has left it after 64 more. It is
/// fed the levels of an entry where they vary, and then a number's own bytes, or eight bytes that stand for a text (<see cref="Digest"/>): pages
/// end with rows only, so a look at every byte of a text would buy nothing.
/// </remarks>
internal sealed class PageBoundary(ParquetWriterOptions options)
{
    /// <summary>The 256 words of the gear: the first outputs of SplitMix64 from the seed 0x436F6E766F53796E ("ConvoSyn" in ASCII).</summary>
    internal static readonly ulong[] Gear = MakeGear();

    private const ulong GoldenGamma = 0x9E3779B97F4A7C15;
    private readonly ContentRule _rule = new(options.LeastPageBytes, options.UsualPageBytes, options.PageBytes);

    // A row's own share of a page: with it, PageRows rows without a byte are a full page too.
    private readonly long _rowWeight = (options.PageBytes + options.PageRows - 1) / options.PageRows;
    private ulong _gear;
    private long _page;
    private long _row;

    public bool ByContent { get; } = options.ContentDefinedPages;

    /// <summary>The rolling hash, which stands for the last values of the column.</summary>
    public ulong Rolling => _gear;

    /// <summary>An entry's levels; call it only where they can differ from entry to entry.</summary>
    public void Levels(int repetition, int definition)
    {
        _gear = (_gear << 1) + Gear[(byte)((repetition << 4) ^ definition)];
        _row++;
    }

    /// <param name="bits">A number, or the digest of a text.</param>
    /// <param name="weight">Bytes that it takes in a page.</param>
    public void Value(ulong bits, int weight)
    {
        var gear = _gear;
        for (var i = 0; i < 8; i++, bits >>= 8)
            gear = (gear << 1) + Gear[(byte)bits];
        _gear = gear;
        _row += weight;
    }

    /// <summary>Ends a row; true if the page ends with it.</summary>
    public bool EndRow()
    {
        var row = _row + _rowWeight;
        _row = 0;
        _page += row;
        return _rule.Ends(_page, row, _gear);
    }

    /// <summary>Begins a page; <paramref name="carried"/> is what of it is there already.</summary>
    public void BeginPage(long carried = 0) => _page = carried;

    /// <summary>Forgets all values: what comes is the first page of a chunk.</summary>
    public void Reset()
    {
        _gear = 0;
        _page = _row = 0;
    }

    /// <summary>64 bits that stand for a text: its words and length, multiplied and folded. Not for keeping out an adversary.</summary>
    // Runs over every byte from the first row on, so it is not left to be compiled well only later.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static ulong Digest(ReadOnlySpan<byte> value)
    {
        var hash = (ulong)value.Length * GoldenGamma;
        for (; value.Length >= 8; value = value[8..])
            hash = ulong.RotateLeft((hash ^ BinaryPrimitives.ReadUInt64LittleEndian(value)) * GoldenGamma, 29);
        foreach (var rest in value)
            hash = ulong.RotateLeft((hash ^ rest) * GoldenGamma, 29);
        return ContentRule.SplitMix(hash);
    }

    private static ulong[] MakeGear()
    {
        var gear = new ulong[256];
        var state = 0x436F6E766F53796EUL;
        for (var i = 0; i < gear.Length; i++)
            gear[i] = ContentRule.SplitMix(state += GoldenGamma);
        return gear;
    }
}
