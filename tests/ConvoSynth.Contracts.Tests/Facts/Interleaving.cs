using ConvoSynth.Contracts.Tests.Harness;

namespace ConvoSynth.Contracts.Tests.Facts;

/// <summary>Which requests run concurrently.</summary>
public abstract class Interleaving(IRuntimeUnderTest runtime) : Contract(runtime)
{
    [Fact]
    public async Task An_interleaving_call_runs_while_another_awaits()
    {
        var gate = Script.Gate("long");
        Script.Note("peek");
        var call = Plain().Do("long");
        await Logged("long begins");

        (await Settle(Plain().Peek("peek"))).Should().Be("peek");
        call.IsCompleted.Should().BeFalse();

        gate.SetResult();
        (await Settle(call)).Should().Be("long");
    }

    [Fact]
    public async Task An_interleaving_call_passes_requests_that_wait()
    {
        var gate = Script.Gate("long");
        Script.Note("next");
        Script.Note("peek");
        await Settle(Plain().Do("name"));
        var calls = new[] { Plain().Do("long"), Plain().Do("next") };
        await Settle(Plain().Peek("peek"));

        gate.SetResult();

        await Settle(calls);
        Log.Entries.Should().Equal("long begins", "peek", "long ends", "next");
    }

    [Fact]
    public async Task An_interleaving_call_waits_for_the_activation()
    {
        var activated = new TaskCompletionSource();
        Script.OnActivate = async (probe, _) =>
        {
            if (probe.Name != "a")
                return;
            probe.Log.Add("activating");
            await activated.Task;
            probe.Log.Add("activated");
        };
        Script.Note("peek");
        var peek = Plain().Peek("peek");
        await Logged("activating");
        await Later();
        peek.IsCompleted.Should().BeFalse();

        activated.SetResult();

        await Settle(peek);
        Log.Entries.Where(e => e is not "later").Should().Equal("activating", "activated", "peek");
    }

    [Fact]
    public async Task A_request_starts_beside_an_interleaving_one_that_awaits()
    {
        var gate = Script.Gate("peek");
        Script.Note("next");
        var peek = Plain().Peek("peek");
        await Logged("peek begins");

        await Settle(Plain().Do("next"));

        peek.IsCompleted.Should().BeFalse();
        gate.SetResult();
        await Settle(peek);
        Log.Entries.Should().Equal("peek begins", "next", "peek ends");
    }

    [Fact]
    public async Task A_reentrant_grain_starts_requests_while_others_await()
    {
        var gate = Script.Gate("long");
        Script.Note("next");
        var call = Reentrant().Do("long");
        await Logged("long begins");

        await Settle(Reentrant().Do("next"));
        gate.SetResult();
        await Settle(call);

        Log.Entries.Should().Equal("long begins", "next", "long ends");
    }

    [Fact]
    public async Task Read_only_calls_run_beside_each_other()
    {
        var (first, second) = (Script.Gate("read 1"), Script.Gate("read 2"));
        var calls = new[] { Plain().Read("read 1"), Plain().Read("read 2") };
        await Logged("read 1 begins");
        await Logged("read 2 begins");

        first.SetResult();
        second.SetResult();

        (await Settle(calls)).Should().Equal("read 1", "read 2");
    }

    [Fact]
    public async Task A_write_waits_for_read_only_calls_and_they_for_it()
    {
        await Settle(Plain().Do("name"));
        var read = Script.Gate("read");
        var write = Script.Gate("write");
        Script.Note("read again");
        var calls = new List<Task<string>> { Plain().Read("read"), Plain().Do("write") };
        await Received(Plain());
        Log.Entries.Should().Equal("read begins");
        read.SetResult();
        await Logged("write begins");

        calls.Add(Plain().Read("read again"));
        await Received(Plain());
        Log.Entries.Should().Equal("read begins", "read ends", "write begins");
        write.SetResult();

        await Settle(calls);
        Log.Entries.Should().Equal("read begins", "read ends", "write begins", "write ends", "read again");
    }

    [Fact]
    public async Task A_read_only_call_passes_a_write_that_waits_behind_another()
    {
        await Settle(Plain().Do("name"));
        var gate = Script.Gate("read");
        Script.Note("write");
        Script.Note("read again");
        var calls = new[] { Plain().Read("read"), Plain().Do("write") };

        await Settle(Plain().Read("read again"));
        gate.SetResult();
        await Settle(calls);

        Log.Entries.Should().Equal("read begins", "read again", "read ends", "write");
    }

    [Fact]
    public async Task A_write_waits_for_all_read_only_calls_that_run()
    {
        await Settle(Plain().Do("name"));
        var (first, second) = (Script.Gate("first"), Script.Gate("second"));
        Script.Note("write");
        var reads = new[] { Plain().Read("first"), Plain().Read("second") };
        var write = Plain().Do("write");
        await Received(Plain());
        Log.Entries.Should().Equal("first begins", "second begins");

        first.SetResult();
        await Settle(reads[0]);
        await Received(Plain());
        write.IsCompleted.Should().BeFalse();
        second.SetResult();
        await Settle([reads[1], write]);

        Log.Entries.Should().Equal("first begins", "second begins", "first ends", "second ends", "write");
    }

    [Fact]
    public async Task A_chain_back_into_a_busy_grain_stands_still_until_it_times_out()
    {
        Script.Steps["ask b"] = (probe, token) => probe.Other("b").Do("ask a", token);
        Script.Steps["ask a"] = (probe, _) => probe.Other("a").Brief("name");

        (await Failure(Plain("a").Do("ask b"))).Should().BeOfType<TimeoutException>();

        (await Settle(Plain("a").Do("number"))).Should().Be("1");
    }

    [Fact]
    public async Task A_chain_back_by_an_interleaving_method_goes_through()
    {
        Script.Steps["ask b"] = (probe, token) => probe.Other("b").Do("ask a", token);
        Script.Steps["ask a"] = (probe, _) => probe.Other("a").Peek("name");

        (await Settle(Plain("a").Do("ask b"))).Should().Be("a");
    }

    [Fact]
    public async Task A_chain_back_into_a_reentrant_grain_goes_through()
    {
        Script.Steps["ask b"] = (probe, token) => Reentrant("b").Do("ask a", token);
        Script.Steps["ask a"] = (probe, token) => Reentrant("a").Do("name", token);

        (await Settle(Reentrant("a").Do("ask b"))).Should().Be("a");
    }
}

[Collection(nameof(OrleansSilo))]
public sealed class InterleavingOnASilo(OrleansSilo silo) : Interleaving(silo);

public sealed class InterleavingInTheSimulator(Simulator simulator) : Interleaving(simulator), IClassFixture<Simulator>;
