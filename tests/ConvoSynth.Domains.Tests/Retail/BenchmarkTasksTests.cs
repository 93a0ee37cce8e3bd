using ConvoSynth.Core;
using ConvoSynth.Domains.Checking;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Tests.Retail;

/// <summary>The retail pack on the benchmark's own database must behave as the benchmark does.</summary>
public sealed class BenchmarkTasksTests
{
    private static readonly Lazy<Pack> OnRealData = new(() =>
        PackLoading.Load(RetailPack.Folder, RealDataFactAttribute.Folder("retail")).AsBenchmark()
    );

    [RealDataFact]
    public void Every_task_gives_the_observations_and_changes_of_the_benchmark() => Check("tasks.json", 300);

    [RealDataFact]
    public void Every_task_with_reads_gives_the_observations_and_changes_of_the_benchmark() => Check("tasks-with-reads.json", 60);

    [RealDataFact]
    public void Every_call_of_the_recorded_dialogues_gives_the_recorded_observation()
    {
        var dialogues = Json.Parse(File.ReadAllBytes(Real("recorded.json")))["dialogues"].Items;
        var tasks = dialogues.Select(d => new CheckedTask(d["id"].Text ?? d["id"].ToString(), [.. Calls(d)], [], null)).ToArray();
        tasks.Sum(t => t.Actions.Count).Should().BeGreaterThan(1000);
        Mismatches(tasks).Should().BeEmpty();
    }

    [RealDataFact]
    public void Tools_have_the_names_parameters_and_required_ones_of_the_benchmark()
    {
        var theirs = Json.Parse(File.ReadAllBytes(Real("tools.json")))
            .Items.Select(t => t["function"])
            .ToDictionary(f => f["name"].Text!, f => f["parameters"]);
        var ours = OnRealData.Value.Tools.All.ToDictionary(t => t.Name, t => t.Definition.Parameters);
        ours.Keys.Should().BeEquivalentTo(theirs.Keys);
        foreach (var (name, schema) in ours)
        {
            Keys(schema["properties"]).Should().BeEquivalentTo(Keys(theirs[name]["properties"]), name);
            schema["required"].Items.Should().BeEquivalentTo(theirs[name]["required"].Items, name);
            foreach (var property in Keys(schema["properties"]))
                schema["properties"][property]["type"].Should().Be(theirs[name]["properties"][property]["type"], $"{name}.{property}");
        }
    }

    [RealDataFact]
    public void Generated_rows_have_the_fields_of_the_benchmarks_rows()
    {
        foreach (var table in new[] { "users", "orders", "products" })
        {
            Shape(RetailPack.Own.Base[table].Rows).Should().BeEquivalentTo(Shape(OnRealData.Value.Base[table].Rows), table);
        }
    }

    private static void Check(string file, int total)
    {
        var tasks = TaskFile.Read(Real(file));
        tasks.Should().HaveCount(total);
        Mismatches(tasks).Should().BeEmpty();
    }

    private static IEnumerable<string> Mismatches(IReadOnlyList<CheckedTask> tasks) =>
        DomainCheck.Run(OnRealData.Value, tasks).Tasks.SelectMany(t => t.Mismatches.Select(m => $"task {t.Id}: {m}"));

    private static IEnumerable<CheckedAction> Calls(Json dialogue)
    {
        var calls = new Dictionary<string, Json>(StringComparer.Ordinal);
        foreach (var message in dialogue["messages"].Items)
        {
            foreach (var call in message["tool_calls"].Items)
                calls[call["id"].Text!] = call["function"];
            if (message["role"].Text == "tool" && calls[message["tool_call_id"].Text!] is var made)
                yield return new(made["name"].Text!, Json.Parse(made["arguments"].Text!), message["content"].Text);
        }
    }

    // Paths of fields in the rows of a table, with * for ids used as keys and for options, whose names differ between shops.
    private static HashSet<string> Shape(IEnumerable<Row> rows)
    {
        var paths = new HashSet<string>(StringComparer.Ordinal);
        foreach (var row in rows)
            Walk(row.Values, "", paths);
        return paths;
    }

    private static void Walk(Json value, string path, HashSet<string> paths)
    {
        foreach (var item in value.Items)
            Walk(item, path + "[]", paths);
        if (value is not JsonMap map)
        {
            paths.Add($"{path}:{value.Kind}");
            return;
        }

        string[] keyed = ["variants", "payment_methods", "options"];
        var isKeyed = Array.Exists(keyed, k => path.EndsWith(k, StringComparison.Ordinal));
        for (var i = 0; i < map.Count; i++)
            Walk(map.Values[i], $"{path}.{(isKeyed ? "*" : map.Keys[i])}", paths);
    }

    private static IReadOnlyList<string> Keys(Json map) => ((JsonMap)map).Keys;

    private static string Real(string file) => Path.Combine(RealDataFactAttribute.Folder("retail"), file);
}
