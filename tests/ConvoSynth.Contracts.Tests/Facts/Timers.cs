using ConvoSynth.Contracts.Tests.Harness;
using ConvoSynth.Contracts.Tests.Probes;

namespace ConvoSynth.Contracts.Tests.Facts;

/// <summary>When timers of grains tick.</summary>
public abstract class Timers(IRuntimeUnderTest runtime) : Contract(runtime)
{
    // A timer of the system may fire this much before its time.
    private static readonly TimeSpan Early = TimeSpan.FromMilliseconds(10);
    private IGrainTimer? _timer;

    [Fact]
    public async Task A_timer_ticks_when_due_and_then_by_its_period()
    {
        var (due, period) = (TimeSpan.FromMilliseconds(120), TimeSpan.FromMilliseconds(60));
        var began = Time.GetTimestamp();
        var ticks = new List<TimeSpan>();
        await Start(
            _ =>
            {
                ticks.Add(Time.GetElapsedTime(began));
                return Task.CompletedTask;
            },
            new(due, period));
        await Logged("tick", 3);
        await Settle(Plain().Do("stop"));

        ticks[0].Should().BeGreaterThan(due - Early);
        (ticks[1] - ticks[0]).Should().BeGreaterThan(period - Early);
        (ticks[2] - ticks[1]).Should().BeGreaterThan(period - Early);
    }

    [Fact]
    public async Task A_timer_that_is_due_at_once_ticks_after_the_turn_that_registered_it()
    {
        Script.Steps["start"] = (probe, _) =>
        {
            _timer = probe.RegisterGrainTimer(Tick, new(TimeSpan.Zero, Timeout.InfiniteTimeSpan));
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
    public async Task A_timer_without_a_period_ticks_once()
    {
        await Start(_ => Task.CompletedTask, new(TimeSpan.Zero, Timeout.InfiniteTimeSpan));
        await Logged("tick");

        await Later();

        Log.Count("tick").Should().Be(1);
    }

    [Fact]
    public async Task Ticks_do_not_overlap_and_the_period_counts_from_the_end()
    {
        var period = TimeSpan.FromMilliseconds(60);
        var gate = new TaskCompletionSource();
        var ticks = new List<long>();
        await Start(
            _ =>
            {
                ticks.Add(Time.GetTimestamp());
                return gate.Task;
            },
            new(TimeSpan.Zero, period));
        await Logged("tick");
        await Later(ticks: 6);
        Log.Count("tick").Should().Be(1);

        var opened = Time.GetTimestamp();
        gate.SetResult();
        await Logged("tick", 2);

        Time.GetElapsedTime(opened, ticks[1]).Should().BeGreaterThan(period - Early);
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
            new(TimeSpan.Zero, Timeout.InfiniteTimeSpan));
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
            new(TimeSpan.FromMilliseconds(100), Timeout.InfiniteTimeSpan));
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
    public async Task A_failing_tick_is_followed_by_the_next()
    {
        await Start(_ => throw new InvalidOperationException("tick failed"), new(Short, Short));

        await Logged("tick", 3);

        await Settle(Plain().Do("stop"));
        (await Settle(Plain().Do("number"))).Should().Be("1");
    }

    [Fact]
    public async Task A_timer_that_is_changed_to_be_due_ticks()
    {
        await Start(_ => Task.CompletedTask, new(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan));
        await Later();
        Log.Count("tick").Should().Be(0);
        Script.Steps["change"] = (_, _) =>
        {
            _timer!.Change(Short, Short);
            return Task.FromResult("");
        };

        await Settle(Plain().Do("change"));

        await Logged("tick", 2);
        await Settle(Plain().Do("stop"));
    }

    [Fact]
    public async Task A_tick_may_change_its_timer_to_tick_no_more()
    {
        await Start(
            _ =>
            {
                if (Log.Count("tick") == 2) _timer!.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                return Task.CompletedTask;
            },
            new(Short, Short));
        await Logged("tick", 2);

        await Later();

        Log.Count("tick").Should().Be(2);
    }

    [Fact]
    public async Task A_disposed_timer_ticks_no_more_and_cancels_the_token_of_its_tick()
    {
        var cancelled = false;
        await Start(
            async token =>
            {
                await Task.Yield();
                _timer!.Dispose();
                _timer.Dispose();
                cancelled = token.IsCancellationRequested;
            },
            new(Short, Short));
        await Logged("tick");

        await Later();

        Log.Count("tick").Should().Be(1);
        cancelled.Should().BeTrue();
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
                new(Short, Short));
            return Task.FromResult("");
        };
        await Settle(Plain().Do("start"));

        await Logged("a disposed");

        Log.Entries.Should().Equal("ApplicationRequested", "a disposed");
    }

    [Fact]
    public async Task A_negative_time_is_refused()
    {
        Script.Steps["start"] = (probe, _) =>
        {
            probe.RegisterGrainTimer(() => Task.CompletedTask, new(-Short, Short));
            return Task.FromResult("");
        };

        (await Failure(Plain().Do("start"))).Should().BeOfType<ArgumentOutOfRangeException>();
    }

    private Task<string> Start(Func<CancellationToken, Task> tick, GrainTimerCreationOptions options)
    {
        Script.Steps["start"] = (probe, _) =>
        {
            _timer = probe.RegisterGrainTimer(
                token =>
                {
                    probe.Log.Add("tick");
                    return tick(token);
                },
                options);
            return Task.FromResult("");
        };
        Script.Steps["stop"] = (_, _) =>
        {
            _timer!.Dispose();
            return Task.FromResult("");
        };
        return Settle(Plain().Do("start"));
    }
}

[Collection(nameof(OrleansSilo))]
public sealed class TimersOnASilo(OrleansSilo silo) : Timers(silo);
