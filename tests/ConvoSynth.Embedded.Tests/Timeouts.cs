namespace ConvoSynth.Embedded.Tests;

/// <summary>How long callers wait, and how calls are cancelled.</summary>
public sealed class Timeouts : IDisposable
{
    private readonly Cluster _cluster = new();

    private Script Script => _cluster.Script;

    [Fact]
    public void A_caller_waits_half_a_minute_and_the_grain_goes_on()
    {
        var gate = Script.Gate("long");
        var call = _cluster.Plain().Do("long");
        _cluster.Run();
        _cluster.Advance(TimeSpan.FromSeconds(29.9));
        call.IsCompleted.Should().BeFalse();

        _cluster.Advance(TimeSpan.FromSeconds(0.5));
        _cluster.Failure(call).Should().BeOfType<TimeoutException>()
            .Which.Message.Should().Be("Response did not arrive on time in 00:00:30 for message: Request [client -> plainprobe/a] IPlainProbe.Do.");

        gate.SetResult();
        _cluster.Run();
        Script.Log.Should().Equal("long begins", "long ends");
    }

    [Fact]
    public void A_method_may_have_a_time_limit_of_its_own()
    {
        Script.Gate("long");
        var brief = _cluster.Plain().Brief("long");
        _cluster.Run();
        _cluster.Advance(TimeSpan.FromSeconds(4.9));
        brief.IsCompleted.Should().BeFalse();

        _cluster.Advance(TimeSpan.FromSeconds(0.4));

        _cluster.Failure(brief).Should().BeOfType<TimeoutException>();
    }

    [Fact]
    public void A_shorter_limit_is_kept_although_a_longer_one_was_there_first()
    {
        Script.Gate("long");
        var call = _cluster.Plain("a").Do("long");
        _cluster.Run();
        _cluster.Advance(TimeSpan.FromSeconds(1));
        var brief = _cluster.Plain("b").Brief("long");
        _cluster.Run();

        _cluster.Advance(TimeSpan.FromSeconds(5.3));

        _cluster.Failure(brief).Should().BeOfType<TimeoutException>();
        call.IsCompleted.Should().BeFalse();
        _cluster.Advance(TimeSpan.FromSeconds(24));
        _cluster.Failure(call).Should().BeOfType<TimeoutException>();
    }

    [Fact]
    public void A_request_whose_caller_has_gone_does_not_start()
    {
        var gate = Script.Gate("long");
        Script.Note("brief");
        _ = _cluster.Plain().Do("long");
        var brief = _cluster.Plain().Brief("brief");
        _cluster.Run();
        _cluster.Advance(TimeSpan.FromSeconds(6));
        _cluster.Failure(brief).Should().BeOfType<TimeoutException>();

        gate.SetResult();
        _cluster.Run();

        Script.Log.Should().Equal("long begins", "long ends");
    }

    [Fact]
    public void All_calls_share_one_timer_and_it_rests_when_none_is_out()
    {
        _cluster.Result(_cluster.Plain("0").Do("key"));
        var idle = _cluster.Time.ArmedTimers;
        var gate = Script.Gate("long");
        for (var i = 0; i < 100; i++)
            _ = _cluster.Plain($"{i}").Do("long");
        _cluster.Run();
        _cluster.Time.ArmedTimers.Should().BeLessThanOrEqualTo(idle + 1);

        gate.SetResult();
        _cluster.Run();
        _cluster.Advance(TimeSpan.FromSeconds(31));

        _cluster.Time.ArmedTimers.Should().Be(1, "the collector of idle activations is all that is left");
    }

    [Fact]
    public void Cancelling_ends_the_call_and_tells_the_grain_on_its_own_turn()
    {
        using var cancel = new CancellationTokenSource();
        TaskScheduler? scheduler = null, told = null;
        Script.Steps["wait"] = async (_, token) =>
        {
            scheduler = TaskScheduler.Current;
            token.Register(() => told = TaskScheduler.Current);
            await new TaskCompletionSource().Task.WaitAsync(token);
            return "";
        };
        var call = _cluster.Plain().Do("wait", cancel.Token);
        _cluster.Run();

        cancel.Cancel();
        told.Should().BeNull("the grain hears of it on a turn");
        _cluster.Failure(call).Should().BeAssignableTo<OperationCanceledException>();

        told.Should().NotBeNull().And.BeSameAs(scheduler);
        _cluster.Result(_cluster.Plain().Do("key")).Should().Be("a", "the cancelled request has ended");
    }

    [Fact]
    public void A_cancelled_caller_does_not_wait_for_a_grain_that_goes_on()
    {
        using var cancel = new CancellationTokenSource();
        var gate = Script.Gate("deaf");
        var call = _cluster.Plain().Do("deaf", cancel.Token);
        _cluster.Run();
        cancel.Cancel();
        _cluster.Failure(call).Should().BeAssignableTo<OperationCanceledException>();

        gate.SetResult();
        _cluster.Run();

        Script.Log.Should().Equal("deaf begins", "deaf ends");
    }

    [Fact]
    public void Neither_a_timer_nor_a_canceller_runs_the_callers_code()
    {
        using var cancel = new CancellationTokenSource();
        Script.Gate("long");
        var continued = new List<string>();
        _ = _cluster.Client(() => After(_cluster.Plain("a").Do("long"), "timeout"));
        _ = _cluster.Client(() => After(_cluster.Plain("b").Do("long", cancel.Token), "cancellation"));
        _cluster.Run();

        _cluster.Time.Advance(TimeSpan.FromSeconds(31));
        cancel.Cancel();
        continued.Should().BeEmpty();
        _cluster.Run();
        continued.Should().BeEquivalentTo("timeout", "cancellation");

        async Task<string> After(Task call, string what)
        {
            await call.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Current);
            continued.Add(what);
            return what;
        }
    }

    [Fact]
    public void A_call_that_is_cancelled_while_it_waits_does_not_start()
    {
        using var cancel = new CancellationTokenSource();
        var gate = Script.Gate("long");
        Script.Note("next");
        _ = _cluster.Plain().Do("long");
        var call = _cluster.Plain().Do("next", cancel.Token);
        _cluster.Run();
        cancel.Cancel();
        gate.SetResult();

        _cluster.Failure(call).Should().BeAssignableTo<OperationCanceledException>();
        Script.Log.Should().Equal("long begins", "long ends");
    }

    [Fact]
    public void A_call_with_a_cancelled_token_is_not_sent()
    {
        Script.Note("step");

        _cluster.Failure(_cluster.Plain().Do("step", new CancellationToken(canceled: true))).Should().BeAssignableTo<OperationCanceledException>();

        _cluster.Host.ActiveGrains().Should().BeEmpty();
    }

    [Fact]
    public void A_token_that_is_cancelled_after_the_call_does_nothing()
    {
        using var cancel = new CancellationTokenSource();
        CancellationToken given = default;
        Script.Steps["step"] = (_, token) =>
        {
            given = token;
            return Task.FromResult("done");
        };
        _cluster.Result(_cluster.Plain().Do("step", cancel.Token)).Should().Be("done");

        cancel.Cancel();
        _cluster.Run();

        given.IsCancellationRequested.Should().BeFalse();
    }

    public void Dispose() => _cluster.Dispose();
}
