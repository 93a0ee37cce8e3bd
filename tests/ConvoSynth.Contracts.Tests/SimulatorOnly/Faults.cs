using ConvoSynth.Simulation.Runtime.Scheduling;

namespace ConvoSynth.Contracts.Tests.SimulatorOnly;

/// <summary>Failures that a test plants: crashes; lost, duplicated and late calls.</summary>
public sealed class Faults : SimulatorFacts
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(31);

    [Fact]
    public void A_lost_request_does_not_run_and_its_caller_times_out()
    {
        var (simulator, script) = Begin(o => o with { CallFates = new Fates((_, _, _) => CallFate.LoseRequest) });
        script.Note("step");
        var call = Plain(simulator, script).Do("step");
        simulator.Run();
        call.IsCompleted.Should().BeFalse();

        simulator.Advance(Timeout);

        Failure(simulator, call).Should().BeOfType<TimeoutException>();
        script.Log.Entries.Should().BeEmpty();
    }

    [Fact]
    public void A_lost_response_leaves_the_work_done_and_its_caller_times_out()
    {
        var (simulator, script) = Begin(o => o with { CallFates = new Fates((_, _, _) => CallFate.LoseResponse) });
        script.Note("step");
        var call = Plain(simulator, script).Do("step");
        simulator.Run();
        script.Log.Entries.Should().Equal("step");
        call.IsCompleted.Should().BeFalse();

        simulator.Advance(Timeout);

        Failure(simulator, call).Should().BeOfType<TimeoutException>();
    }

    [Fact]
    public void A_doubled_call_runs_twice_and_is_answered_once()
    {
        var (simulator, script) = Begin(o => o with { CallFates = new Fates((_, _, _) => CallFate.DeliverTwice) });
        script.Note("step");

        Result(simulator, Plain(simulator, script).Do("step")).Should().Be("step");

        script.Log.Entries.Should().Equal("step", "step");
    }

    [Fact]
    public void A_late_call_runs_when_it_arrives()
    {
        var (simulator, script) = Begin(o => o with { CallFates = new Fates((_, _, _) => CallFate.DeliverLate) });
        script.Note("step");
        var call = Plain(simulator, script).Do("step");
        simulator.Advance(TimeSpan.FromSeconds(0.9));
        script.Log.Entries.Should().BeEmpty();

        simulator.Advance(TimeSpan.FromSeconds(0.2));

        Result(simulator, call).Should().Be("step");
    }

    [Fact]
    public void The_fate_depends_on_sender_target_and_method()
    {
        var seen = new List<string>();
        var (simulator, script) = Begin(o =>
            o with
            {
                CallFates = new Fates(
                    (sender, target, method) =>
                    {
                        seen.Add($"{sender?.ToString() ?? "client"} {target} {method}");
                        return CallFate.Deliver;
                    }
                ),
            }
        );
        script.Steps["ask b"] = (probe, token) => probe.Other("b").Do("name", token);

        Result(simulator, Plain(simulator, script).Do("ask b")).Should().Be("b");

        var (a, b) = ($"plainprobe/{script.Key("a")}", $"plainprobe/{script.Key("b")}");
        seen.Should().Equal($"client {a} IPlainProbe.Do", $"{a} {b} IPlainProbe.Do");
    }

    [Fact]
    public void A_crashed_activation_stops_where_it_awaits_and_the_next_call_activates_anew()
    {
        var (simulator, script) = Begin();
        script.OnDeactivate = (_, _, _) => throw new InvalidOperationException("a crash tells no grain");
        var gate = script.Gate("long");
        var call = Plain(simulator, script).Do("long");
        var waiting = Plain(simulator, script).Do("number");
        Result(simulator, Plain(simulator, script, "other").Do("number")).Should().Be("1");

        simulator.Cluster.Crash(id => id.Key.ToString() == script.Key("a")).Should().Be(1);
        gate.SetResult();
        simulator.Run();

        script.Log.Entries.Should().Equal("long begins");
        Result(simulator, Plain(simulator, script).Do("number")).Should().Be("2");
        Result(simulator, Plain(simulator, script, "other").Do("number")).Should().Be("1", "it did not crash");
        simulator.Advance(Timeout);
        Failure(simulator, call).Should().BeOfType<TimeoutException>();
        Failure(simulator, waiting).Should().BeOfType<TimeoutException>();
    }

    [Fact]
    public void A_crash_takes_timers_workers_and_pending_turns_with_it()
    {
        var (simulator, script) = Begin();
        script.Steps["start"] = (probe, _) =>
        {
            probe.RegisterGrainTimer(
                () =>
                {
                    probe.Log.Add("tick");
                    return Task.CompletedTask;
                },
                new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1))
            );
            return Task.FromResult("");
        };
        script.Note("never");
        Result(simulator, Plain(simulator, script).Do("start"));
        Result(simulator, Worker(simulator, script).Do("name"));
        _ = Plain(simulator, script).Do("never");

        simulator.Cluster.Crash(_ => true).Should().Be(2);
        simulator.Advance(TimeSpan.FromSeconds(5));

        script.Log.Entries.Should().BeEmpty();
        simulator.Cluster.ActiveGrains().Should().BeEmpty();
        Result(simulator, Worker(simulator, script).Do("name")).Should().Be("a");
    }

    [Fact]
    public void A_forgotten_activation_lives_on_beside_the_next()
    {
        var (simulator, script) = Begin();
        var gate = script.Gate("long");
        var call = Plain(simulator, script).Do("long");
        simulator.Run();

        simulator.Cluster.Forget(_ => true).Should().Be(1);

        Result(simulator, Plain(simulator, script).Do("number")).Should().Be("2");
        gate.SetResult();
        Result(simulator, call).Should().Be("long");
    }

    [Fact]
    public void Calls_to_a_silo_that_died_are_lost_until_its_death_is_known()
    {
        var (simulator, script) = Begin(o => o with { Silos = 2, Placement = _ => 0 });
        Result(simulator, Plain(simulator, script).Do("number")).Should().Be("1");

        simulator.Cluster.KillSilo(0, unnoticed: TimeSpan.FromSeconds(5)).Should().ContainSingle();
        var lost = Plain(simulator, script).Do("number");
        simulator.Advance(TimeSpan.FromSeconds(6));

        lost.IsCompleted.Should().BeFalse();
        Result(simulator, Plain(simulator, script).Do("number")).Should().Be("2");
        simulator.Advance(Timeout);
        Failure(simulator, lost).Should().BeOfType<TimeoutException>();
    }
}
