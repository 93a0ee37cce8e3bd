using ConvoSynth.Cli.Runs;
using ConvoSynth.Grains;
using ConvoSynth.Models;
using ConvoSynth.Shards.Rows;

namespace ConvoSynth.Benchmarks.Sections;

/// <summary>Live memory of dialogues that wait for a slow model.</summary>
internal static class InFlightSection
{
    private const int Samples = 5;
    private static readonly TimeSpan Latency = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(3);

    public static async Task Run(Inputs inputs)
    {
        var folder = Directory.CreateTempSubdirectory("convosynth-bench-").FullName;
        try
        {
            await Measure(inputs, folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task Measure(Inputs inputs, string folder)
    {
        // Few partitions run at a time, each with its share of the window; each must hold more than its share.
        var spec = Campaigns.Spec("in-flight", inputs, inputs.InFlight * 4L, Campaigns.Domains) with { PartitionSize = inputs.InFlight };
        var waiting = new Waiting();
        var setups = new WrappedSetups(Campaigns.Setups(Latency), model => new WaitingModel(model, waiting));
        setups.For(spec);
        var before = Live();
        using var enough = new CancellationTokenSource();
        var samples = new List<(int InFlight, int Asking, long Bytes)>();
        var last = TimeProvider.System.GetTimestamp();
        Console.WriteLine($"{inputs.InFlight} dialogues of {string.Join(", ", Campaigns.Domains)} wanted in flight, {Latency.TotalSeconds:0} s a response; live heap before: {before / 1e6:0.0} MB (packs and samplers)");
        void Watch(CampaignStatus status)
        {
            if (enough.IsCancellationRequested || status.InFlight < inputs.InFlight || TimeProvider.System.GetElapsedTime(last) < Between) return;
            var asking = waiting.Count;
            samples.Add((status.InFlight, asking, Live()));
            last = TimeProvider.System.GetTimestamp();
            var (flying, pending, bytes) = samples[^1];
            Console.WriteLine($"  {flying} in flight, {pending} of them waiting for a response: {(bytes - before) / 1024.0 / flying:0.0} KB each (live heap {bytes / 1e6:0.0} MB)");
            if (samples.Count == Samples) enough.Cancel();
        }

        var host = new CampaignHost(setups, new(folder, new ParquetShards(), new()), TimeProvider.System);
        // A little more than is wanted: a dialogue that ends is counted out before the next one is counted in.
        var end = await host.Run(spec, inputs.InFlight + (inputs.InFlight / 20), Watch, enough.Token);
        if (end.Error is { } error) throw new InvalidOperationException(error);
        Console.WriteLine(samples.Count == 0
            ? $"  never {inputs.InFlight} in flight at once: nothing measured"
            : $"  at most {samples.Max(s => (s.Bytes - before) / 1024.0 / s.InFlight):0.0} KB a dialogue in flight (aim 50), what waits in the shards included");
    }

    private static long Live()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private sealed class Waiting
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public void Begin() => Interlocked.Increment(ref _count);

        public void End() => Interlocked.Decrement(ref _count);
    }

    private sealed class WaitingModel(IChatModel inner, Waiting waiting) : IChatModel
    {
        public string Name => inner.Name;

        public object? Open(DialogueOpening opening) => inner.Open(opening);

        public async ValueTask<ModelResponse> Respond(ModelRequest request, CancellationToken cancellationToken)
        {
            waiting.Begin();
            try
            {
                return await inner.Respond(request, cancellationToken);
            }
            finally
            {
                waiting.End();
            }
        }
    }
}
