using ConvoSynth.Cli.Hosting;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Grains.Campaign;
using ConvoSynth.Models;
using ConvoSynth.Runs.Rows;

namespace ConvoSynth.Benchmarks.Sections;

/// <summary>Live memory of dialogues that wait for a slow model.</summary>
internal static class InFlightSection
{
    private const int Samples = 4;
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
        // Only a few partitions run at a time, each with its share of the window; each must hold more dialogues than its share.
        var spec = Campaigns.Spec("in-flight", inputs, inputs.InFlight * 4L, Campaigns.Domains) with
        {
            PartitionSize = inputs.InFlight,
        };
        var model = new Gate();
        var setups = new WrappedSetups(Campaigns.Setups(Latency), inner => new GatedModel(inner, model));
        setups.For(spec);
        var before = Live();
        using var enough = new CancellationTokenSource();
        var samples = new List<double>();
        var last = TimeProvider.System.GetTimestamp();
        Console.WriteLine(
            $"{inputs.InFlight} dialogues of {string.Join(", ", Campaigns.Domains)} wanted in flight, "
                + $"{Latency.TotalSeconds:0} s a response; live heap before: {before / 1e6:0.0} MB (packs and samplers)"
        );

        // The processors may be too slow to keep so many dialogues waiting, so responses are held back until all wait for one.
        void Watch(CampaignStatus status)
        {
            if (enough.IsCancellationRequested || status.InFlight < inputs.InFlight || TimeProvider.System.GetElapsedTime(last) < Between)
                return;
            model.Close();
            if (model.Waiting < inputs.InFlight)
                return;
            var waiting = model.Waiting;
            var live = Live();
            samples.Add((live - before) / 1024.0 / waiting);
            Console.WriteLine(
                $"  {status.InFlight} in flight, {waiting} of them waiting for a response; {model.Given} responses given so far: "
                    + $"{samples[^1]:0.0} KB each (live heap {live / 1e6:0.0} MB)"
            );
            last = TimeProvider.System.GetTimestamp();
            if (samples.Count == Samples)
                enough.Cancel();
            model.Open();
        }

        var host = new CampaignHost(setups, new(folder, spec.RunId, new ParquetShards(), new()), TimeProvider.System);
        // Slightly more than required: a finished dialogue leaves the count before the next one enters it.
        var end = await host.Run(spec, new(inputs.InFlight + (inputs.InFlight / 20)), Watch, enough.Token);
        if (end.Error is { } error)
            throw new InvalidOperationException(error);
        Console.WriteLine(
            samples.Count == 0
                ? $"  never {inputs.InFlight} in flight at once: nothing measured"
                : $"  at most {samples.Max():0.0} KB a dialogue in flight (aim 50), what waits in the shards included"
        );
    }

    private static long Live()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    /// <summary>Releases responses or holds them back; counts waiting dialogues and responses given.</summary>
    private sealed class Gate
    {
        private readonly Lock _lock = new();
        private TaskCompletionSource? _closed;
        private int _waiting;
        private long _given;

        public int Waiting => Volatile.Read(ref _waiting);

        public long Given => Volatile.Read(ref _given);

        public void Close()
        {
            lock (_lock)
                _closed ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        public void Open()
        {
            lock (_lock)
            {
                _closed?.SetResult();
                _closed = null;
            }
        }

        public async ValueTask<ModelResponse> Pass(ValueTask<ModelResponse> response)
        {
            Interlocked.Increment(ref _waiting);
            try
            {
                var answer = await response;
                Task? closed;
                lock (_lock)
                    closed = _closed?.Task;
                if (closed is not null)
                    await closed;
                Interlocked.Increment(ref _given);
                return answer;
            }
            finally
            {
                Interlocked.Decrement(ref _waiting);
            }
        }
    }

    private sealed class GatedModel(IChatModel inner, Gate gate) : IChatModel
    {
        public string Name => inner.Name;

        public object? Open(DialogueOpening opening) => inner.Open(opening);

        public ValueTask<ModelResponse> Respond(ModelRequest request, CancellationToken cancellationToken) =>
            gate.Pass(inner.Respond(request, cancellationToken));
    }
}
