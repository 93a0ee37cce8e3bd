using ConvoSynth.Contracts.Tests.Harness;
using ConvoSynth.Contracts.Tests.Probes;

namespace ConvoSynth.Contracts.Tests.Facts;

/// <summary>How grains are named, found and passed on.</summary>
public abstract class References(IRuntimeUnderTest runtime) : Contract(runtime)
{
    [Fact]
    public void A_reference_knows_its_key_and_its_id()
    {
        var reference = Grains.GetGrain<IPlainProbe>("k/with/slashes");

        reference.GetPrimaryKeyString().Should().Be("k/with/slashes");
        reference.GetGrainId().ToString().Should().Be("plainprobe/k/with/slashes");
        GrainId.Parse(reference.GetGrainId().ToString()).Should().Be(reference.GetGrainId());
    }

    [Fact]
    public void References_to_the_same_grain_are_equal()
    {
        var reference = Plain("k");

        reference.Should().Be(Plain("k")).And.NotBe(Plain("other"));
        reference.GetHashCode().Should().Be(Plain("k").GetHashCode());
    }

    [Fact]
    public async Task A_grain_is_found_by_its_id()
    {
        var id = GrainId.Create("plainprobe", Script.Key("k"));

        (await Settle(Grains.GetGrain<IPlainProbe>(id).Do("name"))).Should().Be("k");
    }

    [Fact]
    public async Task An_interface_of_several_classes_needs_a_prefix()
    {
        Grains.Invoking(g => g.GetGrain<IProbe>("k")).Should().Throw<ArgumentException>();

        var chosen = Grains.GetGrain<IProbe>(Script.Key("k"), typeof(ReentrantProbe).FullName);

        chosen.GetGrainId().Type.ToString().Should().Be("reentrantprobe");
        (await Settle(chosen.Do("name"))).Should().Be("k");
    }

    [Fact]
    public void An_interface_without_a_class_is_refused_by_name()
    {
        var failure = Grains.Invoking(g => g.GetGrain<IUnimplemented>("k")).Should().Throw<ArgumentException>().Which;

        failure.Message.Should().Contain(nameof(IUnimplemented));
    }

    [Fact]
    public async Task A_reference_is_cast_to_another_interface_of_its_grain()
    {
        var carrier = Carrier("a");

        var labelled = carrier.AsReference<ILabelled>();

        (await Settle(labelled.Label())).Should().Be($"carrier/{Script.Key("a")}");
        labelled.GetGrainId().Should().Be(carrier.GetGrainId());
    }

    [Fact]
    public async Task A_grain_passes_a_reference_to_itself_on()
    {
        (await Settle(Carrier("a").AskBack(Script.Key("b")))).Should().Be(Script.Key("a"));
    }

    [Fact]
    public async Task A_grain_that_passes_itself_on_arrives_as_a_reference()
    {
        (await Settle(Carrier("a").AskBackWithThis(Script.Key("b")))).Should().Be(Script.Key("a"));
    }

    [Fact]
    public async Task A_reference_that_comes_back_equals_the_one_that_was_called()
    {
        var back = await Settle(Carrier("a").Self());

        back.Should().Be(Carrier("a"));
        (await Settle(back.KeyOf(Plain("b")))).Should().Be(Script.Key("b"));
    }

    [Fact]
    public async Task A_grain_knows_its_own_id()
    {
        Script.Steps["id"] = (probe, _) => Task.FromResult(probe.GetGrainId().ToString());

        (await Settle(Plain("k").Do("id"))).Should().Be($"plainprobe/{Script.Key("k")}");
    }

    private ICarrier Carrier(string name) => Grains.GetGrain<ICarrier>(Script.Key(name));
}

[Collection(nameof(OrleansSilo))]
public sealed class ReferencesOnASilo(OrleansSilo silo) : References(silo);

public sealed class ReferencesInTheSimulator(Simulator simulator) : References(simulator), IClassFixture<Simulator>;
