using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains.Environments;
using ConvoSynth.Domains.Formulas;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Sampling;

namespace ConvoSynth.Domains.Tests.Airline;

/// <summary>
/// Sampling of a trip's special needs: records as arguments, computed amounts, and searches that omit unavailable rows.
/// </summary>
public sealed class AirlineToolsTests
{
    private static readonly Lazy<Blueprint[]> Sampled = new(() =>
    {
        var sampler = new BlueprintSampler(AirlinePack.Own);
        return [.. Enumerable.Range(0, 300).Select(i => sampler.Sample(new Seed(5), i))];
    });

    [Fact]
    public void A_booking_is_paid_with_exactly_what_it_costs()
    {
        var bookings = Sampled.Value.SelectMany(b => b.Actions).Where(a => a.Tool == "book_reservation").ToArray();
        bookings.Should().NotBeEmpty();
        foreach (var booking in bookings)
        {
            var made = Json.Parse(booking.Observation);
            var people = made["passengers"].Items.Count;
            var price =
                (made["flights"].Items.Sum(f => f["price"].Number!.Value) * people)
                + (50 * made["nonfree_baggages"].Number!.Value)
                + (made["insurance"].Text == "yes" ? 30 * people : 0);
            booking.Arguments["payment_methods"].Items.Sum(p => p["amount"].Number!.Value).Should().Be(price);
        }
    }

    [Fact]
    public void An_amount_of_several_parts_is_worked_out_before_it_is_used()
    {
        var split = Sampled.Value.Where(b => b.Intent == "book_with_certificate" && b.Actions.Any(a => a.Writes)).ToArray();
        split.Should().NotBeEmpty();
        foreach (var blueprint in split)
        {
            var write = blueprint.Actions.First(a => a.Writes);
            var rest = write.Arguments["payment_methods"].Items[1]["amount"].Number!.Value;
            blueprint
                .Actions.TakeWhile(a => !a.Writes)
                .Should()
                .Contain(a => a.Tool == "calculate" && a.Observation == rest.ToString("0.0"));
        }
    }

    [Fact]
    public void A_flight_that_is_not_on_sale_is_refused_after_a_search_that_leaves_it_out()
    {
        var refused = Sampled.Value.Where(b => b.Intent == "book_this_flight" && b.Refusals.Any(r => r.Clause == "4.1")).ToArray();
        refused.Should().NotBeEmpty();
        foreach (var blueprint in refused)
        {
            var search = blueprint.Actions.Last(a => a.Tool == "search_direct_flight");
            var wanted = blueprint.Refusals[0].Arguments["flights"].Items[0];
            search.Arguments["date"].Should().Be(wanted["date"]);
            Json.Parse(search.Observation).Items.Should().NotContain(f => f["flight_number"] == wanted["flight_number"]);
        }
    }

    [Fact]
    public void A_search_with_one_stop_leaves_time_to_change_planes()
    {
        var environment = new DialogueEnvironment(AirlinePack.Own);
        var pairs = environment.Call("search_onestop_flight", """{"origin":"SEA","destination":"ORD","date":"2024-05-20"}""").Value.Items;
        pairs.Should().NotBeEmpty();
        foreach (var pair in pairs)
        {
            pair.Items[0]["destination"].Should().Be(pair.Items[1]["origin"]);
            string.CompareOrdinal(pair.Items[0]["scheduled_arrival_time_est"].Text, pair.Items[1]["scheduled_departure_time_est"].Text)
                .Should()
                .BeLessThanOrEqualTo(0);
        }
    }

    [Fact]
    public void Formulas_call_functions_of_the_pack_and_follow_rows()
    {
        var pack = AirlinePack.Own;
        var who = pack.Domain.Entity("user");
        var owner = new EntityRow(who, pack.Base["users"].Rows[0], null);
        var flight = new EntityRow(pack.Domain.Entity("flight"), pack.Base["flights"].Rows[0], null);
        var day = EntityRows.Within(flight, pack.Domain.Entity("departure")).First();
        var scope = new FormulaScope
        {
            Pack = pack,
            Db = pack.BaseView,
            Owner = owner,
            Slots = new Dictionary<string, EntityRow> { ["d"] = day },
            Entries = new Dictionary<string, JsonMap>(),
        };

        FormulaParser.Parse("d.flight.origin").Evaluate(scope).Should().Be(flight["origin"]);
        FormulaParser.Parse("paid_bags('silver', 'economy', 2, 5)", pack.Tools.Functions).Evaluate(scope).Should().Be((Json)1);
        FormulaParser.Parse("2 * (30 - 12) + 5").Working(scope).Should().Be("2 * (30 - 12) + 5");
        FluentActions
            .Invoking(() => FormulaParser.Parse("paid_bags(1)", pack.Tools.Functions))
            .Should()
            .Throw<FormatException>()
            .WithMessage("*takes 4 arguments*");
        var ofRoute = FormulaParser
            .Parse(
                $"count(departure where flight.origin = '{flight["origin"].Text}' and flight.destination = "
                    + "d.flight.destination and date = d.date)"
            )
            .Evaluate(scope);
        ofRoute.Should().Be((Json)6);
    }
}
