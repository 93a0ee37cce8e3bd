using ConvoSynth.Contracts.Tests.Harness;

namespace ConvoSynth.Contracts.Tests.Facts;

/// <summary>How long callers wait.</summary>
public abstract class Timeouts(IRuntimeUnderTest runtime) : Contract(runtime)
{
    [Fact]
    public async Task A_method_may_have_a_time_limit_and_the_grain_goes_on()
    {
        var gate = Script.Gate("long");
        var began = Time.GetTimestamp();
        var call = Plain().Brief("long");
        await Logged("long begins");

        var failure = await Failure(call);

        failure
            .Should()
            .BeOfType<TimeoutException>()
            .Which.Message.Should()
            .StartWith("Response did not arrive on time in 00:00:00.2000000 for message: ");
        Time.GetElapsedTime(began).Should().BeGreaterThan(TimeSpan.FromMilliseconds(190));
        Log.Entries.Should().Equal("long begins");
        gate.SetResult();
        await Logged("long ends");
    }

    [Fact]
    public async Task A_late_answer_is_dropped_and_the_grain_serves_on()
    {
        var gate = Script.Gate("long");
        var call = Plain().Brief("long");
        await Failure(call);
        gate.SetResult();

        (await Settle(Plain().Do("number"))).Should().Be("1");

        Log.Entries.Should().Equal("long begins", "long ends");
        (await Failure(call)).Should().BeOfType<TimeoutException>();
    }

    [Fact]
    public async Task A_late_failure_is_dropped_and_the_grain_serves_on()
    {
        var gate = new TaskCompletionSource();
        Script.Steps["fail later"] = async (_, _) =>
        {
            await gate.Task;
            throw new InvalidOperationException("too late");
        };
        var call = Plain().Brief("fail later");
        await Failure(call);
        gate.SetResult();

        (await Settle(Plain().Do("number"))).Should().Be("1");

        (await Failure(call)).Should().BeOfType<TimeoutException>();
    }

    [Fact]
    public async Task A_shorter_limit_is_kept_although_a_longer_one_was_there_first()
    {
        var gate = Script.Gate("long");
        var patient = Plain("a").Do("long");
        var brief = Plain("b").Brief("long");
        await Logged("long begins", 2);

        (await Failure(brief)).Should().BeOfType<TimeoutException>();
        patient.IsCompleted.Should().BeFalse();

        gate.SetResult();
        (await Settle(patient)).Should().Be("long");
    }

    [Fact]
    public async Task A_request_whose_caller_has_gone_does_not_start()
    {
        var gate = Script.Gate("long");
        Script.Note("brief");
        var call = Plain().Do("long");
        await Logged("long begins");
        (await Failure(Plain().Brief("brief"))).Should().BeOfType<TimeoutException>();

        gate.SetResult();
        await Settle(call);
        await Settle(Plain().Do("name"));

        Log.Entries.Should().Equal("long begins", "long ends");
    }

    [Fact]
    public async Task A_timeout_does_not_cancel_the_callees_token()
    {
        CancellationToken given = default;
        var gate = new TaskCompletionSource();
        Script.Steps["wait"] = async (probe, token) =>
        {
            given = token;
            await gate.Task;
            probe.Log.Add("ends");
            return "";
        };
        using var cancel = new CancellationTokenSource();

        (await Failure(Plain().BriefUnless("wait", cancel.Token))).Should().BeOfType<TimeoutException>();

        await Received(Plain());
        given.IsCancellationRequested.Should().BeFalse();
        gate.SetResult();
        await Logged("ends");
    }

    [Fact]
    public async Task A_cancelled_call_is_cancelled_and_does_not_time_out()
    {
        Script.Steps["wait"] = async (probe, token) =>
        {
            probe.Log.Add("waits");
            await new TaskCompletionSource().Task.WaitAsync(token);
            return "";
        };
        using var cancel = new CancellationTokenSource();
        var call = Plain().BriefUnless("wait", cancel.Token);
        await Logged("waits");

        cancel.Cancel();

        (await Failure(call)).Should().BeAssignableTo<OperationCanceledException>();
    }

    [Fact]
    public async Task A_timeout_comes_back_to_the_callers_activation()
    {
        Script.Gate("long");
        Script.Steps["ask"] = async (probe, _) =>
        {
            var scheduler = TaskScheduler.Current;
            try
            {
                return await probe.Other("b").Brief("long");
            }
            catch (TimeoutException)
            {
                return (TaskScheduler.Current == scheduler).ToString();
            }
        };

        (await Settle(Plain("a").Do("ask"))).Should().Be("True");
    }

    [Fact]
    public async Task A_timeout_of_a_grain_that_calls_is_its_callers_failure()
    {
        var gate = Script.Gate("long");
        Script.Steps["ask"] = (probe, _) => probe.Other("b").Brief("long");

        (await Failure(Plain("a").Do("ask"))).Should().BeOfType<TimeoutException>();

        gate.SetResult();
        await Logged("long ends");
    }
}

[Collection(nameof(OrleansSilo))]
public sealed class TimeoutsOnASilo(OrleansSilo silo) : Timeouts(silo);

public sealed class TimeoutsInTheSimulator(Simulator simulator) : Timeouts(simulator), IClassFixture<Simulator>;
