using System.Collections.Immutable;
using System.Text;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.State;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Sampling;

namespace ConvoSynth.Domains.Slicing;

/// <summary>Rows that stand around the meant one, as changes to the base.</summary>
/// <param name="Patch">The changes.</param>
/// <param name="Keys">The keys of the rows beside the meant one.</param>
/// <param name="Was">The meant row's key in the base.</param>
/// <param name="Meant">Its key in the patch: rows of a table are listed by key, so it has one among the others.</param>
internal sealed record Crowd(ImmutableArray<Change> Patch, ImmutableArray<string> Keys, string Was, string Meant)
{
    private const int Tries = 50;

    /// <summary>A crowd of rows that the human's words do not fit; null if the entity or the database allows none.</summary>
    public static Crowd? Of(Pack pack, Blueprint task, ToldArgument told, int count, SeededRandom random)
    {
        var row = told.Row!;
        var said = Describer.Values(row, told.Field).ToHashSet();
        var others = pack
            .Rows.All(pack.BaseView, row.Entity)
            .Where(r => !r.IsSame(row) && !Describer.Values(r, told.Field).Any(v => v.IsNull || said.Contains(v)))
            .ToArray();
        if (others.Length < count / 8 || task.Scenario.Facts.Any(f => f.Value == row.Key))
            return null;
        var copied = Enumerable.Range(0, count).Select(_ => random.Pick(others)).ToArray();
        return row.Parent is null ? InTable(pack, row, copied, random) : Inside(pack, row, copied, random);
    }

    /// <summary>The place of a key in an observation; -1 if it is not there.</summary>
    public static int PlaceOf(string observation, string key) => observation.IndexOf($"\"{key}\"", StringComparison.Ordinal);

    public Json Renamed(Json arguments) =>
        Was == Meant
            ? arguments
            : JsonMap.Create(
                ((JsonMap)arguments).Keys.Select(k => KeyValuePair.Create(k, arguments[k].Text == Was ? Meant : arguments[k]))
            );

    public Scenario Renamed(Scenario scenario) =>
        Was == Meant ? scenario : scenario with { Requests = [.. scenario.Requests.Select(Renamed)] };

    private Request Renamed(Request request) =>
        request with
        {
            Offer = request.Offer?.Replace(Was, Meant, StringComparison.Ordinal),
            Confirm = [.. request.Confirm.Select(c => c.Replace(Was, Meant, StringComparison.Ordinal))],
            Done = [.. request.Done.Select(d => d.Replace(Was, Meant, StringComparison.Ordinal))],
        };

    private static Crowd? InTable(Pack pack, EntityRow row, EntityRow[] copied, SeededRandom random)
    {
        if (row.Entity.Owner is not { } owner || Fresh(pack, row, copied.Length + 1, random) is not { } keys)
            return null;
        var meant = CrowdedList.FirstRows + random.Next(copied.Length - CrowdedList.FirstRows);
        var changes = new List<Change>(copied.Length + 2) { Gone(row) };
        for (var i = 0; i < keys.Length; i++)
        {
            var values = i == meant ? row.Row.Values : copied[i < meant ? i : i - 1].Row.Values.WithPath(owner.Split('.'), row[owner]);
            changes.Add(Added(row, keys[i], values));
        }

        return new([.. changes], keys.RemoveAt(meant), EntityRows.Text(row.Key), keys[meant]);
    }

    // A map or a list inside another row is replaced whole, with its own rows at random places among the others.
    private static Crowd? Inside(Pack pack, EntityRow row, EntityRow[] copied, SeededRandom random)
    {
        if (row.Parent is not { Parent: null } parent || Fresh(pack, row, copied.Length, random) is not { } keys)
            return null;
        var own = EntityRows.Within(parent, row.Entity).ToArray();
        var rows = keys.Select((k, i) => (Key: k, Values: Keyed(row, k, copied[i].Row.Values))).ToList();
        foreach (var one in own.Where(o => !o.IsSame(row)))
            rows.Insert(random.Next(rows.Count), (one.Row.Key, one.Row.Values));
        rows.Insert(
            CrowdedList.FirstRows + own.Length + random.Next(rows.Count - CrowdedList.FirstRows - own.Length),
            (row.Row.Key, row.Row.Values)
        );
        var path = row.Entity.Path!.Split('.');
        Json before = FieldPath.Read(parent.Row.Values, row.Entity.Path!);
        Json after =
            before is JsonMap
                ? JsonMap.Create(rows.Select(r => KeyValuePair.Create(r.Key, (Json)r.Values)))
                : Json.List(rows.Select(r => (Json)r.Values));
        var change = new Change
        {
            Path = [parent.Row.Table, parent.Row.Key, .. path],
            Before = before,
            After = after,
        };
        var key = EntityRows.Text(row.Key);
        return new([change], keys, key, key);
    }

    private static Change Gone(EntityRow row) => new() { Path = [row.Row.Table, row.Row.Key], Before = row.Row.Values };

    private static Change Added(EntityRow row, string key, JsonMap values) =>
        new() { Path = [row.Row.Table, key], After = Keyed(row, key, values) };

    private static JsonMap Keyed(EntityRow row, string key, JsonMap values) =>
        values[row.Entity.Key].IsNull ? values : values.With(row.Entity.Key, key);

    // Keys of the row's form that no row has, in the order in which tables list them.
    private static ImmutableArray<string>? Fresh(Pack pack, EntityRow row, int count, SeededRandom random)
    {
        var taken = pack.Rows.All(pack.BaseView, row.Entity).Select(r => EntityRows.Text(r.Key)).ToHashSet(StringComparer.Ordinal);
        var form = EntityRows.Text(row.Key);
        if (row.Key.Text is null || !form.Any(char.IsAsciiDigit))
            return null;
        var keys = new SortedSet<string>(StringComparer.Ordinal);
        for (var tries = 0; keys.Count < count && tries < count * Tries; tries++)
        {
            var key = new StringBuilder(form.Length);
            foreach (var c in form)
                key.Append(char.IsAsciiDigit(c) ? (char)('0' + random.Next(10)) : c);
            if (!taken.Contains(key.ToString()))
                keys.Add(key.ToString());
        }

        return keys.Count < count ? null : [.. keys];
    }
}
