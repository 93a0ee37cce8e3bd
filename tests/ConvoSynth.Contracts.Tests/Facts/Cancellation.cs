using ConvoSynth.Contracts.Tests.Harness;

namespace ConvoSynth.Contracts.Tests.Facts;

/// <summary>A cancellation token as a call's last parameter.</summary>
public abstract class Cancellation(IRuntimeUnderTest runtime) : Contract(runtime)
{
    [Fact]
    public async Task A_call_with_a_cancelled_token_is_not_sent()
    {
        Script.Note("step");
        Script.OnConstruct = probe => probe.Log.Add($"{probe.Name} constructed");

        Plain()
            .Invoking(p =>
            {
                _ = p.Do("step", new CancellationToken(canceled: true));
            })
            .Should()
            .Throw<OperationCanceledException>();

        await Later();
        Log.Entries.Should().Equal("clock constructed", "later");
    }

    [Fact]
    public async Task Cancelling_ends_the_call_and_tells_the_grain_on_its_own_turn()
    {
        using var cancel = new CancellationTokenSource();
        TaskScheduler? scheduler = null,
            told = null,
            after = null;
        Script.Steps["wait"] = async (probe, token) =>
        {
            scheduler = TaskScheduler.Current;
            token.Register(() =>
            {
                told = TaskScheduler.Current;
                probe.Log.Add("told");
            });
            probe.Log.Add("waits");
            try
            {
                await new TaskCompletionSource().Task.WaitAsync(token);
            }
            finally
            {
                after = TaskScheduler.Current;
                probe.Log.Add("ends");
            }

            return "";
        };
        var call = Plain().Do("wait", cancel.Token);
        await Logged("waits");

        cancel.Cancel();

        (await Failure(call)).Should().BeAssignableTo<OperationCanceledException>();
        call.IsCanceled.Should().BeTrue();
        await Logged("told");
        await Logged("ends");
        told.Should().BeSameAs(scheduler);
        after.Should().BeSameAs(scheduler);
        (await Settle(Plain().Do("number"))).Should().Be("1", "the cancelled request has ended");
    }

    [Fact]
    public async Task A_cancelled_caller_does_not_wait_for_a_grain_that_goes_on()
    {
        using var cancel = new CancellationTokenSource();
        var gate = Script.Gate("deaf");
        var call = Plain().Do("deaf", cancel.Token);
        await Logged("deaf begins");
        cancel.Cancel();
        (await Failure(call)).Should().BeAssignableTo<OperationCanceledException>();
        Log.Entries.Should().Equal("deaf begins");

        gate.SetResult();

        await Logged("deaf ends");
        call.IsCanceled.Should().BeTrue();
    }

    [Fact]
    public async Task A_grain_that_ignores_its_token_is_busy_until_it_has_ended()
    {
        using var cancel = new CancellationTokenSource();
        var gate = Script.Gate("deaf");
        Script.Note("next");
        var call = Plain().Do("deaf", cancel.Token);
        await Logged("deaf begins");
        cancel.Cancel();
        await Failure(call);
        var next = Plain().Do("next");
        await Received(Plain());

        gate.SetResult();

        await Settle(next);
        Log.Entries.Should().Equal("deaf begins", "deaf ends", "next");
    }

    [Fact]
    public async Task A_call_that_is_cancelled_while_it_waits_does_not_start()
    {
        using var cancel = new CancellationTokenSource();
        var gate = Script.Gate("long");
        Script.Note("next");
        Script.Note("last");
        var busy = Plain().Do("long");
        await Logged("long begins");
        var call = Plain().Do("next", cancel.Token);
        await Received(Plain());
        cancel.Cancel();
        (await Failure(call)).Should().BeAssignableTo<OperationCanceledException>();
        await Later();

        gate.SetResult();

        await Settle(busy);
        await Settle(Plain().Do("last"));
        Log.Entries.Where(e => e != "later").Should().Equal("long begins", "long ends", "last");
    }

    [Fact]
    public async Task A_token_that_is_cancelled_after_the_call_does_nothing()
    {
        using var cancel = new CancellationTokenSource();
        CancellationToken given = default;
        Script.Steps["step"] = (_, token) =>
        {
            given = token;
            return Task.FromResult("done");
        };
        var call = Plain().Do("step", cancel.Token);
        (await Settle(call)).Should().Be("done");

        cancel.Cancel();
        await Later();

        given.IsCancellationRequested.Should().BeFalse();
        call.IsCompletedSuccessfully.Should().BeTrue();
    }

    [Fact]
    public async Task A_cancellation_reaches_the_end_of_a_chain_of_calls()
    {
        using var cancel = new CancellationTokenSource();
        Script.Steps["ask b"] = (probe, token) => probe.Other("b").Do("ask c", token);
        Script.Steps["ask c"] = (probe, token) => probe.Other("c").Do("wait", token);
        Script.Steps["wait"] = async (probe, token) =>
        {
            probe.Log.Add("waits");
            try
            {
                await new TaskCompletionSource().Task.WaitAsync(token);
            }
            finally
            {
                probe.Log.Add($"{probe.Name} is told");
            }

            return "";
        };
        var call = Plain("a").Do("ask b", cancel.Token);
        await Logged("waits");

        cancel.Cancel();

        (await Failure(call)).Should().BeAssignableTo<OperationCanceledException>();
        await Logged("c is told");
    }

    [Fact]
    public async Task One_token_cancels_each_call_that_bears_it()
    {
        using var cancel = new CancellationTokenSource();
        Script.Steps["wait"] = async (probe, token) =>
        {
            probe.Log.Add("waits");
            await new TaskCompletionSource().Task.WaitAsync(token);
            return "";
        };
        var calls = new[] { "a", "b", "c" }.Select(name => Plain(name).Do("wait", cancel.Token)).ToArray();
        var other = Plain("d").Do("wait");
        await Logged("waits", 4);

        cancel.Cancel();

        foreach (var call in calls)
            (await Failure(call)).Should().BeAssignableTo<OperationCanceledException>();
        other.IsCompleted.Should().BeFalse();
    }

    [Fact]
    public async Task A_grain_may_cancel_a_call_of_its_own()
    {
        Script.Steps["wait"] = async (probe, token) =>
        {
            probe.Log.Add("waits");
            await new TaskCompletionSource().Task.WaitAsync(token);
            return "";
        };
        Script.Steps["begin"] = async (probe, _) =>
        {
            using var cancel = new CancellationTokenSource();
            var call = probe.Other("b").Do("wait", cancel.Token);
            await probe.Log.Has("waits");
            var scheduler = TaskScheduler.Current;
            cancel.Cancel();
            try
            {
                return await call;
            }
            catch (OperationCanceledException)
            {
                return (TaskScheduler.Current == scheduler).ToString();
            }
        };

        (await Settle(Plain("a").Do("begin"))).Should().Be("True");
    }

    [Fact]
    public async Task A_grain_that_gives_up_cancels_its_call()
    {
        Script.Steps["step"] = (_, _) => throw new OperationCanceledException("given up");

        var call = Plain().Do("step");

        (await Failure(call)).Should().BeAssignableTo<OperationCanceledException>().Which.Message.Should().Be("given up");
        call.IsCanceled.Should().BeTrue();
    }
}

[Collection(nameof(OrleansSilo))]
public sealed class CancellationOnASilo(OrleansSilo silo) : Cancellation(silo);

public sealed class CancellationInTheSimulator(Simulator simulator) : Cancellation(simulator), IClassFixture<Simulator>;
