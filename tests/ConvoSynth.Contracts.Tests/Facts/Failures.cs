using ConvoSynth.Contracts.Tests.Harness;

namespace ConvoSynth.Contracts.Tests.Facts;

/// <summary>An exception of this project; no serializer has its type registered.</summary>
public sealed class CustomException(string message) : Exception(message);

/// <summary>Which failures reach callers, and in what form.</summary>
public abstract class Failures(IRuntimeUnderTest runtime) : Contract(runtime)
{
    [Fact]
    public async Task An_exception_thrown_at_once_reaches_the_caller_with_its_type_and_message()
    {
        Script.Steps["step"] = (_, _) => throw new ArgumentOutOfRangeException("turn", "too late");

        var failure = (await Failure(Plain().Do("step"))).Should().BeOfType<ArgumentOutOfRangeException>().Which;

        failure.Message.Should().Contain("too late");
        failure.ParamName.Should().Be("turn");
    }

    [Fact]
    public async Task An_exception_thrown_later_reaches_the_caller_with_its_cause()
    {
        Script.Steps["step"] = async (_, _) =>
        {
            await Task.Yield();
            throw new InvalidOperationException("broken", new FormatException("cause"));
        };

        var failure = (await Failure(Plain().Do("step"))).Should().BeOfType<InvalidOperationException>().Which;

        failure.Message.Should().Be("broken");
        failure.InnerException.Should().BeOfType<FormatException>().Which.Message.Should().Be("cause");
    }

    [Fact]
    public async Task A_failed_call_does_not_end_the_activation()
    {
        Script.Steps["fail"] = (_, _) => throw new InvalidOperationException("broken");
        await Failure(Plain().Do("fail"));

        (await Settle(Plain().Do("number"))).Should().Be("1");
    }

    [Fact]
    public async Task What_waits_behind_a_failing_call_is_served()
    {
        var gate = new TaskCompletionSource();
        Script.Steps["fail"] = async (_, _) =>
        {
            await gate.Task;
            throw new InvalidOperationException("broken");
        };
        var (failing, next) = (Plain().Do("fail"), Plain().Do("number"));
        gate.SetResult();

        (await Failure(failing)).Should().BeOfType<InvalidOperationException>();
        (await Settle(next)).Should().Be("1");
    }

    [Fact]
    public async Task A_custom_exception_keeps_its_type_and_message()
    {
        Script.Steps["fail"] = (_, _) => throw new CustomException("own words");

        (await Failure(Plain().Do("fail"))).Should().BeOfType<CustomException>().Which.Message.Should().Be("own words");
    }

    [Fact]
    public async Task A_failed_ValueTask_reaches_the_caller_like_a_failed_task()
    {
        Script.Steps["fail"] = async (_, _) =>
        {
            await Task.Yield();
            throw new CustomException("own words");
        };

        (await Failure(Plain().DoValue("fail").AsTask())).Should().BeOfType<CustomException>();
        (await Failure(Plain().ActValue("fail").AsTask())).Should().BeOfType<CustomException>();
        (await Failure(Plain().Act("fail"))).Should().BeOfType<CustomException>();
    }

    [Fact]
    public async Task An_exception_passes_through_a_chain_of_grains()
    {
        Script.Steps["ask b"] = (probe, token) => probe.Other("b").Do("ask c", token);
        Script.Steps["ask c"] = (probe, token) => probe.Other("c").Do("fail", token);
        Script.Steps["fail"] = (_, _) => throw new CustomException("own words");

        (await Failure(Plain("a").Do("ask b"))).Should().BeOfType<CustomException>().Which.Message.Should().Be("own words");
    }

    [Fact]
    public async Task A_grain_catches_what_the_grain_that_it_called_threw()
    {
        Script.Steps["fail"] = (_, _) => throw new CustomException("own words");
        Script.Steps["ask b"] = async (probe, token) =>
        {
            var scheduler = TaskScheduler.Current;
            try
            {
                return await probe.Other("b").Do("fail", token);
            }
            catch (CustomException e)
            {
                return $"{e.Message} {TaskScheduler.Current == scheduler}";
            }
        };

        (await Settle(Plain("a").Do("ask b"))).Should().Be("own words True");
    }

    [Fact]
    public async Task A_cancelled_task_of_a_grain_is_a_cancelled_call()
    {
        Script.Steps["step"] = (_, _) => Task.FromCanceled<string>(new CancellationToken(canceled: true));

        var call = Plain().Do("step");

        (await Failure(call)).Should().BeAssignableTo<OperationCanceledException>();
        call.IsCanceled.Should().BeTrue();
    }

    [Fact]
    public async Task The_stack_of_an_exception_shows_where_the_grain_threw_it()
    {
        Script.Steps["fail"] = (_, _) => throw new CustomException("own words");

        (await Failure(Plain().Do("fail"))).StackTrace.Should().Contain(nameof(The_stack_of_an_exception_shows_where_the_grain_threw_it));
    }
}

[Collection(nameof(OrleansSilo))]
public sealed class FailuresOnASilo(OrleansSilo silo) : Failures(silo);

public sealed class FailuresInTheSimulator(Simulator simulator) : Failures(simulator), IClassFixture<Simulator>;
