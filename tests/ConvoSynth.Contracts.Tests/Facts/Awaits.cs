using ConvoSynth.Contracts.Tests.Harness;
using ConvoSynth.Contracts.Tests.Probes;

namespace ConvoSynth.Contracts.Tests.Facts;

/// <summary>Where code continues after an await.</summary>
public abstract class Awaits(IRuntimeUnderTest runtime) : Contract(runtime)
{
    [Fact]
    public async Task Awaits_come_back_to_the_activation()
    {
        TaskScheduler? before = null,
            after = null,
            yielded = null;
        var gate = new TaskCompletionSource();
        Script.Steps["step"] = async (probe, _) =>
        {
            before = TaskScheduler.Current;
            probe.Log.Add("waits");
            await gate.Task;
            after = TaskScheduler.Current;
            await Task.Yield();
            yielded = TaskScheduler.Current;
            return "";
        };
        var call = Plain().Do("step");
        await Logged("waits");
        gate.SetResult();
        await Settle(call);

        before.Should().NotBeSameAs(TaskScheduler.Default);
        after.Should().BeSameAs(before);
        yielded.Should().BeSameAs(before);
    }

    [Fact]
    public async Task What_a_turn_completes_continues_within_that_turn()
    {
        await OpenedByTheGrain(new());

        Log.Entries.Should().Equal("waits", "goes on", "has opened");
    }

    [Fact]
    public async Task What_a_turn_completes_with_asynchronous_continuations_continues_after_that_turn()
    {
        await OpenedByTheGrain(new(TaskCreationOptions.RunContinuationsAsynchronously));

        Log.Entries.Should().Equal("waits", "has opened", "goes on");
    }

    [Fact]
    public async Task A_delay_by_the_runtimes_clock_comes_back_to_the_activation()
    {
        var time = Time;
        Script.Steps["delay"] = async (_, token) =>
        {
            var (scheduler, began) = (TaskScheduler.Current, time.GetTimestamp());
            await Task.Delay(TimeSpan.FromMilliseconds(50), time, token);
            time.GetElapsedTime(began).Should().BeGreaterThan(TimeSpan.FromMilliseconds(40));
            return (TaskScheduler.Current == scheduler).ToString();
        };

        (await Settle(Plain().Do("delay"))).Should().Be("True");
    }

    [Fact]
    public async Task A_grain_awaits_several_calls_together_on_its_own_turns()
    {
        Script.Steps["ask all"] = async (probe, token) =>
        {
            var scheduler = TaskScheduler.Current;
            var answers = await Task.WhenAll(new[] { "b", "c", "d" }.Select(name => probe.Other(name).Do("name", token))).WaitAsync(token);
            TaskScheduler.Current.Should().BeSameAs(scheduler);
            return string.Concat(answers);
        };
        using var cancel = new CancellationTokenSource();

        (await Settle(Plain().Do("ask all", cancel.Token))).Should().Be("bcd");
    }

    [Fact]
    public async Task A_loop_of_its_own_goes_on_between_requests()
    {
        var gate = new TaskCompletionSource();
        Script.Steps["start"] = (probe, token) =>
        {
            _ = Loop(probe);
            return Task.FromResult("");
        };
        await Settle(Plain().Do("start"));
        await Settle(Plain().Do("name"));

        gate.SetResult();

        await Logged("loop goes on");
        (await Settle(Plain().Do("number"))).Should().Be("1");

        async Task Loop(Probe probe)
        {
            await gate.Task;
            probe.Log.Add("loop goes on");
        }
    }

    [Fact]
    public async Task Nothing_ambient_flows_from_caller_to_grain()
    {
        var ambient = new AsyncLocal<string?>();
        Script.Steps["step"] = async (_, _) =>
        {
            await Task.Yield();
            return ambient.Value ?? "nothing";
        };
        await Settle(Plain().Do("name"));
        ambient.Value = "caller's";
        var (first, later) = (Plain("new").Do("step"), Plain().Do("step"));
        ambient.Value = null;

        (await Settle([first, later])).Should().Equal("nothing", "nothing");
    }

    private async Task OpenedByTheGrain(TaskCompletionSource gate)
    {
        Script.Steps["wait"] = async (probe, _) =>
        {
            probe.Log.Add("waits");
            await gate.Task;
            probe.Log.Add("goes on");
            return "";
        };
        Script.Steps["open"] = (probe, _) =>
        {
            gate.SetResult();
            probe.Log.Add("has opened");
            return Task.FromResult("");
        };
        var waiting = Plain().Do("wait");
        await Logged("waits");

        await Settle(Plain().Peek("open"));
        await Settle(waiting);
    }
}

[Collection(nameof(OrleansSilo))]
public sealed class AwaitsOnASilo(OrleansSilo silo) : Awaits(silo);

public sealed class AwaitsInTheSimulator(Simulator simulator) : Awaits(simulator), IClassFixture<Simulator>;
