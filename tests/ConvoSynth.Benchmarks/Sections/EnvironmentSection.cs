using ConvoSynth.Core;
using ConvoSynth.Domains.Checking;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Sampling;
using ConvoSynth.Runs.Setups;

namespace ConvoSynth.Benchmarks.Sections;

/// <summary>Episodes of gold tasks on one core: a new environment, the calls, the diff.</summary>
internal static class EnvironmentSection
{
    private const int Blueprints = 300;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(4);

    public static Task Run(Inputs inputs)
    {
        var folders = new PackFolders(null);
        if (Environment.GetEnvironmentVariable("CONVOSYNTH_CHECK_DATA") is { Length: > 0 } root)
        {
            var data = Path.Combine(root, "retail");
            var pack = folders.Load("retail", data);
            foreach (var file in new[] { "tasks.json", "tasks-with-reads.json" })
                Measure(pack, TaskFile.Read(Path.Combine(data, file)), $"retail, {file}");
        }
        else
        {
            var pack = folders.Load("library");
            Measure(
                pack,
                Sampled(pack, inputs),
                "library, gold actions of sampled blueprints (CONVOSYNTH_CHECK_DATA names no folder of tasks)"
            );
        }

        return Task.CompletedTask;
    }

    // Calls of a patched blueprint only work on its patched database, which the loop does not support.
    private static List<CheckedTask> Sampled(Pack pack, Inputs inputs)
    {
        var sampler = new BlueprintSampler(pack);
        return
        [
            .. Enumerable
                .Range(0, Blueprints)
                .Select(i => sampler.Sample(new Seed((ulong)inputs.Seed), i))
                .Where(b => b.Patch.IsEmpty)
                .Select(b => new CheckedTask(
                    b.Id,
                    [.. b.Actions.Select(a => new CheckedAction(a.Tool, a.Arguments, a.Observation))],
                    [],
                    null
                )),
        ];
    }

    private static void Measure(Pack pack, IReadOnlyList<CheckedTask> tasks, string label)
    {
        EpisodeLoop.Run(pack, tasks, WarmUp, TimeProvider.System);
        var gauge = Gauge.Start();
        var rate = EpisodeLoop.Run(pack, tasks, Measured, TimeProvider.System);
        var cost = gauge.Stop();
        Console.WriteLine($"{label}: {tasks.Count} tasks, {(double)rate.Calls / rate.Episodes:0.0} calls each, one thread");
        Console.WriteLine(
            $"  {rate.PerSecond:0} episodes/s by the wall clock, {rate.Episodes / cost.Cpu.TotalSeconds:0}/s of CPU (aim 20000); "
                + $"{cost.Cpu.TotalMicroseconds / rate.Episodes:0.0} us CPU, {cost.Bytes / rate.Episodes} B an episode; {cost}"
        );
    }
}
