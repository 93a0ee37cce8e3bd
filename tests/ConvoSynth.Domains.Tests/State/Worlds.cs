using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.State;
using FsCheck;
using FsCheck.Fluent;

namespace ConvoSynth.Domains.Tests.State;

/// <summary>An operation of a tool on a table.</summary>
public abstract record Step(string Key)
{
    public sealed record Put(string Key, string Field, Json Value) : Step(Key);

    public sealed record PutIn(string Key, string Outer, string Inner, Json Value) : Step(Key);

    public sealed record Drop(string Key, string Field) : Step(Key);

    public sealed record Add(string Key, JsonMap Values) : Step(Key);

    public sealed record Remove(string Key) : Step(Key);
}

/// <summary>The rows of a table, and the steps to take on it.</summary>
public sealed record World(Dictionary<string, JsonMap> Rows, Step[] Steps);

/// <summary>Random databases of one table, random steps on them, and the expected results.</summary>
internal static class Worlds
{
    public const string Table = "things";

    public static readonly DateTimeOffset Now = new(2031, 3, 4, 10, 0, 0, TimeSpan.Zero);

    private static readonly string[] Keys = ["k1", "k2", "k3", "k4", "k5", "k6"];

    private static readonly Gen<string> Fields = Gen.Elements("a", "b", "c", "d", "e");

    private static readonly Gen<Dictionary<string, JsonMap>> Rows = Gen.Elements(Keys)
        .Zip(JsonValues.Map)
        .ListOf()
        .Select(pairs =>
            pairs.Take(5).DistinctBy(p => p.Item1, StringComparer.Ordinal).ToDictionary(p => p.Item1, p => p.Item2, StringComparer.Ordinal)
        );

    private static readonly Gen<Step[]> Steps = Gen.Elements(Keys)
        .SelectMany(key =>
            Gen.Frequency(
                (4, Fields.Zip(JsonValues.Any).Select(p => (Step)new Step.Put(key, p.Item1, p.Item2))),
                (3, Fields.Zip(Fields).Zip(JsonValues.Any).Select(p => (Step)new Step.PutIn(key, p.Item1.Item1, p.Item1.Item2, p.Item2))),
                (2, Fields.Select(f => (Step)new Step.Drop(key, f))),
                (2, JsonValues.Map.Select(m => (Step)new Step.Add(key, m))),
                (2, Gen.Constant((Step)new Step.Remove(key)))
            )
        )
        .ListOf()
        .Select(l => l.Take(25).ToArray());

    public static Arbitrary<World> Arbitrary() => Rows.Zip(Steps, (rows, steps) => new World(rows, steps)).ToArbitrary();

    public static Database Base(Dictionary<string, JsonMap> rows) =>
        new([new BaseTable(Table, rows.OrderBy(r => r.Key, StringComparer.Ordinal))]);

    public static Db Begin(Database @base, ImmutableArray<Change>? patch = null) => new(@base, Now, patch ?? []);

    /// <summary>Takes the possible steps on the table and on a plain dictionary.</summary>
    public static void Take(Db db, Dictionary<string, JsonMap> model, IEnumerable<Step> steps)
    {
        var table = db[Table];
        foreach (var step in steps)
        {
            var exists = model.ContainsKey(step.Key);
            switch (step)
            {
                case Step.Put put when exists:
                    table.Change(put.Key, r => r.Set(put.Field, put.Value));
                    model[put.Key] = model[put.Key].With(put.Field, put.Value);
                    break;
                case Step.PutIn put when exists:
                    table.Change(put.Key, r => r.SetIn(put.Value, put.Outer, put.Inner));
                    model[put.Key] = model[put.Key].WithPath([put.Outer, put.Inner], put.Value);
                    break;
                case Step.Drop drop when exists:
                    table.Change(drop.Key, r => r.Without(drop.Field));
                    model[drop.Key] = model[drop.Key].Without(drop.Field);
                    break;
                case Step.Add add when !exists:
                    table.Add(add.Key, [.. add.Values.Keys.Zip(add.Values.Values)]);
                    model[add.Key] = add.Values;
                    break;
                case Step.Remove when exists:
                    table.Remove(step.Key);
                    model.Remove(step.Key);
                    break;
            }
        }
    }

    public static bool Holds(Db db, Dictionary<string, JsonMap> model) =>
        db[Table].Rows.Count() == model.Count && db[Table].Rows.All(r => model.TryGetValue(r.Key, out var values) && r.Values == values);
}
