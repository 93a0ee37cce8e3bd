using System.Text;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Runs.Rows;
using ConvoSynth.Runs.Tests.Rows;

namespace ConvoSynth.Interop.Tests;

/// <summary>Shards on disk, with ordinary rows and with the oddest allowed.</summary>
internal static class TestShards
{
    public static ShardRow[] Rows { get; } =
    [
        .. Enumerable
            .Range(0, 150)
            .Select(i =>
                SyntheticRows.Make(
                    i,
                    status: (i % 4) switch
                    {
                        0 => RowStatus.Rejected,
                        1 => RowStatus.Undecided,
                        _ => RowStatus.Accepted,
                    }
                )
            ),
        .. Odd(),
    ];

    public static string Write(string folder, ShardCompression compression, IEnumerable<ShardRow> rows)
    {
        var path = Path.Combine(folder, $"{compression}.parquet");
        using var stream = File.Create(path);
        using var writer = new ParquetShards(new() { Compression = compression, RowGroupBytes = 500_000 }).Begin(stream);
        foreach (var row in rows)
            writer.Append(row);
        writer.Finish();
        return path;
    }

    // Each text and each document occurs once in every kind of column.
    private static IEnumerable<ShardRow> Odd()
    {
        yield return new ShardRow
        {
            Id = "least",
            Index = long.MinValue,
            Attempt = int.MinValue,
            Status = RowStatus.Failed,
        };
        yield return new ShardRow
        {
            Id = "most",
            Index = long.MaxValue,
            Attempt = int.MaxValue,
            Status = RowStatus.Failed,
        };
        foreach (var text in OddRows.Texts)
            yield return new ShardRow
            {
                Id = "text",
                Status = RowStatus.Rejected,
                Domain = text,
                Intent = text,
                Seed = text,
                Accept = text,
                RejectReasons = [text, "", text],
                UndecidedReasons = ["", text],
                Passes = [text],
            };
        // DuckDB also refuses half of a surrogate pair in a JSON escape.
        foreach (var document in OddRows.Documents.Where(document => document != "\"\\ud83d\"").Select(Encoding.UTF8.GetBytes))
            yield return new ShardRow
            {
                Id = "document",
                Status = RowStatus.Accepted,
                Tools = document,
                Usage = document,
                Messages = [document, document],
                MessageMeta = ["{}"u8.ToArray(), document],
                Verdicts = [document],
            };
    }
}
