using ConvoSynth.Core.Campaigns;
using ConvoSynth.Runs.Rows;

namespace ConvoSynth.Benchmarks.Sections;

/// <summary>The cost of each stage of a dialogue, single-threaded.</summary>
internal static class StagesSection
{
    // Enough for the JIT compiler to optimize the hot methods by their observed use.
    private const int WarmUp = 1500;

    public static Task Run(Inputs inputs)
    {
        foreach (var domain in Campaigns.Domains)
        {
            var costs = new Dictionary<string, Cost>();
            var order = new List<string>();
            var measuring = false;
            void Stage(string name, Action work)
            {
                if (!measuring)
                {
                    work();
                    return;
                }

                var gauge = Gauge.Start();
                work();
                var cost = gauge.Stop();
                if (!costs.ContainsKey(name))
                    order.Add(name);
                costs[name] = costs.GetValueOrDefault(name) + cost;
            }

            var spec = Campaigns.Spec($"stages-{domain}", inputs, WarmUp + inputs.Sample, domain);
            var pipeline = new Pipeline(Campaigns.Setups().For(spec), Stage);
            Write(pipeline.Rows(0, WarmUp), Stage);
            measuring = true;
            Write(pipeline.Rows(WarmUp, inputs.Sample), Stage);
            Print(domain, inputs, costs, order);
        }

        return Task.CompletedTask;
    }

    private static void Write(IEnumerable<ShardRow> rows, Action<string, Action> stage)
    {
        using var output = new MemoryStream();
        using var writer = new ParquetShards().Begin(output);
        foreach (var batch in rows.Chunk(100))
        {
            stage(
                "write",
                () =>
                {
                    foreach (var row in batch)
                        writer.Append(row);
                }
            );
        }

        stage("write", () => writer.Finish());
    }

    private static void Print(string domain, Inputs inputs, Dictionary<string, Cost> costs, List<string> order)
    {
        Console.WriteLine(
            $"{domain}: {inputs.Sample} dialogues after {WarmUp} to warm up, one thread, fault rate {Inputs.FaultRate}, "
                + $"seed {inputs.Seed}; a dialogue:"
        );
        Console.WriteLine($"  {"stage", -10} {"CPU us", 8} {"wall us", 8} {"bytes", 9}");
        var whole = default(Cost);
        foreach (var name in order)
        {
            Line(name, costs[name], inputs.Sample);
            whole += costs[name];
        }

        Line("all", whole, inputs.Sample);
    }

    private static void Line(string name, Cost cost, int count) =>
        Console.WriteLine(
            $"  {name, -10} {cost.Cpu.TotalMicroseconds / count, 8:0} {cost.Wall.TotalMicroseconds / count, 8:0} {cost.Bytes / count, 9}"
        );
}
