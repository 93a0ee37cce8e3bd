using ConvoSynth.Core;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains;

/// <summary>Reads a database from a folder of <c>&lt;table&gt;.json</c> files, each an object of rows by key.</summary>
internal static class DataFolder
{
    /// <param name="own">Makes the pack's own database, which shows the fields that may be empty; null if it cannot be made.</param>
    public static Database? Read(string folder, DomainSpec domain, Func<Database?> own, List<PackDiagnostic> faults)
    {
        var tables = new List<BaseTable>();
        foreach (var name in Tables(domain))
        {
            var path = Path.Combine(folder, name + ".json");
            if (!File.Exists(path))
            {
                faults.Add(new(path, 0, "the file is missing"));
                continue;
            }

            var bytes = File.ReadAllBytes(path);
            Json value;
            try
            {
                value = Json.Parse(bytes);
            }
            catch (FormatException e)
            {
                faults.Add(new(path, 0, e.Message));
                continue;
            }

            if (value is not JsonMap map)
            {
                faults.Add(new(path, 0, "an object of rows by key is wanted"));
                continue;
            }

            foreach (var key in map.Keys.Where(k => map[k] is not JsonMap))
                faults.Add(new(path, 0, $"the row {key} is no object"));
            tables.Add(new(name, map.Keys.Where(k => map[k] is JsonMap).Select(k => KeyValuePair.Create(k, (JsonMap)map[k]))));
        }

        if (faults.Count > 0)
            return null;
        var database = new Database(tables);
        CheckKeys(domain, database, folder, faults);
        DataCheck.Run(domain, database, table => Path.Combine(folder, table + ".json"), faults);
        CheckEmpty(domain, database, own, folder, faults);
        return faults.Count == 0 ? database : null;
    }

    internal static IEnumerable<string> Tables(DomainSpec domain) =>
        domain.EntityOrder.Select(e => domain.Entity(e).Table).Distinct(StringComparer.Ordinal);

    // A database of another shape would fail much later, in an unrelated place. Its first missing key or owner is reported here.
    private static void CheckKeys(DomainSpec domain, Database database, string folder, List<PackDiagnostic> faults)
    {
        var who = domain.Entity(domain.Who).Table;
        if (database[who].Rows.Count == 0)
            faults.Add(new(Path.Combine(folder, who + ".json"), 0, $"there is no {domain.Who}, and so nobody to serve"));
        foreach (var entity in domain.EntityOrder.Select(domain.Entity).Where(e => e.Parent is null))
        {
            foreach (var row in database[entity.Table].Rows)
            {
                if (
                    entity.Owner is { } owner
                    && (row[owner].Text is not { } key || database[domain.Entity(domain.Who).Table].Find(key) is null)
                )
                {
                    faults.Add(
                        new(
                            Path.Combine(folder, entity.Table + ".json"),
                            0,
                            $"the row {row.Key} has the owner {row[owner]}, which is no {domain.Who}"
                        )
                    );
                    break;
                }
            }
        }
    }

    // If every row of the pack's own data has a field, tools read it without checking for null. So rows here must have it too.
    private static void CheckEmpty(DomainSpec domain, Database database, Func<Database?> own, string folder, List<PackDiagnostic> faults)
    {
        var empty = domain
            .EntityOrder.Select(domain.Entity)
            .Where(e => e.Parent is null)
            .SelectMany(e =>
                e.Fields.Values.Where(f => f.Path != e.Key && !f.Path.Contains("[]", StringComparison.Ordinal))
                    .Select(f => (e.Table, f.Path))
            )
            .Select(f => (f.Table, f.Path, Row: FirstWithout(database, f.Table, f.Path)))
            .Where(f => f.Row is not null)
            .ToArray();
        if (empty.Length == 0 || own() is not { } made)
            return;
        foreach (var (table, path, row) in empty.Where(f => FirstWithout(made, f.Table, f.Path) is null))
            faults.Add(
                new(
                    Path.Combine(folder, table + ".json"),
                    0,
                    $"the row {row!.Key} of {table}: {path} is missing or null, and in the pack's own data every row has it"
                )
            );
    }

    private static Row? FirstWithout(Database database, string table, string path) =>
        database[table].Rows.FirstOrDefault(r => FieldPath.Read(r.Values, path).IsNull);
}
