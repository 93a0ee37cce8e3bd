using ConvoSynth.Contracts.Tests.Harness;

namespace ConvoSynth.Contracts.Tests.Facts;

/// <summary>When timers of grains tick.</summary>
public abstract class Timers(IRuntimeUnderTest runtime) : TimerContract(runtime)
{
    // A system timer may fire early by this much.
    private static readonly TimeSpan Early = TimeSpan.FromMilliseconds(10);

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
            new(due, period)
        );
        await Logged("tick", 3);
        await Settle(Plain().Do("stop"));

        ticks[0].Should().BeGreaterThan(due - Early);
        (ticks[1] - ticks[0]).Should().BeGreaterThan(period - Early);
        (ticks[2] - ticks[1]).Should().BeGreaterThan(period - Early);
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
            new(TimeSpan.Zero, period)
        );
        await Logged("tick");
        await Later(ticks: 6);
        Log.Count("tick").Should().Be(1);

        var opened = Time.GetTimestamp();
        gate.SetResult();
        await Logged("tick", 2);

        Time.GetElapsedTime(opened, ticks[1]).Should().BeGreaterThan(period - Early);
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
            Timer!.Change(Short, Short);
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
                if (Log.Count("tick") == 2)
                    Timer!.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                return Task.CompletedTask;
            },
            new(Short, Short)
        );
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
                Timer!.Dispose();
                Timer.Dispose();
                cancelled = token.IsCancellationRequested;
            },
            new(Short, Short)
        );
        await Logged("tick");

        await Later();

        Log.Count("tick").Should().Be(1);
        cancelled.Should().BeTrue();
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
}

[Collection(nameof(OrleansSilo))]
public sealed class TimersOnASilo(OrleansSilo silo) : Timers(silo);

public sealed class TimersInTheSimulator(Simulator simulator) : Timers(simulator), IClassFixture<Simulator>;
