using ConvoSynth.Contracts.Tests.Harness;
using ConvoSynth.Contracts.Tests.Probes;

namespace ConvoSynth.Contracts.Tests.Facts;

/// <summary>
/// When the runtime collects idle activations. To show that an activation is kept, a test waits until another, idle one has ended.
/// </summary>
public abstract class IdleActivations : Contract
{
    protected IdleActivations(IRuntimeUnderTest runtime)
        : base(runtime) =>
        Script.OnDeactivate = (probe, reason, _) =>
        {
            probe.Log.Add($"{probe.Name} {reason.ReasonCode}");
            return Task.CompletedTask;
        };

    [Fact]
    public async Task An_idle_activation_is_collected_and_the_next_call_activates_anew()
    {
        (await Settle(Fleeting().Do("number"))).Should().Be("1");

        await Logged("a ActivationIdle");
        await Logged("a disposed");

        (await Settle(Fleeting().Do("number"))).Should().Be("2");
    }

    [Fact]
    public async Task A_running_request_keeps_its_activation()
    {
        var gate = Script.Gate("long");
        var call = Fleeting("kept").Do("long");
        await Logged("long begins");

        await AnotherIsCollected();

        gate.SetResult();
        await Settle(call);
        (await Settle(Fleeting("kept").Do("number"))).Should().Be("1");
    }

    [Fact]
    public async Task A_grain_may_delay_its_collection_and_take_that_back()
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
        await Settle(Fleeting("kept").Do("keep"));

        await AnotherIsCollected();

        (await Settle(Fleeting("kept").Do("number"))).Should().Be("1");
        await Settle(Fleeting("kept").Do("release"));
        await Logged("kept ActivationIdle");
    }

    [Fact]
    public async Task Ticks_that_keep_alive_keep_the_activation()
    {
        await Ticks("kept", keepAlive: true);

        await AnotherIsCollected();

        (await Settle(Fleeting("kept").Do("number"))).Should().Be("1");
        await Settle(Fleeting("kept").Do("end"));
    }

    [Fact]
    public async Task Ticks_that_do_not_keep_alive_do_not_count_as_use()
    {
        await Ticks("a", keepAlive: false);

        await Logged("a ActivationIdle");
    }

    [Fact]
    public async Task A_loop_of_its_own_does_not_keep_the_activation_but_goes_on()
    {
        var gate = new TaskCompletionSource();
        Script.Steps["start"] = (probe, token) =>
        {
            _ = Loop(probe);
            return Task.FromResult("");
        };
        await Settle(Fleeting().Do("start"));
        await Logged("a ActivationIdle");

        gate.SetResult();

        await Logged("loop ends");

        async Task Loop(Probe probe)
        {
            await gate.Task;
            probe.Log.Add("loop ends");
        }
    }

    private async Task Ticks(string name, bool keepAlive)
    {
        Script.Steps["tick"] = (probe, _) =>
        {
            probe.RegisterGrainTimer(() => Task.CompletedTask, new(5 * Short, 5 * Short) { KeepAlive = keepAlive });
            return Task.FromResult("");
        };
        await Settle(Fleeting(name).Do("tick"));
    }

    private async Task AnotherIsCollected()
    {
        await Settle(Fleeting("another").Do("name"));
        await Logged("another ActivationIdle");
        await Logged("another disposed");
    }
}

[Collection(nameof(OrleansSilo))]
public sealed class IdleActivationsOnASilo(OrleansSilo silo) : IdleActivations(silo);

public sealed class IdleActivationsInTheSimulator(Simulator simulator) : IdleActivations(simulator), IClassFixture<Simulator>;
