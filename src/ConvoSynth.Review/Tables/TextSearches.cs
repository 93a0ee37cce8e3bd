using System.Text.Encodings.Web;
using System.Text.Json;
using DuckDB.NET.Data;

namespace ConvoSynth.Review.Tables;

/// <summary>The files of a shard that a search looks through.</summary>
internal sealed record SearchedShard(string Path, string Rows, string Facts);

/// <param name="Number">Of the search in the table <c>text_hits</c>.</param>
/// <param name="Done">How many of the shards were searched, from 0 to 1.</param>
internal sealed record TextHits(int Number, double Done);

/// <summary>
/// Searches through instructions, messages and evidence, shard by shard. A request goes on with a search for a moment and then shows what
/// there is; hits are kept, so that a walk through a view searches once.
/// </summary>
internal sealed class TextSearches(TimeProvider time, Func<DuckDBConnection> open)
{
    private const int Kept = 16;
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(500);

    private readonly Lock _turn = new();
    private readonly List<Search> _searches = [];
    private int _numbers;

    /// <summary>The hits so far. Searches on, unless all shards were searched.</summary>
    public TextHits Of(string text, IReadOnlyList<SearchedShard> shards)
    {
        lock (_turn)
        {
            using var duck = open();
            var search = _searches.FirstOrDefault(s => s.Text == text) ?? Begin(duck, text);
            var begun = time.GetTimestamp();
            foreach (var shard in shards.Where(shard => !search.Searched.Contains(shard.Path)))
            {
                Run(duck, search, shard);
                search.Searched.Add(shard.Path);
                if (time.GetElapsedTime(begun) >= Moment)
                    break;
            }

            return new(search.Number, (double)search.Searched.Count / shards.Count);
        }
    }

    private Search Begin(DuckDBConnection duck, string text)
    {
        Execute(duck, "CREATE TABLE IF NOT EXISTS text_hits (search INTEGER, id VARCHAR)");
        if (_searches.Count == Kept)
        {
            Execute(duck, $"DELETE FROM text_hits WHERE search = {_searches[0].Number}");
            _searches.RemoveAt(0);
        }

        var search = new Search(text, ++_numbers);
        _searches.Add(search);
        return search;
    }

    // Messages are JSON: a quotation mark or a line break in the text is escaped there.
    private static void Run(DuckDBConnection duck, Search search, SearchedShard shard)
    {
        var plain = search.Text.ToLowerInvariant();
        Execute(
            duck,
            $"""
            INSERT INTO text_hits SELECT DISTINCT {search.Number}, id FROM (
              SELECT id FROM read_parquet({Sql.Text(shard.Rows)}) WHERE contains(lower(instruction), $1)
              UNION ALL SELECT id FROM read_parquet({Sql.Text(shard.Facts)}) WHERE contains(lower(evidence), $1)
              UNION ALL SELECT id FROM read_parquet({Sql.Text(
                shard.Path
            )}) WHERE list_bool_or(list_transform(messages, m -> contains(lower(m), $2))))
            """,
            plain,
            JsonEncodedText.Encode(plain, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString()
        );
    }

    private static void Execute(DuckDBConnection duck, string sql, params string[] values)
    {
        using var command = duck.CreateCommand();
        command.CommandText = sql;
        foreach (var value in values)
            command.Parameters.Add(new DuckDBParameter(value));
        command.ExecuteNonQuery();
    }

    private sealed record Search(string Text, int Number)
    {
        public HashSet<string> Searched { get; } = new(StringComparer.Ordinal);
    }
}
