using Orleans.Runtime;

namespace ConvoSynth.Embedded.Tests;

/// <summary>When timers of grains tick.</summary>
public sealed class Timers : IDisposable
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);
    private readonly Cluster _cluster = new();
    private IGrainTimer? _timer;

    private Script Script => _cluster.Script;

    [Fact]
    public void A_timer_ticks_when_due_and_then_by_its_period()
    {
        Start(() => Task.CompletedTask, new GrainTimerCreationOptions(_second, 2 * _second));
        _cluster.Advance(_second * 0.9);
        Script.Log.Should().BeEmpty();

        _cluster.Advance(_second * 0.2);
        Script.Log.Should().Equal("tick");
        _cluster.Advance(4 * _second);
        Script.Log.Should().Equal("tick", "tick", "tick");
    }

    [Fact]
    public void A_timer_without_a_period_ticks_once()
    {
        Start(() => Task.CompletedTask, new GrainTimerCreationOptions(TimeSpan.Zero, Timeout.InfiniteTimeSpan));

        _cluster.Advance(60 * _second);

        Script.Log.Should().Equal("tick");
    }

    [Fact]
    public void Ticks_do_not_overlap_and_the_period_counts_from_the_end()
    {
        var gate = new TaskCompletionSource();
        Start(() => gate.Task, new GrainTimerCreationOptions(_second, _second));
        _cluster.Advance(10 * _second);
        Script.Log.Should().Equal("tick");

        gate.SetResult();
        _cluster.Run();
        _cluster.Advance(_second * 0.9);
        Script.Log.Should().Equal("tick");
        _cluster.Advance(_second * 0.1);
        Script.Log.Should().Equal("tick", "tick");
    }

    [Fact]
    public void A_tick_waits_for_the_running_request_and_requests_wait_for_the_tick()
    {
        var inTick = new TaskCompletionSource();
        Start(() => inTick.Task, new GrainTimerCreationOptions(_second, Timeout.InfiniteTimeSpan));
        var gate = Script.Gate("long");
        Script.Note("next");
        _ = _cluster.Plain().Do("long");
        _cluster.Run();
        _cluster.Advance(2 * _second);
        _ = _cluster.Plain().Do("next");
        _cluster.Run();
        Script.Log.Should().Equal("long begins");

        gate.SetResult();
        _cluster.Run();
        Script.Log.Should().Equal("long begins", "long ends", "tick");

        inTick.SetResult();
        _cluster.Run();
        Script.Log.Should().Equal("long begins", "long ends", "tick", "next");
    }

    [Fact]
    public void An_interleaving_tick_runs_while_a_request_awaits()
    {
        Start(() => Task.CompletedTask, new GrainTimerCreationOptions(_second, Timeout.InfiniteTimeSpan) { Interleave = true });
        Script.Gate("long");
        _ = _cluster.Plain().Do("long");
        _cluster.Run();

        _cluster.Advance(_second);

        Script.Log.Should().Equal("long begins", "tick");
    }

    [Fact]
    public void A_failing_tick_is_followed_by_the_next()
    {
        Start(() => throw new InvalidOperationException("tick failed"), new GrainTimerCreationOptions(_second, _second));

        _cluster.Advance(3 * _second);

        Script.Log.Should().Equal("tick", "tick", "tick");
        _cluster.Result(_cluster.Plain().Do("number")).Should().Be("1");
    }

    [Fact]
    public void A_changed_timer_follows_the_new_times()
    {
        Start(() => Task.CompletedTask, new GrainTimerCreationOptions(_second, _second));
        Script.Steps["change"] = (_, _) =>
        {
            _timer!.Change(5 * _second, Timeout.InfiniteTimeSpan);
            return Task.FromResult("");
        };
        _cluster.Result(_cluster.Plain().Do("change"));
        _cluster.Advance(4.9 * _second);
        Script.Log.Should().BeEmpty();

        _cluster.Advance(10 * _second);

        Script.Log.Should().Equal("tick");
    }

    [Fact]
    public void A_timer_may_change_itself_in_its_tick()
    {
        Start(
            () =>
            {
                if (Script.Log.Count == 1)
                    _timer!.Change(3 * _second, _second);
                return Task.CompletedTask;
            },
            new GrainTimerCreationOptions(_second, _second));

        _cluster.Advance(3.9 * _second);
        Script.Log.Should().HaveCount(1);
        _cluster.Advance(1.2 * _second);
        Script.Log.Should().HaveCount(3);
    }

    [Fact]
    public void A_disposed_timer_ticks_no_more_and_cancels_its_tick()
    {
        CancellationToken given = default;
        Start(
            async token =>
            {
                given = token;
                await Task.Yield();
                _timer!.Dispose();
                _timer.Dispose();
            },
            new GrainTimerCreationOptions(_second, _second));

        _cluster.Advance(5 * _second);

        Script.Log.Should().Equal("tick");
        given.IsCancellationRequested.Should().BeTrue();
    }

    [Fact]
    public void Timers_end_with_their_activation()
    {
        Start(() => Task.CompletedTask, new GrainTimerCreationOptions(_second, _second));
        Script.Steps["end"] = (probe, _) =>
        {
            probe.EndWhenIdle();
            return Task.FromResult("");
        };
        _cluster.Result(_cluster.Plain().Do("end"));

        _cluster.Advance(5 * _second);

        Script.Log.Should().Equal("disposed");
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public void Ticks_count_as_use_only_where_they_keep_alive(bool keepAlive, int activations)
    {
        var options = new GrainTimerCreationOptions(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1)) { KeepAlive = keepAlive };
        Start(() => Task.CompletedTask, options);

        _cluster.Advance(TimeSpan.FromMinutes(20));

        _cluster.Host.ActiveGrains().Should().HaveCount(activations);
    }

    [Fact]
    public void A_negative_time_is_refused()
    {
        Script.Steps["start"] = (probe, _) =>
        {
            probe.RegisterGrainTimer(() => Task.CompletedTask, -_second, _second);
            return Task.FromResult("");
        };

        _cluster.Failure(_cluster.Plain().Do("start")).Should().BeOfType<ArgumentOutOfRangeException>();
    }

    public void Dispose() => _cluster.Dispose();

    private void Start(Func<Task> tick, GrainTimerCreationOptions options) => Start(_ => tick(), options);

    private void Start(Func<CancellationToken, Task> tick, GrainTimerCreationOptions options)
    {
        Script.Steps["start"] = (probe, _) =>
        {
            _timer = probe.RegisterGrainTimer(
                token =>
                {
                    Script.Log.Add("tick");
                    return tick(token);
                },
                options);
            return Task.FromResult("");
        };
        _cluster.Result(_cluster.Plain().Do("start"));
    }
}
