using DuckDB.NET.Data;

namespace ConvoSynth.Benchmarks.Shards;

/// <summary>DuckDB in memory, with one thread per processor.</summary>
internal sealed class Duck : IDisposable
{
    private readonly DuckDBConnection _connection = new("DataSource=:memory:");

    public Duck()
    {
        _connection.Open();
        // Otherwise it holds rows back until the groups before them are written.
        Run("SET preserve_insertion_order = false");
    }

    /// <summary>Rewrites a shard by COPY. Its cost includes reading, because DuckDB takes rows most efficiently from a file.</summary>
    public void Copy(string from, string to) =>
        Run($"COPY (SELECT * FROM read_parquet('{from}')) TO '{to}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE_BYTES '4MB')");

    public int Find(string path, string id)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = $"SELECT * FROM read_parquet('{path}') WHERE id = '{id}'";
        using var reader = command.ExecuteReader();
        var found = 0;
        while (reader.Read())
        {
            found++;
            for (var i = 0; i < reader.FieldCount; i++)
                _ = reader.GetValue(i);
        }

        return found == 1 ? found : throw new InvalidOperationException($"DuckDB finds {found} rows of the id {id}");
    }

    public void Dispose() => _connection.Dispose();

    private void Run(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
