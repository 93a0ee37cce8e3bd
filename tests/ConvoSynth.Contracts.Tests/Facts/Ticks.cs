using ConvoSynth.Contracts.Tests.Harness;

namespace ConvoSynth.Contracts.Tests.Facts;

/// <summary>How ticks and requests of an activation share its turns.</summary>
public abstract class Ticks(IRuntimeUnderTest runtime) : TimerContract(runtime)
{
    [Fact]
    public async Task A_timer_that_is_due_at_once_ticks_after_the_turn_that_registered_it()
    {
        Script.Steps["start"] = (probe, _) =>
        {
            probe.RegisterGrainTimer(Tick, new(TimeSpan.Zero, Timeout.InfiniteTimeSpan));
            probe.Log.Add("registered");
            return Task.FromResult("");

            Task Tick()
            {
                probe.Log.Add("tick");
                return Task.CompletedTask;
            }
        };
        await Settle(Plain().Do("start"));
        await Logged("tick");

        Log.Entries.Should().Equal("registered", "tick");
    }

    [Fact]
    public async Task A_tick_runs_on_the_activations_scheduler_and_comes_back_to_it()
    {
        var schedulers = new List<TaskScheduler>();
        Script.Steps["step"] = (_, _) =>
        {
            schedulers.Add(TaskScheduler.Current);
            return Task.FromResult("");
        };
        await Start(
            async _ =>
            {
                schedulers.Add(TaskScheduler.Current);
                await Task.Yield();
                schedulers.Add(TaskScheduler.Current);
                Log.Add("ticked");
            },
            new(TimeSpan.Zero, Timeout.InfiniteTimeSpan)
        );
        await Logged("ticked");
        await Settle(Plain().Do("step"));

        schedulers.Should().HaveCount(3).And.OnlyContain(s => s == schedulers[0]);
        schedulers[0].Should().NotBeSameAs(TaskScheduler.Default);
    }

    [Fact]
    public async Task A_tick_waits_for_the_running_request_and_requests_wait_for_the_tick()
    {
        var ticking = new TaskCompletionSource();
        var gate = Script.Gate("long");
        Script.Note("next");
        await Start(
            async _ =>
            {
                await ticking.Task;
                Log.Add("tick ends");
            },
            new(TimeSpan.FromMilliseconds(100), Timeout.InfiniteTimeSpan)
        );
        var call = Plain().Do("long");
        await Logged("long begins");
        await Later(ticks: 8);
        Log.Count("tick").Should().Be(0);

        gate.SetResult();
        await Settle(call);
        await Logged("tick");
        var next = Plain().Do("next");
        await Received(Plain());
        Log.Count("next").Should().Be(0);
        ticking.SetResult();
        await Settle(next);

        Log.Entries.Where(e => e is not "later").Should().Equal("long begins", "long ends", "tick", "tick ends", "next");
    }

    [Fact]
    public async Task An_interleaving_tick_runs_while_a_request_awaits()
    {
        var gate = Script.Gate("long");
        await Start(_ => Task.CompletedTask, new(TimeSpan.FromMilliseconds(100), Short) { Interleave = true });
        var call = Plain().Do("long");
        await Logged("long begins");
        var before = Log.Count("tick");

        await Logged("tick", before + 2);

        call.IsCompleted.Should().BeFalse();
        gate.SetResult();
        await Settle(call);
        await Settle(Plain().Do("stop"));
    }

    [Fact]
    public async Task An_interleaving_call_runs_while_a_tick_awaits()
    {
        var ticking = new TaskCompletionSource();
        await Start(_ => ticking.Task, new(TimeSpan.Zero, Timeout.InfiniteTimeSpan));
        await Logged("tick");

        (await Settle(Plain().Peek("name"))).Should().Be("a");

        ticking.SetResult();
    }

    [Fact]
    public async Task Timers_end_with_their_activation()
    {
        await Start(_ => Task.CompletedTask, new(Short, Short));
        await Logged("tick");
        await Settle(Plain().Do("end"));
        await Logged("a disposed");
        var ticks = Log.Count("tick");

        await Later();

        Log.Count("tick").Should().Be(ticks);
    }

    [Fact]
    public async Task A_timer_that_is_registered_while_its_grain_is_activated_ticks_when_that_is_done()
    {
        var activated = new TaskCompletionSource();
        Script.OnActivate = async (probe, _) =>
        {
            if (probe.Name != "a")
                return;
            probe.RegisterGrainTimer(Tick, new(TimeSpan.Zero, Timeout.InfiniteTimeSpan));
            await activated.Task;
            probe.Log.Add("activated");

            Task Tick()
            {
                probe.Log.Add("tick");
                return Task.CompletedTask;
            }
        };
        var call = Plain().Do("name");
        await Later();
        Log.Entries.Should().Equal("later");

        activated.SetResult();

        await Settle(call);
        await Logged("tick");
        Log.Entries.Should().Equal("later", "activated", "tick");
    }

    [Fact]
    public async Task An_activation_that_ends_waits_for_its_tick()
    {
        var ticking = new TaskCompletionSource();
        await Start(
            async _ =>
            {
                await ticking.Task;
                Log.Add("tick ends");
            },
            new(TimeSpan.Zero, Timeout.InfiniteTimeSpan)
        );
        await Logged("tick");
        await Settle(Plain().Peek("end"));
        await Later();
        Log.Count("a disposed").Should().Be(0);

        ticking.SetResult();

        await Logged("a disposed");
        Log.Entries.Where(e => e is not "later").Should().Equal("tick", "tick ends", "a disposed");
    }

    [Fact]
    public async Task A_tick_that_waits_does_not_run_when_its_timer_is_disposed_meanwhile()
    {
        var gate = new TaskCompletionSource();
        await Start(_ => Task.CompletedTask, new(TimeSpan.FromMilliseconds(100), Short));
        Script.Steps["long"] = async (probe, _) =>
        {
            probe.Log.Add("long begins");
            await gate.Task;
            Timer!.Dispose();
            return "";
        };
        var call = Plain().Do("long");
        await Logged("long begins");
        var before = Log.Count("tick");
        await Later(ticks: 8);

        gate.SetResult();
        await Settle(call);
        await Later();

        Log.Count("tick").Should().Be(before);
    }

    [Fact]
    public async Task A_grain_may_end_in_its_tick()
    {
        Script.OnDeactivate = (_, reason, _) =>
        {
            Log.Add($"{reason.ReasonCode}");
            return Task.CompletedTask;
        };
        Script.Steps["start"] = (probe, _) =>
        {
            probe.RegisterGrainTimer(
                () =>
                {
                    probe.EndWhenIdle();
                    return Task.CompletedTask;
                },
                new(Short, Short)
            );
            return Task.FromResult("");
        };
        await Settle(Plain().Do("start"));

        await Logged("a disposed");

        Log.Entries.Should().Equal("ApplicationRequested", "a disposed");
    }
}

[Collection(nameof(OrleansSilo))]
public sealed class TicksOnASilo(OrleansSilo silo) : Ticks(silo);

public sealed class TicksInTheSimulator(Simulator simulator) : Ticks(simulator), IClassFixture<Simulator>;
