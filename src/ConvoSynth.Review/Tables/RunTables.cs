using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Rows;
using DuckDB.NET.Data;

namespace ConvoSynth.Review.Tables;

/// <summary>
/// A run's rows in tables of DuckDB, filled from the files that are derived from its committed shards. A run in progress is followed:
/// shards that were committed since are added when a page asks.
/// </summary>
public sealed class RunTables : IDisposable
{
    // A page asks several times, and a run of a million dialogues has hundreds of commit logs to look through.
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);

    private readonly RunFolder _run;
    private readonly TimeProvider _time;
    private readonly DerivedFiles _derived;
    private readonly Lock _refresh = new();
    private readonly DuckDBConnection _kept;
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private readonly TextSearches _searches;
    private readonly ShardStamps _stamps;
    private RunReader? _reader;
    private int _commits = -1;
    private long? _looked;

    /// <exception cref="ReviewException">A shard cannot be read.</exception>
    public RunTables(RunFolder run, TimeProvider time)
    {
        (_run, _time, _derived) = (run, time, new(run));
        _kept = new("DataSource=:memory:");
        _kept.Open();
        _searches = new(time, Open);
        _stamps = new(run);
        Refresh();
    }

    /// <summary>How many rows the run has committed, each attempt one.</summary>
    public long Rows { get; private set; }

    /// <summary>How many planned dialogues are among them.</summary>
    public long Dialogues { get; private set; }

    /// <summary>Takes up what was committed since the last time, unless that was just now.</summary>
    public void Refresh()
    {
        lock (_refresh)
        {
            if (_looked is { } at && _time.GetElapsedTime(at) < Fresh)
                return;
            var reader = new RunReader(_run);
            _looked = _time.GetTimestamp();
            if (reader.Manifest.Commits.Count == _commits)
                return;
            var shards = reader.Shards().ToArray();
            if (shards.Length == 0)
                throw new ReviewException($"{_run.Path} has no committed rows yet");
            var added = shards.Where(shard => !_taken.Contains(shard.Sha256)).ToArray();
            foreach (var shard in added)
            {
                _stamps.Take(shard);
                // Opening compares the shard with its commit.
                reader.Open(shard).Dispose();
                _derived.Make(_kept, shard);
            }

            Take(added);
            Rows = shards.Sum(shard => shard.Rows);
            Dialogues = Query("SELECT count(*) FROM row_lines WHERE status <> 'retried'", null, count => count.GetInt64(0))[0];
            (_reader, _commits) = (reader, reader.Manifest.Commits.Count);
        }
    }

    /// <summary>How far a search has come, from 0 to 1; a page that shows it continues it.</summary>
    public double Searched(string text) => Hits(text).Done;

    /// <summary>The rows of a view's page.</summary>
    /// <param name="decided">The ids that count as decided in the view.</param>
    public IReadOnlyList<RowLine> Page(RowView view, IReadOnlyCollection<string> decided)
    {
        var filter = Filter(view, decided);
        var limit = $"LIMIT {RowView.PageRows} OFFSET {(long)view.Page * RowView.PageRows}";
        return Query($"SELECT {Columns} FROM row_lines r {filter.Where} ORDER BY {Order(view)} {limit}", filter, Line);
    }

    /// <summary>How many rows a view has.</summary>
    public long Count(RowView view, IReadOnlyCollection<string> decided)
    {
        var filter = Filter(view, decided);
        return Query($"SELECT count(*) FROM row_lines r {filter.Where}", filter, reader => reader.GetInt64(0))[0];
    }

    /// <summary>The ids around a row in a view: the one before, and the next ones. The row itself may have left the view.</summary>
    /// <param name="decided">The ids that count as decided in the view.</param>
    public (string? Before, IReadOnlyList<string> After) Around(RowView view, string id, IReadOnlyCollection<string> decided, int most)
    {
        var filter = Filter(view, decided);
        var own = filter.Value(id);
        var found = Query(
            $"""
            WITH seen AS (
              SELECT r.id, row_number() OVER (ORDER BY {Order(view)}) AS place FROM row_lines r {filter.WhereOr($"r.id = {own}")})
            SELECT id, place - (SELECT place FROM seen WHERE id = {own}) AS distance FROM seen
            WHERE distance BETWEEN -1 AND {most} AND distance <> 0 ORDER BY 2
            """,
            filter,
            reader => (Id: reader.GetString(0), Distance: reader.GetInt64(1))
        );
        return (found.FirstOrDefault(r => r.Distance < 0).Id, [.. found.Where(r => r.Distance > 0).Select(r => r.Id)]);
    }

    /// <summary>The row with all its columns; null if the run has none of this id.</summary>
    /// <exception cref="ConvoSynth.Runs.ShardException">The shard is damaged.</exception>
    public ShardRow? Find(string id)
    {
        var filter = Filter(new(), []);
        var shards = Query($"SELECT shard FROM row_lines WHERE id = {filter.Value(id)}", filter, reader => reader.GetString(0));
        if (shards.Count == 0)
            return null;
        var found = _reader!.Shards().First(shard => shard.File == shards[0]);
        _stamps.RequireSame(found);
        using var file = _reader.Open(found);
        return file.Find(id);
    }

    /// <summary>Rows of the same family, for a look at twins.</summary>
    public IReadOnlyList<RowLine> Family(string family)
    {
        var filter = new RowFilterSql(new(), []);
        filter.And($"r.family_id = {filter.Value(family)}");
        return Query($"SELECT {Columns} FROM row_lines r {filter.Where} ORDER BY r.\"index\", r.attempt LIMIT 20", filter, Line);
    }

    public void Dispose() => _kept.Dispose();

    private const string Columns = """
        r.id, r."index", r.domain, r.intent, r.slice, r.status, r.reject_reasons, r.undecided_reasons, r.planted_fault,
          r.n_messages, r.n_tool_calls, r.cost
        """;

    private string Order(RowView view) =>
        view.Sort switch
        {
            "longest" => "r.n_messages DESC, r.\"index\", r.attempt",
            "costliest" => "r.cost DESC NULLS LAST, r.\"index\", r.attempt",
            "calls" => "r.n_tool_calls DESC, r.\"index\", r.attempt",
            "random" when view.Planted == "control" => ControlOrder(),
            "random" => "hash(r.id)",
            _ => "r.\"index\", r.attempt",
        };

    // As many with a fault as without on every stretch, and no reader can tell which comes next.
    private string ControlOrder()
    {
        long CountOf(RowView view) => Count(view, []);
        var (planted, clean) = (CountOf(new() { Planted = "any" }), CountOf(new() { Planted = "none", Status = "accepted" }));
        return $"hash(r.id) * CASE WHEN r.planted_fault IS NULL THEN {clean}.0 ELSE {planted}.0 END";
    }

    private static RowLine Line(DuckDBDataReader reader) =>
        new(
            reader.GetString(0),
            reader.GetInt64(1),
            reader.GetString(2),
            TextAt(reader, 3),
            TextAt(reader, 4),
            reader.GetString(5),
            [.. (List<string>)reader.GetValue(6), .. (List<string>)reader.GetValue(7)],
            TextAt(reader, 8),
            reader.GetInt32(9),
            reader.GetInt32(10),
            reader.IsDBNull(11) ? null : reader.GetDouble(11)
        );

    private static string? TextAt(DuckDBDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    private RowFilterSql Filter(RowView view, IReadOnlyCollection<string> decided)
    {
        Refresh();
        var filter = new RowFilterSql(view, decided);
        if (view.Text is { } text)
            filter.And($"r.id IN (SELECT id FROM text_hits WHERE search = {filter.Value(Hits(text).Number)})");
        return filter;
    }

    private TextHits Hits(string text) =>
        _searches.Of(
            text,
            [
                .. _reader!
                    .Shards()
                    .Select(shard => new SearchedShard(_run.Resolve(shard.File), _derived.RowsOf(shard), _derived.FactsOf(shard))),
            ]
        );

    // In tables, not in the files: a run has hundreds of them, and each question would open all.
    private void Take(CommittedShard[] added)
    {
        if (added.Length == 0)
            return;
        var (rows, facts) = (Sql.Texts(added.Select(_derived.RowsOf)), Sql.Texts(added.Select(_derived.FactsOf)));
        var begin = _taken.Count == 0 ? "CREATE TABLE {0} AS" : "INSERT INTO {0}";
        Execute(
            $"""
            BEGIN;
            {begin.Replace("{0}", "row_lines", StringComparison.Ordinal)} SELECT * EXCLUDE (instruction) FROM read_parquet({rows});
            {begin.Replace("{0}", "facts", StringComparison.Ordinal)} SELECT * FROM read_parquet({facts});
            COMMIT;
            """
        );
        _taken.UnionWith(added.Select(shard => shard.Sha256));
    }

    /// <summary>Asks DuckDB.</summary>
    internal List<T> Query<T>(string sql, RowFilterSql? filter, Func<DuckDBDataReader, T> read)
    {
        using var duck = Open();
        using var command = duck.CreateCommand();
        command.CommandText = sql;
        filter?.BindTo(command);
        using var reader = command.ExecuteReader();
        var found = new List<T>();
        while (reader.Read())
            found.Add(read(reader));
        return found;
    }

    private void Execute(string sql)
    {
        using var command = _kept.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    // A connection is for one thread; a copy sees the same views.
    private DuckDBConnection Open()
    {
        var duck = _kept.Duplicate();
        duck.Open();
        return duck;
    }
}
