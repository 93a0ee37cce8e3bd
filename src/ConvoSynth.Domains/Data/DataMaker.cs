using ConvoSynth.Core;

namespace ConvoSynth.Domains;

/// <summary>
/// Given to a pack's <c>Data.cs</c> to make its database: a public static class with <c>public static void Make(DataMaker make)</c>.
/// All randomness comes from <see cref="Random"/>, so the same seed makes the same database.
/// </summary>
public sealed class DataMaker
{
    private readonly Dictionary<string, List<KeyValuePair<string, JsonMap>>> _tables;
    private readonly Func<string, IReadOnlyList<string>> _lines;

    internal DataMaker(IEnumerable<string> tables, Seed seed, DateTimeOffset now, Func<string, IReadOnlyList<string>> lines)
    {
        _tables = tables.ToDictionary(t => t, _ => new List<KeyValuePair<string, JsonMap>>(), StringComparer.Ordinal);
        _lines = lines;
        Random = seed.Random();
        Now = now;
    }

    public SeededRandom Random { get; }

    /// <summary>The domain's clock.</summary>
    public DateTimeOffset Now { get; }

    /// <summary>The lines of a text file of the pack, without blank lines.</summary>
    public IReadOnlyList<string> Lines(string file) => _lines(file);

    /// <summary>Adds a row to a table that <c>domain.yaml</c> names.</summary>
    public void Add(string table, string key, Json row)
    {
        if (!_tables.TryGetValue(table, out var rows))
            throw new ToolError($"domain.yaml has no table {table}");
        rows.Add(KeyValuePair.Create(key, row as JsonMap ?? throw new ToolError($"the row {table}/{key} is no object")));
    }

    internal Database Finish() => new(_tables.Select(t => new BaseTable(t.Key, t.Value)));
}
