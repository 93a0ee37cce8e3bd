using ConvoSynth.Contracts.Tests.Facts;
using ConvoSynth.Contracts.Tests.Harness;
using ConvoSynth.Contracts.Tests.Probes;
using ConvoSynth.Core.Campaigns;

namespace ConvoSynth.Contracts.Tests.SimulatorOnly;

/// <summary>Calls as between two silos: Orleans' serializer writes and reads each request and response.</summary>
public sealed class OverTheWire : SimulatorFacts
{
    [Fact]
    public async Task A_record_of_the_contract_arrives_as_another_object_of_the_same_value()
    {
        var (simulator, script) = Begin(o => o with { Wire = true });
        var sent = new RunSpec
        {
            RunId = "run",
            Domains = ["retail"],
            Count = 1,
            Seed = 1,
        };

        var carry = simulator.Grains.GetGrain<ICarrier>(script.Key("a")).Carry(sent);
        await simulator.Settle(carry);

        (await carry).Should().NotBeSameAs(sent).And.BeEquivalentTo(sent);
    }

    [Fact]
    public void An_exception_arrives_as_another_object_of_the_same_type()
    {
        var (simulator, script) = Begin(o => o with { Wire = true });
        var thrown = new CustomException("own words");
        script.Steps["fail"] = (_, _) => throw thrown;

        Failure(simulator, Plain(simulator, script).Do("fail"))
            .Should()
            .NotBeSameAs(thrown)
            .And.BeOfType<CustomException>()
            .Which.Message.Should()
            .Be("own words");
    }

    [Fact]
    public void A_grain_passes_a_reference_to_itself_on()
    {
        var (simulator, script) = Begin(o => o with { Wire = true });
        var grain = simulator.Grains.GetGrain<ICarrier>(script.Key("a"));

        Result(simulator, grain.AskBack(script.Key("b"))).Should().Be(script.Key("a"));
        Result(simulator, grain.AskBackWithThis(script.Key("b"))).Should().Be(script.Key("a"));
    }
}
