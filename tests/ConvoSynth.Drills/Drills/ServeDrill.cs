using System.Diagnostics;
using System.Globalization;
using ConvoSynth.Drills.Serving;
using ConvoSynth.Serve.Http;

namespace ConvoSynth.Drills;

/// <summary>Load on <c>env serve</c> over OpenEnv's WebSocket: many steps at once, and many sessions that think.</summary>
internal static class ServeDrill
{
    private const int InFlight = 64;
    private const int Thinking = 2_000;
    private const int Tasks = 200;
    private const int ReadsAnEpisode = 25;
    private const double StepsAim = 10_000;
    private const double LatencyAim = 5;
    private const double BytesAim = 50_000;
    private const double CpuAim = 0.4;

    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(10);

    public static async Task<bool> Run(Settings settings)
    {
        var tasks = await PlayedTask.OfLibrary(Tasks);
        var met = true;
        using (var server = await ServerProcess.Start(settings, "--count", $"{Tasks}"))
        {
            await Load(server, "warm-up", tasks, t => t.Moves, TimeSpan.FromSeconds(4), quiet: true);
            var reads = await Load(server, "reads", tasks, Repeated, Measured, quiet: false);
            var whole = await Load(server, "whole episodes with their rewards", tasks, t => t.Moves, Measured, quiet: false);
            met &= Say($"steps a second at {InFlight} in flight, reads", reads, StepsAim, isLeast: true);
            met &= Say($"steps a second at {InFlight} in flight, whole episodes", whole, StepsAim, isLeast: true);
        }

        using (var server = await ServerProcess.Start(settings, "--count", $"{Tasks}"))
            met &= await Think(server, tasks);
        met &= await Managed(tasks);
        met &= await Expire(settings, tasks);
        return met;
    }

    private static byte[][] Repeated(PlayedTask task) =>
        task.Reads.Length == 0 ? [] : [.. Enumerable.Range(0, ReadsAnEpisode).Select(i => task.Reads[i % task.Reads.Length])];

    private static async Task<double> Load(
        ServerProcess server,
        string name,
        IReadOnlyList<PlayedTask> tasks,
        Func<PlayedTask, byte[][]> moves,
        TimeSpan time,
        bool quiet
    )
    {
        var frames = tasks.Select(t => (t.Reset, Moves: moves(t))).Where(t => t.Moves.Length > 0).ToArray();
        var latencies = new List<double>[InFlight];
        var (resets, bytes) = (0L, 0L);
        var (serverCpu, ownCpu) = (server.Cpu, Process.GetCurrentProcess().TotalProcessorTime);
        var began = Wall.Timestamp;
        await Task.WhenAll(Enumerable.Range(0, InFlight).Select(i => Task.Run(() => Client(i))));
        var wall = Wall.Since(began);
        var all = latencies.SelectMany(l => l).Order().ToArray();
        var rate = all.Length / wall.TotalSeconds;
        if (quiet)
            return rate;
        var cores = wall.TotalSeconds * Environment.ProcessorCount;
        var (theirs, ours) = (server.Cpu - serverCpu, Process.GetCurrentProcess().TotalProcessorTime - ownCpu);
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"  {name}: {all.Length} steps and {resets} resets in {wall.TotalSeconds:0.0} s: {rate:0} steps/s; "
                    + $"p50 {At(all, 0.5):0.00} ms, p99 {At(all, 0.99):0.00} ms; {bytes / (all.Length + resets)} bytes an answer; "
                    + $"server {theirs.TotalSeconds / cores:0%}, load {ours.TotalSeconds / cores:0%} "
                    + $"of {Environment.ProcessorCount} processors"
            )
        );
        return rate;

        async Task Client(int number)
        {
            using var socket = await RawSocket.Open(server.Url);
            var own = latencies[number] = [];
            for (var t = number; Wall.Since(began) < time; t++)
            {
                var (reset, steps) = frames[t % frames.Length];
                await socket.Ask(reset);
                Interlocked.Increment(ref resets);
                foreach (var step in steps)
                {
                    var sent = Wall.Timestamp;
                    var done = await socket.Ask(step);
                    own.Add(Wall.Since(sent).TotalMilliseconds);
                    if (done == true || Wall.Since(began) > time)
                        break;
                }
            }

            Interlocked.Add(ref bytes, socket.Received);
        }
    }

    private static async Task<bool> Think(ServerProcess server, IReadOnlyList<PlayedTask> tasks)
    {
        var playable = tasks.Where(t => t.Reads.Length > 0).ToArray();
        var before = server.Resident;
        var sockets = await Opened(server.Url, playable);
        var resident = (server.Resident - before) / (double)Thinking;
        var latencies = new List<double>[Thinking];
        var (serverCpu, ownCpu, began) = (server.Cpu, Process.GetCurrentProcess().TotalProcessorTime, Wall.Timestamp);
        await Task.WhenAll(sockets.Select((socket, i) => Client(socket, i)));
        var wall = Wall.Since(began).TotalSeconds;
        var cpu = (server.Cpu - serverCpu).TotalSeconds / (wall * Environment.ProcessorCount);
        var own = (Process.GetCurrentProcess().TotalProcessorTime - ownCpu).TotalSeconds / (wall * Environment.ProcessorCount);
        // The first second has the code that is compiled at its first use.
        var all = latencies.SelectMany(l => l.Skip(1)).Order().ToArray();
        var bytes = sockets.Sum(s => s.Received) / (double)(all.Length + 2 * Thinking);
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"  {Thinking} sessions that think 1 s: {all.Length / wall:0} steps/s; "
                    + $"p50 {At(all, 0.5):0.00} ms, p99 {At(all, 0.99):0.00} ms; "
                    + $"{bytes:0} bytes an answer; server {cpu:0%}, load {own:0%} of {Environment.ProcessorCount} processors; "
                    + $"{resident / 1000:0} kB resident a session"
            )
        );
        foreach (var socket in sockets)
            socket.Dispose();
        return Say("p99 in ms", At(all, 0.99), LatencyAim, isLeast: false)
            & Say("the server's share of the processors", cpu, CpuAim, isLeast: false);

        async Task Client(RawSocket socket, int number)
        {
            var mine = latencies[number] = [];
            var reads = playable[number % playable.Length].Reads;
            await Wall.Wait(number * 1000 / Thinking);
            for (var step = 0; Wall.Since(began) < 2 * Measured; step++)
            {
                var sent = Wall.Timestamp;
                await socket.Ask(reads[step % reads.Length]);
                mine.Add(Wall.Since(sent).TotalMilliseconds);
                await Wall.Wait(1000);
            }
        }
    }

    // The garbage collector's reserve hides what a session needs, so it is counted in this process, after a collection.
    private static async Task<bool> Managed(IReadOnlyList<PlayedTask> tasks)
    {
        var settings = new ServeSettings
        {
            Environment = new() { Pack = "library", Count = Tasks },
            Port = 0,
        };
        await using var server = await EnvironmentServer.Start(settings, TimeProvider.System, CancellationToken.None);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var sockets = await Opened(new(server.Url), [.. tasks.Where(t => t.Reads.Length > 0)]);
        var bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)Thinking;
        foreach (var socket in sockets)
            socket.Dispose();
        return Say("managed bytes a session, its client's end included", bytes, BytesAim, isLeast: false);
    }

    private static async Task<bool> Expire(Settings settings, IReadOnlyList<PlayedTask> tasks)
    {
        using var server = await ServerProcess.Start(settings, "--count", $"{Tasks}", "--idle", "2s");
        var sockets = await Opened(server.Url, tasks);
        var began = Wall.Timestamp;
        await Task.WhenAll(sockets.Select(Closed));
        var seconds = Wall.Since(began).TotalSeconds;
        foreach (var socket in sockets)
            socket.Dispose();
        return Say($"seconds until {Thinking} idle sessions of --idle 2s are closed", seconds, 10, isLeast: false);

        static async Task Closed(RawSocket socket)
        {
            try
            {
                while (await socket.Receive() is not null) { }
            }
            catch (InvalidOperationException e) when (e.Message.Contains("idle", StringComparison.Ordinal))
            {
                // The error that tells of the end.
            }
        }
    }

    private static async Task<RawSocket[]> Opened(Uri url, IReadOnlyList<PlayedTask> tasks)
    {
        var sockets = new RawSocket[Thinking];
        for (var i = 0; i < Thinking; i++)
        {
            sockets[i] = await RawSocket.Open(url);
            await sockets[i].Ask(tasks[i % tasks.Count].Reset);
        }

        return sockets;
    }

    private static double At(double[] sorted, double share) => sorted[(int)Math.Min(sorted.Length - 1, sorted.Length * share)];

    private static bool Say(string what, double value, double aim, bool isLeast)
    {
        var met = isLeast ? value >= aim : value <= aim;
        var (bound, said) = (isLeast ? "at least" : "at most", met ? "met" : "MISSED");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {what}: {value:0.##} (aim {bound} {aim:0.##}): {said}"));
        return met;
    }
}
