using ConvoSynth.Embedded.Scheduling;
using Orleans.Runtime;

namespace ConvoSynth.Embedded.Tests;

/// <summary>That a scheduler of one's own decides everything.</summary>
public sealed class Scheduling
{
    [Fact]
    public void Everything_runs_on_the_thread_of_the_scheduler()
    {
        var observer = new ThreadObserver();
        using var cluster = new Cluster(wire: true, configure: options => options.PostObserver = observer);
        Exercise(cluster);

        observer.Posts.Should().BeGreaterThan(50);
        observer.Threads.Should().Equal(Environment.CurrentManagedThreadId);
    }

    [Fact]
    public void A_continuation_from_a_foreign_thread_is_seen_with_its_target()
    {
        var observer = new ThreadObserver();
        using var cluster = new Cluster(configure: options => options.PostObserver = observer);
        var gate = cluster.Script.Gate("long");
        var call = cluster.Plain("k").Do("long");
        cluster.Run();
        var thread = new Thread(gate.SetResult);
        thread.Start();
        thread.Join();

        cluster.Result(call).Should().Be("long");
        observer.Foreign.Should().Equal("plainprobe/k");
    }

    [Fact]
    public void The_same_seed_gives_the_same_order_and_others_give_others()
    {
        var orders = new ulong[] { 1, 1, 2, 3, 4 }.Select(OrderOf).ToArray();

        orders[0].Should().Be(orders[1]);
        orders.Distinct().Should().HaveCountGreaterThan(2);
    }

    [Fact]
    public void Each_step_runs_one_turn()
    {
        using var cluster = new Cluster();
        cluster.Script.Note("step");
        _ = cluster.Plain().Do("step");
        _ = cluster.Plain().Do("step");
        cluster.Run();

        cluster.Scheduler.Executed.Should().Equal("plainprobe/a", "plainprobe/a");
    }

    [Fact]
    public void An_activation_gives_way_to_those_under_way_when_it_begins_and_not_after()
    {
        using var cluster = new Cluster();
        cluster.Script.Note("step");
        var first = cluster.Plain().Do("step");
        cluster.Run();
        first.IsCompletedSuccessfully.Should().BeTrue();
        cluster.Scheduler.GaveWay.Should().Equal("plainprobe/a");

        var second = cluster.Plain().Do("step");
        cluster.Run();

        second.IsCompletedSuccessfully.Should().BeTrue();
        cluster.Scheduler.GaveWay.Should().Equal("plainprobe/a");
    }

    private static string OrderOf(ulong seed)
    {
        using var cluster = new Cluster(seed: seed);
        Exercise(cluster);
        return string.Join(' ', cluster.Scheduler.Executed);
    }

    // Calls among grains, a timeout, a cancellation, timers, a sequence, a collection and a stop.
    private static void Exercise(Cluster cluster)
    {
        var script = cluster.Script;
        script.Gate("never");
        script.Steps["fan out"] = async (probe, token) =>
        {
            using var timer = probe.RegisterGrainTimer(() => Task.CompletedTask, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
            var answers = await Task.WhenAll("abcde".Select(key => probe.Grains.GetGrain<IPlainProbe>($"{key}").Do("key", token)));
            return string.Concat(answers);
        };
        using var cancel = new CancellationTokenSource();
        var calls = Enumerable.Range(0, 5).Select(i => cluster.Reentrant($"{i}").Do("fan out")).ToArray();
        var late = cluster.Plain("late").Do("never");
        var cancelled = cluster.Plain("cancelled").Do("never", cancel.Token);
        calls.Select(cluster.Result).Should().AllBe("abcde");
        cancel.Cancel();
        cluster.Failure(cancelled).Should().BeAssignableTo<OperationCanceledException>();
        cluster.Advance(TimeSpan.FromSeconds(31));
        cluster.Failure(late).Should().BeOfType<TimeoutException>();
        cluster.Advance(TimeSpan.FromMinutes(17));
        cluster.Result(cluster.Plain("a").Do("key"));
        var stop = cluster.Client(() => cluster.Host.StopAsync());
        cluster.Run();
        cluster.Advance(TimeSpan.FromSeconds(31));
        cluster.Result(stop).Should().Be(2);
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
