using ConvoSynth.Core;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains;

/// <summary>
/// Given to a pack's <c>Data.cs</c> to make its database: a public static class with <c>public static void Make(DataMaker make)</c>.
/// All randomness comes from <see cref="Random"/>, so the same seed makes the same database.
/// </summary>
public sealed class DataMaker
{
    private readonly Dictionary<string, List<KeyValuePair<string, JsonMap>>> _tables;
    private readonly Func<string, IReadOnlyList<string>> _lines;

    private readonly Func<string, Phrases> _phrases;

    internal DataMaker(
        IEnumerable<string> tables,
        Seed seed,
        DateTimeOffset now,
        Func<string, IReadOnlyList<string>> lines,
        Func<string, Phrases> phrases
    )
    {
        _tables = tables.ToDictionary(t => t, _ => new List<KeyValuePair<string, JsonMap>>(), StringComparer.Ordinal);
        _lines = lines;
        _phrases = phrases;
        Random = seed.Random();
        Now = now;
    }

    public SeededRandom Random { get; }

    /// <summary>The domain's clock.</summary>
    public DateTimeOffset Now { get; }

    /// <summary>Whether the database is a world of a run of many; false for the pack's own database.</summary>
    public bool IsWorld { get; init; }

    /// <summary>The policy's parameters in this database.</summary>
    public PackParameters Parameters { get; init; } = PackParameters.None;

    /// <summary>A surname of the engine's; worlds have thousands.</summary>
    public string Surname() => Words.Surname(Random);

    public string FirstName() => Words.FirstName(Random);

    /// <summary>A street without a number.</summary>
    public string Street() => Words.Street(Random);

    public string City() => Words.City(Random);

    /// <summary>A text composed by the rules of a YAML file of the pack: key → texts, in which <c>{key}</c> stands for one.</summary>
    public string Phrase(string file, string key) => _phrases(file).Draw(key, Random);

    private Vocabulary Words => IsWorld ? Vocabulary.OfWorlds : Vocabulary.Own;

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
