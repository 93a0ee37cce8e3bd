using System.Globalization;
using ConvoSynth.Cli.Tables;
using ConvoSynth.Core;

namespace ConvoSynth.Cli.Coverage;

/// <summary>Variety for people and as JSON.</summary>
internal static class VarietyText
{
    private static readonly (string Name, string Key, Func<VarietyFigures, string> Text, Func<VarietyFigures, Json> Value)[] Lines =
    [
        ("tasks", "tasks", f => Whole(f.Tasks), f => f.Tasks),
        ("tool sequences", "sequences", f => Mean(f.Sequences), f => f.Sequences),
        ("canonical sequences", "canonical", f => Mean(f.Canonical), f => f.Canonical),
        ($"  of {PlanVariety.Counted} tasks and more", "common_canonical", f => Whole(f.CommonCanonical), f => f.CommonCanonical),
        ("multisets of writes", "writes", f => Mean(f.Writes), f => f.Writes),
        ($"  of {PlanVariety.Counted} tasks and more", "common_writes", f => Whole(f.CommonWrites), f => f.CommonWrites),
        ("canonical plans", "plans", f => Mean(f.Plans), f => f.Plans),
        ("commonest plan", "commonest_plan", f => Fine(f.CommonestPlan), f => f.CommonestPlan),
        ("literal plan of an earlier task", "repeated", f => Fine(f.Repeated), f => f.Repeated),
        ("ten commonest sequences", "commonest", f => Share(f.Commonest), f => f.Commonest),
        ("no write", "writeless", f => Share(f.Writeless), f => f.Writeless),
        ("two and more writes", "many_writes", f => Share(f.ManyWrites), f => f.ManyWrites),
        ("most writes", "most_writes", f => Whole(f.MostWrites), f => f.MostWrites),
        ("calls p50, p90", "calls", f => Pair(f.Calls), f => Json.List([f.Calls.Median, f.Calls.Tenth])),
        ("depth p50, p90", "depth", f => Pair(f.Depths), f => Json.List([f.Depths.Median, f.Depths.Tenth])),
        ("chain p50, p90", "chain", f => Pair(f.Chains), f => Json.List([f.Chains.Median, f.Chains.Tenth])),
    ];

    public static void Print(string domain, long seed, VarietyMeasure measure)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{domain}: variety of sampled tasks, seed {seed}"));
        if (measure.Failed > 0)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {measure.Failed} indexes gave no task"));
        var table = new TextTable(["", .. measure.Columns.Select(c => TextColumn.Number(c.Title))]);
        foreach (var line in Lines)
            table.Add([line.Name, .. measure.Columns.Select(c => (object)line.Text(c.Figures))]);
        table.Print();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {measure.PerSecond:#,0} tasks a second of processor time"));
        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"  {measure.Dropped:#,0} reads that nothing needed were dropped from plans")
        );
        if (measure.Scarce.IsEmpty)
            return;
        var scarce = new TextTable("tools in fewer than 1 % of tasks", TextColumn.Number(""));
        foreach (var (tool, share) in measure.Scarce)
            scarce.Add(tool, share.ToString("P2", CultureInfo.InvariantCulture));
        scarce.Print();
    }

    public static Json ToJson(string domain, long seed, VarietyMeasure measure) =>
        Json.Map(
            ("domain", domain),
            ("seed", seed),
            ("failed", measure.Failed),
            ("dropped_reads", measure.Dropped),
            ("tasks_per_cpu_second", measure.PerSecond),
            (
                "columns",
                Json.List(
                    measure.Columns.Select(c =>
                        (Json)
                            JsonMap.Create(Lines.Select(l => KeyValuePair.Create(l.Key, l.Value(c.Figures))).Prepend(new("title", c.Title)))
                    )
                )
            ),
            ("scarce_tools", JsonMap.Create(measure.Scarce.Select(s => KeyValuePair.Create(s.Tool, (Json)s.Share))))
        );

    private static string Whole(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Mean(double value) => value.ToString("#,0.#", CultureInfo.InvariantCulture);

    private static string Share(double value) => value.ToString("P1", CultureInfo.InvariantCulture);

    private static string Fine(double value) => value.ToString("P2", CultureInfo.InvariantCulture);

    private static string Pair((int Median, int Tenth) value) => $"{value.Median}, {value.Tenth}";
}
