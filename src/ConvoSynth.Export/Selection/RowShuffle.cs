using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using ConvoSynth.Export.Files;
using ConvoSynth.Runs.Rows;

namespace ConvoSynth.Export.Selection;

/// <summary>
/// Puts rows into an order drawn from a seed, with one part of them in memory at a time. Each row goes to a temporary file by its place;
/// the files are then read in turn, each sorted. The order depends on the seed and the rows' ids alone.
/// </summary>
internal sealed class RowShuffle(OutputFolder output, long seed)
{
    // Of a million rows of 17 KB, a part is 270 MB.
    private const int Parts = 64;

    // While rows are distributed, each part holds one row group.
    private static readonly ParquetShards Format = new(new() { RowGroupBytes = 128 << 10 });

    public IEnumerable<ShardRow> Of(IEnumerable<ShardRow> rows)
    {
        var paths = Distribute(rows);
        foreach (var path in paths)
        {
            var part = new List<(ulong Place, ShardRow Row)>();
            using (var file = ShardFile.Open(File.OpenRead(path), path))
            {
                foreach (var row in file.Read())
                    part.Add((PlaceOf(row), row));
            }

            File.Delete(path);
            foreach (var (_, row) in part.OrderBy(r => r.Place).ThenBy(r => r.Row.Id, StringComparer.Ordinal))
                yield return row;
        }
    }

    private List<string> Distribute(IEnumerable<ShardRow> rows)
    {
        var writers = new SortedDictionary<int, (FileStream File, IShardWriter Shard)>();
        try
        {
            foreach (var row in rows)
            {
                var part = (int)(PlaceOf(row) / (ulong.MaxValue / Parts + 1));
                if (!writers.TryGetValue(part, out var writer))
                {
                    var file = output.Create($"shuffle-{part}.tmp");
                    writers[part] = writer = (file, Format.Begin(file));
                }

                writer.Shard.Append(row);
            }

            foreach (var (_, shard) in writers.Values)
                shard.Finish();
            return [.. writers.Values.Select(writer => writer.File.Name)];
        }
        finally
        {
            foreach (var (file, shard) in writers.Values)
            {
                shard.Dispose();
                file.Dispose();
            }
        }
    }

    private ulong PlaceOf(ShardRow row)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}\n{row.Id}\n{row.RunId}"), hash);
        return BinaryPrimitives.ReadUInt64BigEndian(hash);
    }
}
