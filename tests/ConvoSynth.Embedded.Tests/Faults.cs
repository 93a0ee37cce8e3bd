using ConvoSynth.Embedded.Scheduling;
using Orleans.Runtime;

namespace ConvoSynth.Embedded.Tests;

/// <summary>Faults that a test plants: crashes, lost and doubled calls.</summary>
public sealed class Faults
{
    [Fact]
    public void A_lost_request_does_not_run_and_its_caller_times_out()
    {
        using var cluster = With(CallFate.LoseRequest);
        cluster.Script.Note("step");
        var call = cluster.Plain().Do("step");
        cluster.Run();
        call.IsCompleted.Should().BeFalse();

        cluster.Advance(TimeSpan.FromSeconds(31));

        cluster.Failure(call).Should().BeOfType<TimeoutException>();
        cluster.Script.Log.Should().BeEmpty();
    }

    [Fact]
    public void A_lost_response_leaves_the_work_done_and_its_caller_times_out()
    {
        using var cluster = With(CallFate.LoseResponse);
        cluster.Script.Note("step");
        var call = cluster.Plain().Do("step");
        cluster.Run();

        cluster.Script.Log.Should().Equal("step");
        cluster.Advance(TimeSpan.FromSeconds(31));
        cluster.Failure(call).Should().BeOfType<TimeoutException>();
    }

    [Fact]
    public void A_doubled_call_runs_twice_and_is_answered_once()
    {
        using var cluster = With(CallFate.DeliverTwice);
        cluster.Script.Note("step");

        cluster.Result(cluster.Plain().Do("step")).Should().Be("step");

        cluster.Script.Log.Should().Equal("step", "step");
    }

    [Fact]
    public void The_fate_depends_on_sender_target_and_method()
    {
        var seen = new List<string>();
        using var cluster = new Cluster(configure: options => options.CallFates = new Fates((sender, target, method) =>
        {
            seen.Add($"{sender?.ToString() ?? "client"} {target} {method}");
            return CallFate.Deliver;
        }));
        cluster.Script.Steps["ask b"] = (probe, token) => probe.Grains.GetGrain<IPlainProbe>("b").Do("key", token);

        cluster.Result(cluster.Plain().Do("ask b")).Should().Be("b");

        seen.Should().Equal("client plainprobe/a IPlainProbe.Do", "plainprobe/a plainprobe/b IPlainProbe.Do");
    }

    [Fact]
    public void A_crashed_activation_stops_where_it_awaits_and_the_next_call_activates_anew()
    {
        using var cluster = new Cluster();
        cluster.Script.OnDeactivate = (_, _, _) => throw new InvalidOperationException("a crash tells nobody");
        var gate = cluster.Script.Gate("long");
        var call = cluster.Plain().Do("long");
        var waiting = cluster.Plain().Do("number");
        cluster.Result(cluster.Plain("other").Do("key"));

        cluster.Host.Crash(id => id.Key.ToString() == "a").Should().Be(1);
        gate.SetResult();
        cluster.Run();

        cluster.Script.Log.Should().Equal("long begins");
        cluster.Result(cluster.Plain().Do("number")).Should().Be("3");
        cluster.Result(cluster.Plain("other").Do("number")).Should().Be("2", "it did not crash");
        cluster.Advance(TimeSpan.FromSeconds(31));
        cluster.Failure(call).Should().BeOfType<TimeoutException>();
        cluster.Failure(waiting).Should().BeOfType<TimeoutException>();
    }

    [Fact]
    public void A_crash_takes_timers_workers_and_pending_turns_with_it()
    {
        using var cluster = new Cluster();
        cluster.Script.Steps["start"] = (probe, token) =>
        {
            probe.RegisterGrainTimer(
                () =>
                {
                    cluster.Script.Log.Add("tick");
                    return Task.CompletedTask;
                },
                TimeSpan.FromSeconds(1),
                TimeSpan.FromSeconds(1));
            return Task.FromResult("");
        };
        cluster.Script.Note("never");
        cluster.Result(cluster.Plain().Do("start"));
        cluster.Result(cluster.Worker().Do("key"));
        _ = cluster.Plain().Do("never");

        cluster.Host.Crash(_ => true).Should().Be(2);
        cluster.Advance(TimeSpan.FromSeconds(5));

        cluster.Script.Log.Should().BeEmpty();
        cluster.Host.ActiveGrains().Should().BeEmpty();
        cluster.Result(cluster.Worker().Do("key")).Should().Be("a");
    }

    private static Cluster With(CallFate fate) =>
        new(configure: options => options.CallFates = new Fates((_, _, _) => fate));

    private sealed class Fates(Func<GrainId?, GrainId, string, CallFate> decide) : ICallFates
    {
        public CallFate FateOf(GrainId? sender, GrainId target, string method) => decide(sender, target, method);
    }
}
