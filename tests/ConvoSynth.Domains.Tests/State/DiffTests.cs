using ConvoSynth.Core;
using ConvoSynth.Core.State;
using FsCheck.Xunit;

namespace ConvoSynth.Domains.Tests.State;

[Properties(Arbitrary = [typeof(Worlds)])]
public sealed class DiffTests
{
    [Property]
    public bool Nothing_done_is_no_difference(World world) => DiffBuilder.Build(Worlds.Begin(Worlds.Base(world.Rows))) == StateDiff.Empty;

    [Property]
    public bool The_afters_of_a_diff_make_the_state_out_of_the_base(World world)
    {
        var (db, @base, model) = Run(world);
        return Worlds.Holds(Worlds.Begin(@base, DiffBuilder.Build(db).Changes), model);
    }

    [Property]
    public bool The_befores_of_a_diff_are_in_the_base(World world)
    {
        var (db, @base, _) = Run(world);
        return DiffBuilder.Build(db).Changes.All(c => c.Before == At(@base, c.Path.AsSpan()));
    }

    [Property]
    public bool A_diff_names_each_path_once_and_in_order_and_only_real_changes(World world)
    {
        var changes = DiffBuilder.Build(Run(world).Db).Changes;
        return changes.All(c => c.Before != c.After)
            && changes.Zip(changes.Skip(1)).All(p => Compare(p.First.Path.AsSpan(), p.Second.Path.AsSpan()) < 0);
    }

    [Property]
    public bool What_is_undone_leaves_no_difference_but_stays_in_the_log(World world)
    {
        var (db, _, model) = Run(world);
        var before = db.Writes.Count;
        foreach (var key in model.Keys.Where(k => !world.Rows.ContainsKey(k)).ToArray())
            db[Worlds.Table].Remove(key);
        foreach (var (key, values) in world.Rows)
        {
            if (!model.ContainsKey(key))
                db[Worlds.Table].Add(key, [.. values.Keys.Zip(values.Values)]);
            else
                db[Worlds.Table].Change(key, r => new(r.Table, r.Key, values));
        }

        return DiffBuilder.Build(db).IsEmpty && db.Writes.Count >= before + world.Rows.Count;
    }

    [Fact]
    public void A_field_that_is_removed_is_removed_again_when_the_diff_is_applied()
    {
        var rows = new Dictionary<string, JsonMap>(StringComparer.Ordinal) { ["k1"] = (JsonMap)Json.Parse("""{"a":{"b":1,"c":2}}""") };
        var db = Worlds.Begin(Worlds.Base(rows));
        db[Worlds.Table].Change("k1", r => r.Set("a", ((JsonMap)r["a"]).Without("b")));
        var diff = DiffBuilder.Build(db);
        diff.Changes.Should().ContainSingle().Which.ToString().Should().Be("things/k1/a/b: 1 → (absent)");
        Worlds.Begin(Worlds.Base(rows), diff.Changes)[Worlds.Table]["k1"].ToString().Should().Be("""{"a":{"c":2}}""");
    }

    [Fact]
    public void A_list_that_differs_is_one_change_with_both_lists_whole()
    {
        var rows = new Dictionary<string, JsonMap>(StringComparer.Ordinal) { ["k1"] = (JsonMap)Json.Parse("""{"a":[1,{"b":2}]}""") };
        var db = Worlds.Begin(Worlds.Base(rows));
        db[Worlds.Table].Change("k1", r => r.Set("a", Json.Parse("""[1,{"b":3}]""")));
        DiffBuilder.Build(db).Changes.Should().ContainSingle().Which.ToString().Should().Be("""things/k1/a: [1,{"b":2}] → [1,{"b":3}]""");
    }

    private static (Db Db, Database Base, Dictionary<string, JsonMap> Model) Run(World world)
    {
        var @base = Worlds.Base(world.Rows);
        var db = Worlds.Begin(@base);
        var model = new Dictionary<string, JsonMap>(world.Rows, StringComparer.Ordinal);
        Worlds.Take(db, model, world.Steps);
        return (db, @base, model);
    }

    private static Json? At(Database @base, ReadOnlySpan<string> path)
    {
        Json? at = @base[path[0]].Find(path[1])?.Values;
        foreach (var key in path[2..])
            at = at is JsonMap map && map.TryGet(key, out var value) ? value : null;
        return at;
    }

    private static int Compare(ReadOnlySpan<string> a, ReadOnlySpan<string> b)
    {
        for (var i = 0; i < Math.Min(a.Length, b.Length); i++)
        {
            if (string.CompareOrdinal(a[i], b[i]) is var order and not 0)
                return order;
        }

        return a.Length - b.Length;
    }
}
