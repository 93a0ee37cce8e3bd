using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains.Environments;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Sampling;

namespace ConvoSynth.Domains.Tests.Airline;

/// <summary>Generated airline dialogues behave sensibly; the benchmark's own records behave as in the benchmark.</summary>
public sealed class AirlineSenseTests
{
    private static readonly Lazy<Blueprint> Upgrade = new(() =>
    {
        var sampler = new BlueprintSampler(AirlinePack.Own);
        return Enumerable
            .Range(0, 400)
            .Select(i => sampler.Sample(new Seed(1), i))
            .First(b => b.Intent == "upgrade" && b.Actions.Any(a => a.Writes));
    });

    private static Json Write => Upgrade.Value.Actions.Last(a => a.Writes).Arguments;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void After_an_upgrade_the_reservation_names_its_new_cabin_unless_the_benchmark_is_played(bool isBenchmark)
    {
        var pack = isBenchmark ? AirlinePack.Own.AsBenchmark() : AirlinePack.Own;
        var before = pack.BaseView["reservations"][Write["reservation_id"]]["cabin"];
        var shown = new DialogueEnvironment(pack, Upgrade.Value.Patch).Call("update_reservation_flights", Write).Value["cabin"];
        shown.Should().Be(isBenchmark ? before : "business");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Seats_change_hands_unless_the_benchmark_is_played(bool isBenchmark)
    {
        var pack = isBenchmark ? AirlinePack.Own.AsBenchmark() : AirlinePack.Own;
        var environment = new DialogueEnvironment(pack, Upgrade.Value.Patch);
        var reservation = environment.Db["reservations"][Write["reservation_id"]];
        var people = isBenchmark ? 0 : reservation.List("passengers").Count;
        var (number, date) = (Write["flights"].Items[0]["flight_number"].Text!, Write["flights"].Items[0]["date"].Text!);
        int Free(string cabin) => (int)environment.Db["flights"][number]["dates"][date]["available_seats"][cabin].Number!.Value;
        var (business, former) = (Free("business"), Free(reservation.Text("cabin")));
        environment.Call("update_reservation_flights", Write).IsError.Should().BeFalse();
        Free("business").Should().Be(business - people);
        Free(reservation.Text("cabin")).Should().Be(former + people);
    }

    [Fact]
    public void Gold_calls_write_whole_numbers_without_a_point()
    {
        var sampler = new BlueprintSampler(AirlinePack.Own);
        var calls = Enumerable.Range(0, 300).SelectMany(i => sampler.Sample(new Seed(5), i).Actions).ToArray();
        calls.Should().Contain(a => a.Tool == "update_reservation_baggages");
        calls.Should().OnlyContain(a => ArgumentSpelling.Misspelled(AirlinePack.Own.Tools.Find(a.Tool)!, (JsonMap)a.Arguments) == null);
    }

    [Fact]
    public void What_moves_money_is_confirmed_with_its_amount()
    {
        var sampler = new BlueprintSampler(AirlinePack.Own);
        var moving = Enumerable
            .Range(0, 300)
            .SelectMany(i => sampler.Sample(new Seed(5), i).Scenario.Requests)
            .Where(q => q is { Kind: RequestKind.Do, Tool: not "update_reservation_passengers" })
            .ToArray();
        moving.Should().NotBeEmpty();
        moving.Should().OnlyContain(q => q.Confirm.Any(d => d.Contains('$')));
    }

    [Fact]
    public void A_read_is_planned_again_only_after_a_write()
    {
        var sampler = new BlueprintSampler(AirlinePack.Own);
        for (var i = 0; i < 200; i++)
        {
            var since = new List<string>();
            foreach (var action in sampler.Sample(new Seed(9), i).Actions)
            {
                since.Should().NotContain($"{action.Tool} {action.Arguments}");
                if (action.Writes)
                    since.Clear();
                else
                    since.Add($"{action.Tool} {action.Arguments}");
            }
        }
    }
}
