using ConvoSynth.Contracts.Tests.Harness;

namespace ConvoSynth.Contracts.Tests.SimulatorOnly;

/// <summary>Time limits with Orleans' durations, exact in virtual time.</summary>
public sealed class Hours : SimulatorFacts
{
    [Fact]
    public void A_caller_waits_half_a_minute_and_the_grain_goes_on()
    {
        var (simulator, script) = Begin();
        var gate = script.Gate("long");
        var call = Plain(simulator, script).Do("long");
        simulator.Advance(TimeSpan.FromSeconds(29.9));
        call.IsCompleted.Should().BeFalse();

        simulator.Advance(TimeSpan.FromSeconds(0.5));

        Failure(simulator, call)
            .Should()
            .BeOfType<TimeoutException>()
            .Which.Message.Should()
            .Be(
                $"Response did not arrive on time in 00:00:30 for message: Request [client -> plainprobe/{script.Key("a")}] IPlainProbe.Do."
            );
        gate.SetResult();
        simulator.Run();
        script.Log.Entries.Should().Equal("long begins", "long ends");
    }

    [Fact]
    public void All_calls_share_one_timer_and_it_rests_when_none_is_out()
    {
        var (simulator, script) = Begin();
        Result(simulator, Plain(simulator, script, "0").Do("name"));
        var idle = simulator.Clock.ArmedTimers;
        var gate = script.Gate("long");
        for (var i = 0; i < 100; i++)
            _ = Plain(simulator, script, $"{i}").Do("long");
        simulator.Run();
        simulator.Clock.ArmedTimers.Should().BeLessThanOrEqualTo(idle + 1);

        gate.SetResult();
        simulator.Advance(TimeSpan.FromSeconds(31));

        simulator.Clock.ArmedTimers.Should().Be(0, "neither a call nor an activation is left");
    }

    [Fact]
    public void Neither_a_timer_nor_a_canceller_runs_the_callers_code()
    {
        var (simulator, script) = Begin();
        using var cancel = new CancellationTokenSource();
        script.Gate("long");
        var continued = new List<string>();
        _ = simulator.Steps.Client(() => After(Plain(simulator, script, "a").Do("long"), "timeout"));
        _ = simulator.Steps.Client(() => After(Plain(simulator, script, "b").Do("long", cancel.Token), "cancellation"));
        simulator.Run();

        simulator.Clock.Advance(TimeSpan.FromSeconds(31));
        cancel.Cancel();
        continued.Should().BeEmpty();
        simulator.Run();
        continued.Should().BeEquivalentTo("timeout", "cancellation");

        async Task<string> After(Task call, string what)
        {
            await call.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Current);
            continued.Add(what);
            return what;
        }
    }

    [Fact]
    public void An_activation_that_takes_too_long_is_given_up()
    {
        var cancelled = false;
        var (simulator, script) = Begin(o => o with { ResponseTimeout = TimeSpan.FromMinutes(5) });
        script.OnActivate = (_, token) =>
        {
            token.Register(() => cancelled = true);
            return new TaskCompletionSource().Task;
        };
        var call = Plain(simulator, script).Do("name");
        simulator.Advance(TimeSpan.FromSeconds(29.9));
        call.IsCompleted.Should().BeFalse();

        simulator.Advance(TimeSpan.FromSeconds(0.2));

        Failure(simulator, call).Should().BeOfType<TimeoutException>();
        cancelled.Should().BeTrue();
    }

    [Fact]
    public void What_a_grain_hangs_on_a_token_may_fail_without_stopping_its_turns()
    {
        var (simulator, script) = Begin(o => o with { ResponseTimeout = TimeSpan.FromMinutes(5) });
        script.OnActivate = (_, token) =>
        {
            token.Register(() => throw new InvalidOperationException("callback failed"));
            return new TaskCompletionSource().Task;
        };
        var call = Plain(simulator, script).Do("name");

        simulator.Advance(TimeSpan.FromSeconds(30.1));

        Failure(simulator, call).Should().BeOfType<TimeoutException>();
    }

    [Fact]
    public void A_deactivation_that_takes_too_long_is_cut_off()
    {
        var (simulator, script) = Begin(o => o with { ResponseTimeout = TimeSpan.FromMinutes(5) });
        script.OnDeactivate = (_, _, _) => new TaskCompletionSource().Task;
        Result(simulator, Plain(simulator, script).Do("end"));
        var next = Plain(simulator, script).Do("number");
        simulator.Advance(TimeSpan.FromSeconds(29.9));
        next.IsCompleted.Should().BeFalse("the old activation is still there");

        simulator.Advance(TimeSpan.FromSeconds(0.1));

        Result(simulator, next).Should().Be("2");
    }

    [Fact]
    public void An_activation_is_collected_a_quarter_of_an_hour_after_its_last_use()
    {
        var (age, quantum) = (TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(1));
        var (simulator, script) = Begin(o => o with { CollectionAge = age, CollectionQuantum = quantum });
        Result(simulator, Plain(simulator, script).Do("name"));
        simulator.Advance(TimeSpan.FromMinutes(10));
        Result(simulator, Plain(simulator, script).Do("name"));
        simulator.Advance(TimeSpan.FromMinutes(14));
        simulator.Cluster.ActiveGrains().Should().ContainSingle();

        simulator.Advance(TimeSpan.FromMinutes(2.1));

        simulator.Cluster.ActiveGrains().Should().BeEmpty();
        simulator.Advance(TimeSpan.FromMinutes(1));
        simulator.Clock.ArmedTimers.Should().Be(0, "there is nothing left to look after");
    }

    [Fact]
    public void Idle_stateless_workers_are_collected_and_made_anew()
    {
        var (simulator, script) = Begin();
        Result(simulator, Worker(simulator, script).Do("name"));
        simulator.Advance(TimeSpan.FromSeconds(12));
        simulator.Cluster.ActiveGrains().Should().BeEmpty();

        Result(simulator, Worker(simulator, script).Do("number")).Should().Be("2");
    }

    [Fact]
    public void A_stop_ends_all_activations_in_the_order_of_their_creation()
    {
        var (simulator, script) = Begin();
        script.OnDeactivate = (probe, reason, _) =>
        {
            probe.Log.Add($"{probe.Name} {reason.ReasonCode}");
            return Task.CompletedTask;
        };
        foreach (var name in new[] { "c", "a", "b" })
            Result(simulator, Plain(simulator, script, name).Do("name"));

        Stop(simulator).Should().Be(0);

        script
            .Log.Entries.Where(e => !e.EndsWith("disposed", StringComparison.Ordinal))
            .Should()
            .Equal("c ShuttingDown", "a ShuttingDown", "b ShuttingDown");
        Failure(simulator, Plain(simulator, script).Do("name")).Should().BeOfType<SiloUnavailableException>();
    }

    [Fact]
    public void While_grains_stop_they_can_call_grains_that_are_active_but_activate_none()
    {
        var (simulator, script) = Begin();
        var stop = new TaskCompletionSource();
        Result(simulator, Plain(simulator, script).Do("name"));
        Result(simulator, Plain(simulator, script, "sink").Do("name"));
        script.OnDeactivate = async (probe, _, token) =>
        {
            if (probe.Name != "a")
            {
                await stop.Task;
                return;
            }

            var refused = async () => await probe.Other("new").Do("name", token);
            await refused.Should().ThrowAsync<SiloUnavailableException>();
            probe.Log.Add("refused");
            stop.SetResult();
        };

        Stop(simulator).Should().Be(0);

        script.Log.Entries.Should().Contain("refused");
    }

    [Fact]
    public void A_stop_is_bounded_and_callers_that_wait_then_get_an_error()
    {
        var (simulator, script) = Begin(o => o with { ResponseTimeout = TimeSpan.FromHours(1) });
        script.Gate("for ever");
        var call = Plain(simulator, script, "stuck").Do("for ever");
        simulator.Run();
        var stop = simulator.Steps.Client(() => simulator.Cluster.StopAsync());
        simulator.Advance(TimeSpan.FromSeconds(29.9));
        stop.IsCompleted.Should().BeFalse();

        simulator.Advance(TimeSpan.FromSeconds(0.2));

        stop.IsCompletedSuccessfully.Should().BeTrue();
        Failure(simulator, call).Should().BeOfType<SiloUnavailableException>();
    }

    private static int Stop(Simulator simulator)
    {
        var stop = simulator.Steps.Client(() => simulator.Cluster.StopAsync());
        simulator.Run();
        stop.IsCompletedSuccessfully.Should().BeTrue();
#pragma warning disable VSTHRD002 // It has completed, so this does not block.
        return stop.Result;
#pragma warning restore VSTHRD002
    }
}
