using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace ConvoSynth.Embedded.Tests;

/// <summary>How activations begin and end.</summary>
public sealed class Lifecycle : IDisposable
{
    private readonly Cluster _cluster = new();

    public Lifecycle()
    {
        Script.Steps["end"] = (probe, _) =>
        {
            probe.EndWhenIdle();
            return Task.FromResult("ending");
        };
        Script.OnDeactivate = (probe, reason, _) =>
        {
            Script.Log.Add($"{probe.GetPrimaryKeyString()} deactivated: {reason.ReasonCode}");
            return Task.CompletedTask;
        };
    }

    private Script Script => _cluster.Script;

    [Fact]
    public void A_failing_activation_rejects_what_waits_and_the_next_call_activates_anew()
    {
        var activating = new TaskCompletionSource();
        Script.OnActivate = (_, _) => activating.Task;
        var calls = new[] { _cluster.Plain().Do("key"), _cluster.Plain().Peek("key") };
        _cluster.Run();
        activating.SetException(new InvalidDataException("no journal"));

        foreach (var call in calls)
            _cluster.Failure(call).Should().BeOfType<InvalidDataException>().Which.Message.Should().Be("no journal");
        _cluster.Host.ActiveGrains().Should().BeEmpty();
        Script.Log.Should().Equal("disposed");

        Script.OnActivate = (_, _) => Task.CompletedTask;
        _cluster.Result(_cluster.Plain().Do("number")).Should().Be("2");
    }

    [Fact]
    public void A_failing_constructor_rejects_the_call()
    {
        Script.OnConstruct = () => throw new InvalidDataException("no luck");

        var failure = _cluster.Failure(_cluster.Plain().Do("key"));
        failure.Should().BeOfType<InvalidOperationException>().Which.Message.Should().Be("PlainProbeGrain could not be constructed for plainprobe/a: no luck");
        failure.InnerException.Should().BeOfType<InvalidDataException>();
        _cluster.Host.ActiveGrains().Should().BeEmpty();
    }

    [Fact]
    public void An_activation_that_takes_too_long_is_given_up()
    {
        var cancelled = false;
        Script.OnActivate = (_, token) =>
        {
            token.Register(() => cancelled = true);
            return new TaskCompletionSource().Task;
        };
        using var patient = new Cluster(configure: options => options.ResponseTimeout = TimeSpan.FromMinutes(5));
        patient.Script.OnActivate = Script.OnActivate;
        var call = patient.Plain().Do("key");
        patient.Run();

        patient.Advance(TimeSpan.FromSeconds(30.1));

        patient.Failure(call).Should().BeOfType<TimeoutException>().Which.Message.Should().Contain("OnActivateAsync of plainprobe/a");
        cancelled.Should().BeTrue();
    }

    [Fact]
    public void What_a_grain_hangs_on_a_token_may_fail_without_stopping_its_turns()
    {
        using var cluster = new Cluster(configure: options => options.ResponseTimeout = TimeSpan.FromMinutes(5));
        cluster.Script.OnActivate = (_, token) =>
        {
            token.Register(() => throw new InvalidOperationException("callback failed"));
            return new TaskCompletionSource().Task;
        };
        var call = cluster.Plain().Do("key");
        cluster.Run();

        cluster.Advance(TimeSpan.FromSeconds(30.1));

        cluster.Failure(call).Should().BeOfType<TimeoutException>();
    }

    [Fact]
    public void A_grain_that_ends_itself_while_it_is_activated_serves_nothing()
    {
        Script.OnActivate = (probe, _) =>
        {
            probe.EndWhenIdle();
            return Task.CompletedTask;
        };

        _cluster.Failure(_cluster.Plain().Do("key")).Should().BeOfType<OrleansMessageRejectionException>();

        Script.Log.Should().Equal("a deactivated: ApplicationRequested", "disposed");
    }

    [Fact]
    public void A_grain_ends_when_its_running_requests_have_and_what_waits_goes_to_the_next_activation()
    {
        var gate = new TaskCompletionSource();
        Script.Steps["end later"] = async (probe, _) =>
        {
            probe.EndWhenIdle();
            await gate.Task;
            return probe.Number.ToString();
        };
        var ending = _cluster.Plain().Do("end later");
        var waiting = _cluster.Plain().Do("number");
        var interleaving = _cluster.Plain().Peek("number");
        _cluster.Run();
        ending.IsCompleted.Should().BeFalse();
        interleaving.IsCompleted.Should().BeFalse("nothing starts on an activation that ends");

        gate.SetResult();

        _cluster.Result(ending).Should().Be("1");
        _cluster.Result(waiting).Should().Be("2");
        _cluster.Result(interleaving).Should().Be("2");
        Script.Log.Should().Equal("a deactivated: ApplicationRequested", "disposed");
        _cluster.Host.ActiveGrains().Should().ContainSingle();
    }

    [Fact]
    public void A_grain_that_ends_from_a_loop_of_its_own_ends_although_no_request_runs()
    {
        var gate = new TaskCompletionSource();
        Script.Steps["start"] = (probe, token) =>
        {
            _ = EndLater(probe);
            return Task.FromResult("");
        };

        async Task EndLater(ProbeGrain probe)
        {
            await gate.Task;
            probe.EndWhenIdle();
        }

        _cluster.Result(_cluster.Plain().Do("start"));
        gate.SetResult();
        _cluster.Run();

        _cluster.Host.ActiveGrains().Should().BeEmpty();
        Script.Log.Should().StartWith("a deactivated: ApplicationRequested");
    }

    [Fact]
    public void A_deactivation_that_takes_too_long_is_cut_off()
    {
        using var cluster = new Cluster(configure: options => options.ResponseTimeout = TimeSpan.FromMinutes(5));
        cluster.Script.Steps["end"] = Script.Steps["end"];
        cluster.Script.OnDeactivate = (_, _, _) => new TaskCompletionSource().Task;
        cluster.Result(cluster.Plain().Do("end"));
        var next = cluster.Plain().Do("number");
        cluster.Run();
        cluster.Advance(TimeSpan.FromSeconds(29.9));
        next.IsCompleted.Should().BeFalse("the old activation is still there");

        cluster.Advance(TimeSpan.FromSeconds(0.1));

        cluster.Result(next).Should().Be("2");
    }

    [Fact]
    public void A_failing_deactivation_ends_the_activation_all_the_same()
    {
        Script.OnDeactivate = (_, _, _) => throw new InvalidOperationException("cannot say goodbye");
        _cluster.Result(_cluster.Plain().Do("end"));

        _cluster.Result(_cluster.Plain().Do("number")).Should().Be("2");
    }

    [Fact]
    public void An_unused_activation_is_collected()
    {
        _cluster.Result(_cluster.Plain().Do("key"));
        _cluster.Advance(TimeSpan.FromMinutes(14));
        _cluster.Host.ActiveGrains().Should().ContainSingle();

        _cluster.Advance(TimeSpan.FromMinutes(2.1));

        _cluster.Host.ActiveGrains().Should().BeEmpty();
        Script.Log.Should().Equal("a deactivated: ActivationIdle", "disposed");
        _cluster.Advance(TimeSpan.FromMinutes(1));
        _cluster.Time.ArmedTimers.Should().Be(0, "there is nothing left to look after");
    }

    [Fact]
    public void Use_puts_the_collection_off()
    {
        _cluster.Result(_cluster.Plain().Do("key"));
        _cluster.Advance(TimeSpan.FromMinutes(10));
        _cluster.Result(_cluster.Plain().Do("key"));
        _cluster.Advance(TimeSpan.FromMinutes(14));

        _cluster.Host.ActiveGrains().Should().ContainSingle();
    }

    [Fact]
    public void A_running_request_keeps_its_activation_and_the_age_counts_from_its_end()
    {
        using var cluster = new Cluster(configure: options => options.ResponseTimeout = TimeSpan.FromHours(2));
        var gate = cluster.Script.Gate("long");
        var call = cluster.Plain().Do("long");
        cluster.Run();
        cluster.Advance(TimeSpan.FromMinutes(40));
        cluster.Host.ActiveGrains().Should().ContainSingle();
        gate.SetResult();
        cluster.Result(call);

        cluster.Advance(TimeSpan.FromMinutes(14));
        cluster.Host.ActiveGrains().Should().ContainSingle();
        cluster.Advance(TimeSpan.FromMinutes(2.1));
        cluster.Host.ActiveGrains().Should().BeEmpty();
    }

    [Fact]
    public void A_grain_may_delay_its_collection_and_take_that_back()
    {
        Script.Steps["keep"] = (probe, _) =>
        {
            probe.Keep(Timeout.InfiniteTimeSpan);
            return Task.FromResult("");
        };
        Script.Steps["release"] = (probe, _) =>
        {
            probe.Keep(TimeSpan.Zero);
            return Task.FromResult("");
        };
        _cluster.Result(_cluster.Plain().Do("keep"));
        _cluster.Advance(TimeSpan.FromMinutes(60));
        _cluster.Host.ActiveGrains().Should().ContainSingle();

        _cluster.Result(_cluster.Plain().Do("release"));
        _cluster.Advance(TimeSpan.FromMinutes(17));
        _cluster.Host.ActiveGrains().Should().BeEmpty();
    }

    [Fact]
    public void Scoped_services_end_with_the_activation()
    {
        Script.Steps["take"] = (probe, _) => Task.FromResult(
            ReferenceEquals(probe.Services.GetRequiredService<ScopedService>(), probe.Services.GetRequiredService<ScopedService>()).ToString());

        _cluster.Result(_cluster.Plain().Do("take")).Should().Be("True");
        _cluster.Result(_cluster.Plain().Do("end"));

        Script.Log.Should().Equal("a deactivated: ApplicationRequested", "disposed", "scope ended");
    }

    [Fact]
    public void Stateless_workers_share_the_load_up_to_their_number()
    {
        var gate = new TaskCompletionSource();
        Script.Steps["work"] = async (probe, _) =>
        {
            await gate.Task;
            return probe.Number.ToString();
        };
        var calls = Enumerable.Range(0, 4).Select(_ => _cluster.Worker().Do("work")).ToArray();
        _cluster.Run();
        _cluster.Host.ActiveGrains().Should().HaveCount(2);

        gate.SetResult();

        calls.Select(_cluster.Result).Should().Equal("1", "2", "1", "2");
        _cluster.Result(_cluster.Worker().Do("number")).Should().Be("1", "the first that is free serves");
    }

    [Fact]
    public void A_free_stateless_worker_serves_before_another_is_made()
    {
        _cluster.Result(_cluster.Worker().Do("key"));
        _cluster.Result(_cluster.Worker().Do("key"));

        _cluster.Host.ActiveGrains().Should().ContainSingle();
    }

    [Fact]
    public void Idle_stateless_workers_are_collected_and_made_anew()
    {
        _cluster.Result(_cluster.Worker().Do("key"));
        _cluster.Advance(TimeSpan.FromMinutes(17));
        _cluster.Host.ActiveGrains().Should().BeEmpty();

        _cluster.Result(_cluster.Worker().Do("number")).Should().Be("2");
    }

    [Fact]
    public void A_stop_ends_all_activations_in_the_order_of_their_creation()
    {
        foreach (var key in new[] { "c", "a", "b" })
            _cluster.Result(_cluster.Plain(key).Do("key"));
        var stop = _cluster.Client(() => _cluster.Host.StopAsync());

        _cluster.Result(stop).Should().Be(0);

        Script.Log.Where(line => line != "disposed").Should().Equal(
            "c deactivated: ShuttingDown", "a deactivated: ShuttingDown", "b deactivated: ShuttingDown");
        _cluster.Failure(_cluster.Plain("a").Do("key")).Should().BeOfType<OrleansMessageRejectionException>();
    }

    [Fact]
    public void While_grains_stop_they_can_call_those_that_are_there_but_activate_none()
    {
        var stop = new TaskCompletionSource();
        _cluster.Result(_cluster.Plain("a").Do("key"));
        _cluster.Result(_cluster.Plain("sink").Do("key"));
        Script.Note("flush");
        Script.OnDeactivate = async (probe, _, _) =>
        {
            if (probe.GetPrimaryKeyString() != "a")
            {
                await stop.Task;
                return;
            }

            var refused = async () => await probe.Grains.GetGrain<IPlainProbe>("new").Do("key", default);
            Script.Log.Add((await refused.Should().ThrowAsync<OrleansMessageRejectionException>()).Which.Message);
            stop.SetResult();
        };

        _cluster.Result(_cluster.Client(() => _cluster.Host.StopAsync())).Should().Be(0);

        Script.Log.Should().ContainSingle(line => line.Contains("-> plainprobe/new", StringComparison.Ordinal));
    }

    [Fact]
    public void A_stop_is_bounded_and_whoever_waits_then_gets_an_error()
    {
        Script.Gate("for ever");
        _cluster.Result(_cluster.Plain("quick").Do("key"));
        using var patient = new Cluster(configure: options => options.ResponseTimeout = TimeSpan.FromHours(1));
        patient.Script.Gate("for ever");
        var call = patient.Plain("stuck").Do("for ever");
        patient.Run();
        var stop = patient.Client(() => patient.Host.StopAsync());
        patient.Run();
        patient.Advance(TimeSpan.FromSeconds(29.9));
        stop.IsCompleted.Should().BeFalse();

        patient.Advance(TimeSpan.FromSeconds(0.2));

        patient.Result(stop).Should().Be(1);
        patient.Failure(call).Should().BeOfType<OrleansMessageRejectionException>();
    }

    public void Dispose() => _cluster.Dispose();
}
