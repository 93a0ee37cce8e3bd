using ConvoSynth.Contracts.Tests.Harness;

namespace ConvoSynth.Contracts.Tests.Facts;

/// <summary>The order in which code runs.</summary>
public abstract class Turns(IRuntimeUnderTest runtime) : Contract(runtime)
{
    [Fact]
    public async Task The_first_call_activates_the_grain_and_later_calls_find_it()
    {
        (await Settle(Plain("k").Do("name"))).Should().Be("k");
        (await Settle(Plain("k").Do("number"))).Should().Be("1");
        (await Settle(Plain("k").Do("number"))).Should().Be("1");
    }

    [Fact]
    public async Task Every_shape_of_method_answers()
    {
        Script.Note("step");

        (await Settle(Plain().Do("step"))).Should().Be("step");
        (await Settle(Plain().DoValue("step").AsTask())).Should().Be("step");
        await Settle(Plain().Act("step"));
        await Settle(Plain().ActValue("step").AsTask());

        Log.Entries.Should().Equal("step", "step", "step", "step");
    }

    [Fact]
    public async Task Requests_wait_in_order_while_one_awaits()
    {
        await Settle(Plain().Do("name"));
        var gate = Script.Gate("first");
        Script.Note("second");
        Script.Note("third");
        var calls = new[] { Plain().Do("first"), Plain().Do("second"), Plain().Do("third") };
        await Received(Plain());
        Log.Entries.Should().Equal("first begins");

        gate.SetResult();

        await Settle(calls);
        Log.Entries.Should().Equal("first begins", "first ends", "second", "third");
    }

    [Fact]
    public async Task Calls_of_one_client_run_in_the_order_in_which_they_were_made()
    {
        await Settle(Plain().Do("name"));
        var steps = Enumerable.Range(0, 50).Select(i => $"{i}").ToArray();
        foreach (var step in steps)
            Script.Note(step);

        await Settle(steps.Select(step => Plain().Do(step)));

        Log.Entries.Should().Equal(steps);
    }

    [Fact]
    public async Task Calls_of_one_grain_run_in_the_order_in_which_they_were_made()
    {
        await Settle(Plain("callee").Do("name"));
        var steps = Enumerable.Range(0, 50).Select(i => $"{i}").ToArray();
        foreach (var step in steps)
            Script.Note(step);
        Script.Steps["call"] = async (probe, _) => string.Concat(await Task.WhenAll(steps.Select(step => probe.Other("callee").Do(step))));

        await Settle(Plain("caller").Do("call"));

        Log.Entries.Should().Equal(steps);
    }

    [Fact]
    public async Task Turns_of_one_activation_never_run_at_the_same_time()
    {
        const int Calls = 200,
            TurnsACall = 10;
        var (count, inside, collisions) = (0, 0, 0);
        Script.Steps["add"] = async (_, _) =>
        {
            for (var i = 0; i < TurnsACall; i++)
            {
                if (Interlocked.Increment(ref inside) != 1)
                    collisions++;
                var before = count;
                Thread.SpinWait(20);
                count = before + 1;
                Interlocked.Decrement(ref inside);
                await Task.Yield();
            }

            return "";
        };

        await Settle(Enumerable.Range(0, Calls).Select(_ => Reentrant().Do("add")));

        (count, collisions).Should().Be((Calls * TurnsACall, 0));
    }

    [Fact]
    public async Task All_requests_of_an_activation_share_its_scheduler_and_no_other_does()
    {
        var schedulers = new List<TaskScheduler>();
        Script.Steps["step"] = (_, _) =>
        {
            schedulers.Add(TaskScheduler.Current);
            return Task.FromResult("");
        };

        await Settle(Plain("a").Do("step"));
        await Settle(Plain("a").Peek("step"));
        await Settle(Plain("b").Do("step"));

        schedulers[1].Should().BeSameAs(schedulers[0]);
        schedulers[2].Should().NotBeSameAs(schedulers[0]);
    }

    [Fact]
    public async Task Grains_call_each_other()
    {
        Script.Steps["ask b"] = async (probe, token) => $"b says {await probe.Other("b").Do("name", token)}";

        (await Settle(Plain().Do("ask b"))).Should().Be("b says b");
    }

    [Fact]
    public async Task A_grain_that_never_rests_lets_others_run()
    {
        var stopped = false;
        Script.Steps["spin"] = async (probe, _) =>
        {
            probe.Log.Add("spins");
            while (!Volatile.Read(ref stopped))
                await Task.Yield();
            return "";
        };
        var spinners = Enumerable.Range(0, 2 * Environment.ProcessorCount).Select(i => Plain($"spinner {i}").Do("spin")).ToArray();
        await Logged("spins", spinners.Length);

        (await Settle(Plain("other").Do("name"))).Should().Be("other");

        Volatile.Write(ref stopped, true);
        await Settle(spinners);
    }
}

[Collection(nameof(OrleansSilo))]
public sealed class TurnsOnASilo(OrleansSilo silo) : Turns(silo);

public sealed class TurnsInTheSimulator(Simulator simulator) : Turns(simulator), IClassFixture<Simulator>;
