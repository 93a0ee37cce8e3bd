using ConvoSynth.Contracts.Tests.Harness;
using ConvoSynth.Contracts.Tests.Probes;

namespace ConvoSynth.Contracts.Tests.Facts;

/// <summary>How an activation that ends makes way for the next one.</summary>
public abstract class Endings(IRuntimeUnderTest runtime) : Contract(runtime)
{
    [Fact]
    public async Task A_grain_that_ends_serves_what_runs_and_what_waits_goes_to_the_next_activation()
    {
        var gate = new TaskCompletionSource();
        Script.OnDeactivate = (probe, reason, _) =>
        {
            probe.Log.Add($"{probe.Number} deactivated: {reason.ReasonCode}");
            return Task.CompletedTask;
        };
        Script.Steps["end later"] = async (probe, _) =>
        {
            probe.EndWhenIdle();
            probe.Log.Add("ending");
            await gate.Task;
            return probe.Number.ToString();
        };
        var ending = Plain().Do("end later");
        await Logged("ending");
        var waiting = new[] { Plain().Do("number"), Plain().Do("number") };
        await Later();
        waiting.Should().OnlyContain(w => !w.IsCompleted);

        gate.SetResult();

        (await Settle(ending)).Should().Be("1");
        (await Settle(waiting)).Should().Equal("2", "2");
        Log.Entries.Where(e => e is not "later").Should().Equal("ending", "1 deactivated: ApplicationRequested", "a disposed");
    }

    [Fact]
    public async Task Not_even_an_interleaving_call_starts_on_an_activation_that_ends()
    {
        var gate = new TaskCompletionSource();
        Script.Steps["end later"] = async (probe, _) =>
        {
            probe.EndWhenIdle();
            probe.Log.Add("ending");
            await gate.Task;
            return "";
        };
        var ending = Plain().Do("end later");
        await Logged("ending");
        var peek = Plain().Peek("number");
        await Later();
        peek.IsCompleted.Should().BeFalse();

        gate.SetResult();

        await Settle(ending);
        (await Settle(peek)).Should().Be("2");
    }

    [Fact]
    public async Task What_waited_in_order_runs_in_order_on_the_next_activation()
    {
        await Settle(Plain().Do("name"));
        var gate = new TaskCompletionSource();
        Script.Steps["end later"] = async (probe, _) =>
        {
            probe.Log.Add("long begins");
            await gate.Task;
            probe.EndWhenIdle();
            return "";
        };
        var steps = Enumerable.Range(0, 20).Select(i => $"{i}").ToArray();
        foreach (var step in steps)
            Script.Note(step);
        var ending = Plain().Do("end later");
        await Logged("long begins");
        var waiting = steps.Select(step => Plain().Do(step)).ToArray();
        await Received(Plain());

        gate.SetResult();

        await Settle(ending);
        await Settle(waiting);
        Log.Entries.Where(e => e is not ("long begins" or "a disposed")).Should().Equal(steps);
        (await Settle(Plain().Do("number"))).Should().Be("2");
    }

    [Fact]
    public async Task The_next_activation_begins_when_the_last_has_ended()
    {
        var saidGoodbye = new TaskCompletionSource();
        Script.OnActivate = (probe, _) =>
        {
            if (probe.Name == "a")
                probe.Log.Add($"{probe.Number} begins");
            return Task.CompletedTask;
        };
        Script.OnDeactivate = async (probe, _, _) =>
        {
            probe.Log.Add("deactivating");
            await saidGoodbye.Task;
            probe.Log.Add("deactivated");
        };
        await Settle(Plain().Do("end"));
        await Logged("deactivating");
        var next = Plain().Do("number");
        await Later();
        Log.Entries.Where(e => e is not "later").Should().Equal("1 begins", "deactivating");

        saidGoodbye.SetResult();

        (await Settle(next)).Should().Be("2");
        Log.Entries.Where(e => e is not ("later" or "a disposed")).Should().Equal("1 begins", "deactivating", "deactivated", "2 begins");
    }

    [Fact]
    public async Task Ending_twice_ends_once()
    {
        Script.OnDeactivate = (probe, _, _) =>
        {
            probe.Log.Add("deactivated");
            return Task.CompletedTask;
        };
        Script.Steps["end"] = (probe, _) =>
        {
            probe.EndWhenIdle();
            probe.EndWhenIdle();
            return Task.FromResult("");
        };

        await Settle(Plain().Do("end"));
        (await Settle(Plain().Do("number"))).Should().Be("2");

        Log.Count("deactivated").Should().Be(1);
    }

    [Fact]
    public async Task A_grain_that_ends_from_a_loop_of_its_own_ends_although_no_request_runs()
    {
        var gate = new TaskCompletionSource();
        Script.Steps["start"] = (probe, token) =>
        {
            _ = EndLater(probe);
            return Task.FromResult("");
        };
        await Settle(Plain().Do("start"));

        gate.SetResult();

        await Logged("a disposed");
        (await Settle(Plain().Do("number"))).Should().Be("2");

        async Task EndLater(Probe probe)
        {
            await gate.Task;
            probe.EndWhenIdle();
        }
    }

    [Fact]
    public async Task A_failing_deactivation_ends_the_activation_all_the_same()
    {
        Script.OnDeactivate = (_, _, _) => throw new InvalidOperationException("cannot say goodbye");
        await Settle(Plain().Do("end"));

        (await Settle(Plain().Do("number"))).Should().Be("2");
    }

    [Fact]
    public async Task A_grain_that_ends_while_it_is_activated_is_replaced_and_not_deactivated()
    {
        Script.OnActivate = (probe, _) =>
        {
            if (probe.Number == 1)
                probe.EndWhenIdle();
            return Task.CompletedTask;
        };
        Script.OnDeactivate = (probe, reason, _) =>
        {
            probe.Log.Add($"{probe.Number} deactivated: {reason.ReasonCode}");
            return Task.CompletedTask;
        };

        (await Settle(Plain().Do("number"))).Should().Be("2");

        Log.Entries.Should().Equal("a disposed");
    }

    [Fact]
    public async Task What_an_activation_began_goes_on_after_its_end_with_the_references_that_it_holds_and_without_a_factory()
    {
        var gate = new TaskCompletionSource();
        Script.Steps["start"] = (probe, token) =>
        {
            _ = Loop(probe, probe.Other("b"));
            return Task.FromResult("");
        };
        await Settle(Plain().Do("start"));
        await Settle(Plain().Do("end"));
        await Logged("a disposed");
        (await Settle(Plain().Do("number"))).Should().Be("2");

        gate.SetResult();

        await Logged("loop ends");
        Log.Entries.Should().Equal("a disposed", "b answers", "no factory", "no timer", "loop ends");

        async Task Loop(Probe probe, IPlainProbe other)
        {
            await gate.Task;
            Log.Add($"{await other.Do("name")} answers");
            if (Refuses(() => probe.Other("b")))
                Log.Add("no factory");
            if (Refuses(() => probe.RegisterGrainTimer(() => Task.CompletedTask, new(Short, Short))))
                Log.Add("no timer");
            Log.Add("loop ends");
        }

        static bool Refuses(Action action)
        {
            try
            {
                action();
                return false;
            }
            catch (InvalidOperationException)
            {
                return true;
            }
        }
    }

    [Fact]
    public async Task A_call_that_meets_three_activations_that_end_is_rejected()
    {
        Script.OnActivate = (probe, _) =>
        {
            probe.Log.Add("activating");
            probe.EndWhenIdle();
            return Task.CompletedTask;
        };

        (await Failure(Plain().Do("name"))).Should().BeAssignableTo<OrleansMessageRejectionException>();

        Log.Count("activating").Should().Be(3);
    }

    [Fact]
    public async Task A_delay_of_deactivation_does_not_keep_a_grain_that_ends_itself()
    {
        Script.Steps["keep"] = (probe, _) =>
        {
            probe.Keep(Timeout.InfiniteTimeSpan);
            probe.EndWhenIdle();
            return Task.FromResult("");
        };
        await Settle(Plain().Do("keep"));

        await Logged("a disposed");

        (await Settle(Plain().Do("number"))).Should().Be("2");
    }

    [Fact]
    public async Task No_call_is_lost_or_doubled_while_activations_come_and_go()
    {
        const int Callers = 8,
            CallsEach = 60,
            Mayflies = 3;
        var (alive, most) = (new int[Mayflies], 0);
        Script.OnActivate = (probe, _) => Count(probe, +1);
        Script.OnDeactivate = async (probe, _, _) =>
        {
            await Task.Yield();
            await Count(probe, -1);
        };
        Script.Steps["storm"] = async (probe, token) =>
        {
            for (var i = 0; i < CallsEach; )
            {
                try
                {
                    await probe.Other($"{i % Mayflies}").Do($"{probe.Name} {i}", token);
                    i++;
                }
                catch (OrleansMessageRejectionException)
                {
                    // The call met two ended activations and ran on none: Orleans forwards a call at most twice.
                }
            }

            return "";
        };
        var callers = Enumerable.Range(0, Callers).Select(caller => $"caller {caller}").ToArray();
        foreach (var note in callers.SelectMany(Notes))
        {
            Script.Steps[note] = async (probe, _) =>
            {
                await Task.Yield();
                probe.Log.Add(note);
                if (Log.Entries.Count % 5 == 0)
                    probe.EndWhenIdle();
                return "";
            };
        }

        await Settle(callers.Select(caller => Plain(caller).Do("storm")));

        Log.Entries.Where(callers.SelectMany(Notes).Contains).Should().HaveCount(Callers * CallsEach).And.OnlyHaveUniqueItems();
        int.Parse(await Settle(Plain("0").Do("number"))).Should().BeGreaterThan(5);
        most.Should().Be(1, "a grain has one activation at a time");

        static IEnumerable<string> Notes(string caller) => Enumerable.Range(0, CallsEach).Select(i => $"{caller} {i}");

        Task Count(Probe probe, int change)
        {
            if (!int.TryParse(probe.Name, out var mayfly))
                return Task.CompletedTask;
            var now = Interlocked.Add(ref alive[mayfly], change);
            if (now > 1)
                Volatile.Write(ref most, now);
            else
                Interlocked.CompareExchange(ref most, 1, 0);
            return Task.CompletedTask;
        }
    }
}

[Collection(nameof(OrleansSilo))]
public sealed class EndingsOnASilo(OrleansSilo silo) : Endings(silo);

public sealed class EndingsInTheSimulator(Simulator simulator) : Endings(simulator), IClassFixture<Simulator>;
