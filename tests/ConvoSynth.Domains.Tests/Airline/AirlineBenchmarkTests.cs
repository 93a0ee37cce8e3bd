using ConvoSynth.Core;
using ConvoSynth.Domains.Checking;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Sampling;
using ConvoSynth.Domains.Tests.Retail;

namespace ConvoSynth.Domains.Tests.Airline;

/// <summary>The airline pack on the benchmark's own database must behave as the benchmark does.</summary>
public sealed class AirlineBenchmarkTests
{
    private static readonly Lazy<Pack> OnRealData = new(() =>
        PackLoading.Load(AirlinePack.Folder, RealDataFactAttribute.Folder("airline")).AsBenchmark()
    );

    [RealDataFact]
    public void Every_task_gives_the_observations_and_changes_of_the_benchmark()
    {
        var tasks = TaskFile.Read(Real("tasks.json"));
        tasks.Should().HaveCount(30);
        DomainCheck.Run(OnRealData.Value, tasks).Tasks.SelectMany(t => t.Mismatches.Select(m => $"task {t.Id}: {m}")).Should().BeEmpty();
    }

    [RealDataFact]
    public void Tools_have_the_names_parameters_and_properties_of_the_benchmark()
    {
        var theirs = Json.Parse(File.ReadAllBytes(Real("tools.json")))
            .Items.Select(t => t["function"])
            .ToDictionary(f => f["name"].Text!, f => f["parameters"]);
        var ours = OnRealData.Value.Tools.All.ToDictionary(t => t.Name, t => t.Definition.Parameters);
        ours.Keys.Should().BeEquivalentTo(theirs.Keys);
        foreach (var (name, schema) in ours)
            SameSchema(name, schema, theirs[name]);
    }

    [RealDataFact]
    public void Generated_rows_have_the_fields_of_the_benchmarks_rows()
    {
        foreach (var table in new[] { "users", "reservations", "flights" })
        {
            Fields(AirlinePack.Own.Base[table].Rows).Should().BeEquivalentTo(Fields(OnRealData.Value.Base[table].Rows), table);
        }
    }

    [RealDataFact]
    public void Blueprints_can_be_sampled_on_the_benchmarks_data()
    {
        var sampler = new BlueprintSampler(OnRealData.Value);
        for (var i = 0; i < 40; i++)
            sampler.Sample(new Seed(3), i).Actions.Should().NotBeEmpty();
    }

    private static void SameSchema(string at, Json ours, Json theirs)
    {
        ours["type"].Should().Be(theirs["type"], at);
        ours["enum"].Items.Should().BeEquivalentTo(theirs["enum"].Items, at);
        ours["required"].Items.Should().BeEquivalentTo(theirs["required"].Items, at);
        if (ours["properties"] is JsonMap properties)
        {
            properties.Keys.Should().BeEquivalentTo(((JsonMap)theirs["properties"]).Keys, at);
            foreach (var name in properties.Keys)
                SameSchema($"{at}.{name}", properties[name], theirs["properties"][name]);
        }

        if (ours["items"] is JsonMap items)
            SameSchema($"{at}[]", items, theirs["items"]);
    }

    private static HashSet<string> Fields(IEnumerable<Row> rows)
    {
        var paths = new HashSet<string>(StringComparer.Ordinal);
        foreach (var row in rows)
            Walk(row.Values, "", paths);
        return paths;
    }

    // Keys of payment methods and days differ between databases.
    private static void Walk(Json value, string path, HashSet<string> paths)
    {
        foreach (var item in value.Items)
            Walk(item, path + "[]", paths);
        if (value is not JsonMap map)
            paths.Add($"{path}:{value.Kind}");
        else
            for (var i = 0; i < map.Count; i++)
                Walk(map.Values[i], $"{path}.{(path is ".payment_methods" or ".dates" ? "*" : map.Keys[i])}", paths);
    }

    private static string Real(string file) => Path.Combine(RealDataFactAttribute.Folder("airline"), file);
}
