using ConvoSynth.Contracts.Tests.Harness;
using ConvoSynth.Simulation.Runtime.Scheduling;

namespace ConvoSynth.Contracts.Tests.SimulatorOnly;

/// <summary>Checks that the scheduler decides everything: one thread, one turn per step, one order per seed.</summary>
public sealed class OneThread : SimulatorFacts
{
    [Fact]
    public void Everything_runs_on_the_thread_of_the_scheduler()
    {
        var observer = new ThreadObserver();
        var (simulator, script) = Begin(o => o with { Wire = true, PostObserver = observer });

        Exercise(simulator, script);

        observer.Posts.Should().BeGreaterThan(50);
        observer.Threads.Should().Equal(Environment.CurrentManagedThreadId);
    }

    [Fact]
    public void A_continuation_from_a_foreign_thread_is_seen_with_its_target()
    {
        var observer = new ThreadObserver();
        var (simulator, script) = Begin(o => o with { PostObserver = observer });
        var gate = script.Gate("long");
        var call = Plain(simulator, script, "k").Do("long");
        simulator.Run();
        var thread = new Thread(gate.SetResult);
        thread.Start();
        thread.Join();

        Result(simulator, call).Should().Be("long");
        observer.Foreign.Should().Equal($"plainprobe/{script.Key("k")}");
    }

    [Fact]
    public void The_same_seed_gives_the_same_order_and_others_give_others()
    {
        var orders = new ulong[] { 1, 1, 2, 3, 4 }
            .Select(OrderOf)
            .ToArray();

        orders[0].Should().Be(orders[1]);
        orders.Distinct().Should().HaveCountGreaterThan(2);
    }

    [Fact]
    public void Each_step_runs_one_turn()
    {
        var (simulator, script) = Begin();
        script.Note("step");
        _ = Plain(simulator, script).Do("step");
        _ = Plain(simulator, script).Do("step");

        simulator.Steps.Step().Should().BeTrue();
        script.Log.Entries.Should().Equal("step");
        simulator.Steps.Step().Should().BeTrue();
        script.Log.Entries.Should().Equal("step", "step");
        simulator.Steps.Step().Should().BeFalse();
    }

    private string OrderOf(ulong seed)
    {
        var (simulator, script) = Begin(seed: seed);
        Exercise(simulator, script);
        return string.Join(' ', simulator.Steps.Executed);
    }

    // Covers calls among grains, timers, a timeout, a cancellation, a collection and a stop.
    private static void Exercise(Simulator simulator, Script script)
    {
        script.Gate("never");
        script.Steps["fan out"] = async (probe, token) =>
        {
            using var timer = probe.RegisterGrainTimer(() => Task.CompletedTask, new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)));
            return string.Concat(await Task.WhenAll("abcde".Select(name => probe.Other($"{name}").Do("name", token))));
        };
        using var cancel = new CancellationTokenSource();
        var calls = Enumerable.Range(0, 5).Select(i => Plain(simulator, script, $"{i}").Do("fan out")).ToArray();
        var late = Plain(simulator, script, "late").Do("never");
        var cancelled = Plain(simulator, script, "cancelled").Do("never", cancel.Token);
        calls.Select(call => Result(simulator, call)).Should().AllBe("abcde");
        cancel.Cancel();
        Failure(simulator, cancelled).Should().BeAssignableTo<OperationCanceledException>();
        simulator.Advance(TimeSpan.FromSeconds(31));
        Failure(simulator, late).Should().BeOfType<TimeoutException>();
        Result(simulator, Plain(simulator, script).Do("name"));
        var stop = simulator.Steps.Client(() => simulator.Cluster.StopAsync());
        simulator.Advance(TimeSpan.FromSeconds(31));
        stop.IsCompletedSuccessfully.Should().BeTrue();
    }

    private sealed class ThreadObserver : IPostObserver
    {
        private readonly int _home = Environment.CurrentManagedThreadId;

        public int Posts { get; private set; }

        public HashSet<int> Threads { get; } = [];

        public List<string> Foreign { get; } = [];

        public void Posted(GrainId target, Task? continuation)
        {
            lock (Foreign)
            {
                Posts++;
                Threads.Add(Environment.CurrentManagedThreadId);
                if (Environment.CurrentManagedThreadId != _home && continuation is not null)
                    Foreign.Add(target.ToString());
            }
        }
    }
}
