using ConvoSynth.Shards.Parquet;

namespace ConvoSynth.Shards.Tests.Parquet;

/// <summary>How much of a file is in another one page by page, byte for byte, as a store that keeps equal parts once would find it.</summary>
/// <param name="Pages">Data pages of the later file.</param>
/// <param name="PagesReused">Those of them that the earlier file has.</param>
/// <param name="Bytes">Bytes of all pages of the later file, dictionaries among them.</param>
/// <param name="BytesReused">Those of them in pages that the earlier file has.</param>
internal sealed record PageReuse(int Pages, int PagesReused, long Bytes, long BytesReused)
{
    public double Share => (double)BytesReused / Bytes;

    public override string ToString() => FormattableString.Invariant($"{Share:P1} of {Bytes} bytes, {PagesReused} of {Pages} pages");

    public static PageReuse Of(byte[] earlier, byte[] later)
    {
        var known = new HashSet<string>(AllPages(earlier).Select(page => Convert.ToBase64String(page.Span)), StringComparer.Ordinal);
        var (pages, reused, bytes, bytesReused) = (0, 0, 0L, 0L);
        foreach (var page in AllPages(later))
        {
            pages++;
            bytes += page.Length;
            if (!known.Contains(Convert.ToBase64String(page.Span)))
                continue;
            reused++;
            bytesReused += page.Length;
        }

        return new PageReuse(pages, reused, bytes, bytesReused);
    }

    /// <summary>All pages of a file, headers included.</summary>
    private static IEnumerable<ReadOnlyMemory<byte>> AllPages(byte[] bytes)
    {
        var metadata = PageIndexTests.Metadata(bytes);
        foreach (var chunk in metadata.Groups.SelectMany(group => group.Chunks))
        {
            var position = chunk.Start;
            var end = chunk.Start + chunk.CompressedBytes;
            while (position < end)
            {
                var reader = new CompactReader(bytes.AsSpan((int)position, (int)(end - position)));
                var size = PageHeader.Read(ref reader).CompressedBytes + reader.Position;
                yield return bytes.AsMemory((int)position, size);
                position += size;
            }
        }
    }
}
