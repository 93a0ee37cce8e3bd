using System.Collections.Immutable;
using ConvoSynth.Contracts.Tests.Harness;
using ConvoSynth.Contracts.Tests.Probes;
using ConvoSynth.Core.Campaigns;

namespace ConvoSynth.Contracts.Tests.Facts;

/// <summary>How calls pass arguments and results: by reference or by copy.</summary>
public abstract class Copies(IRuntimeUnderTest runtime) : Contract(runtime)
{
    [Fact]
    public async Task A_record_of_the_contract_arrives_and_returns_as_the_same_object()
    {
        var sent = new RunSpec
        {
            RunId = "run",
            Domains = ["retail"],
            Count = 1,
            Seed = 1,
        };

        var returned = await Settle(Carrier().Carry(sent));

        returned.Should().BeSameAs(sent);
        (await Settle(Carrier().Kept())).Should().BeSameAs(sent);
    }

    [Fact]
    public async Task A_list_is_copied_on_its_way_there_and_back()
    {
        var sent = new List<string> { "a" };

        var returned = await Settle(Carrier().CarryList(sent));

        returned.Should().Equal(sent).And.NotBeSameAs(sent);
        sent.Add("b");
        returned.Add("c");
        (await Settle(Carrier().KeptCount())).Should().Be(1);
    }

    [Fact]
    public async Task A_list_is_copied_when_the_call_is_made()
    {
        var sent = new List<string> { "a" };

        var call = Carrier().CarryList(sent);
        sent.Add("b");

        (await Settle(call)).Should().Equal("a");
    }

    [Fact]
    public async Task An_argument_that_is_marked_immutable_is_not_copied()
    {
        var sent = new List<string>();

        (await Settle(Carrier().CarryImmutable(sent))).Should().Be("done");

        sent.Should().Equal("seen by the caller");
    }

    [Fact]
    public async Task Immutable_arrays_and_nothing_survive()
    {
        (await Settle(Carrier().CarryArray([1, 2, 3]))).Should().Equal(1, 2, 3);
        (await Settle(Carrier().CarryArray(ImmutableArray<int>.Empty))).Should().BeEmpty();
        (await Settle(Carrier().CarryNothing(null))).Should().BeNull();
    }

    private ICarrier Carrier() => Grains.GetGrain<ICarrier>(Script.Key("a"));
}

[Collection(nameof(OrleansSilo))]
public sealed class CopiesOnASilo(OrleansSilo silo) : Copies(silo);

public sealed class CopiesInTheSimulator(Simulator simulator) : Copies(simulator), IClassFixture<Simulator>;
