using ConvoSynth.Contracts.Tests.Harness;
using ConvoSynth.Contracts.Tests.Probes;
using Microsoft.Extensions.DependencyInjection;

namespace ConvoSynth.Contracts.Tests.Facts;

/// <summary>What a grain must not do outside its own turns. The test does it, outside any turn.</summary>
public abstract class OffTurn(IRuntimeUnderTest runtime) : Contract(runtime)
{
    [Fact]
    public async Task A_grain_has_no_factory_off_its_turn()
    {
        var probe = await Escaped();

        probe.Invoking(p => p.Other("b")).Should().Throw<InvalidOperationException>();
    }

    [Fact]
    public async Task A_grain_registers_no_timer_off_its_turn()
    {
        var probe = await Escaped();

        probe.Invoking(p => p.RegisterGrainTimer(() => Task.CompletedTask, new(Short, Short))).Should().Throw<InvalidOperationException>();
    }

    [Fact]
    public async Task A_grain_has_its_services_off_its_turn()
    {
        var probe = await Escaped();

        probe.Services.GetRequiredService<Scoped>().Should().NotBeNull();
    }

    [Fact]
    public async Task A_grain_may_be_ended_off_its_turn()
    {
        var probe = await Escaped();

        probe.EndWhenIdle();

        await Logged("a disposed");
        (await Settle(Plain().Do("number"))).Should().Be("2");
    }

    [Fact]
    public async Task A_grain_that_has_ended_can_do_no_more()
    {
        var probe = await Escaped();
        await Settle(Plain().Do("end"));
        (await Settle(Plain().Do("number"))).Should().Be("2");

        probe.Invoking(p => p.EndWhenIdle()).Should().Throw<InvalidOperationException>();
        probe.Invoking(p => p.Keep(Timeout.InfiniteTimeSpan)).Should().Throw<InvalidOperationException>();
    }

    [Fact]
    public async Task A_grain_has_its_factory_on_the_turn_of_another()
    {
        var probe = await Escaped();
        Script.Steps["use"] = (_, _) => Task.FromResult(probe.Other("b").GetPrimaryKeyString());

        (await Settle(Plain("other").Do("use"))).Should().Be(Script.Key("b"));
    }

    [Fact]
    public async Task A_grain_knows_its_key_and_id_off_its_turn()
    {
        var probe = await Escaped();

        probe.GetPrimaryKeyString().Should().Be(Script.Key("a"));
        probe.GetGrainId().Should().Be(Plain().GetGrainId());
    }

    [Fact]
    public async Task A_reference_that_a_grain_took_on_its_turn_may_be_called_off_it()
    {
        IPlainProbe? other = null;
        Script.Steps["take"] = (probe, _) =>
        {
            other = probe.Other("b");
            return Task.FromResult("");
        };
        await Settle(Plain().Do("take"));

        (await Settle(other!.Do("name"))).Should().Be("b");
    }

    [Fact]
    public async Task A_grain_has_its_factory_and_timers_in_its_constructor_and_its_activation()
    {
        Script.OnConstruct = probe =>
        {
            if (probe.Name == "a")
                probe.Log.Add(probe.Other("b").GetPrimaryKeyString());
        };
        Script.OnActivate = (probe, _) =>
        {
            if (probe.Name == "a")
                probe.RegisterGrainTimer(() => Tick(probe), new(Short, Timeout.InfiniteTimeSpan));
            return Task.CompletedTask;
        };
        await Settle(Plain().Do("name"));

        await Logged("tick");

        Log.Entries.Should().Equal(Script.Key("b"), "tick");

        static Task Tick(Probe probe)
        {
            probe.Log.Add("tick");
            return Task.CompletedTask;
        }
    }

    private async Task<Probe> Escaped()
    {
        Probe? escaped = null;
        Script.Steps["escape"] = (probe, _) =>
        {
            escaped = probe;
            return Task.FromResult("");
        };
        await Settle(Plain().Do("escape"));
        return escaped!;
    }
}

[Collection(nameof(OrleansSilo))]
public sealed class OffTurnOnASilo(OrleansSilo silo) : OffTurn(silo);

public sealed class OffTurnInTheSimulator(Simulator simulator) : OffTurn(simulator), IClassFixture<Simulator>;
