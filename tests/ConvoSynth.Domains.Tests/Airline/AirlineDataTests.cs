using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Tests.Airline;

/// <summary>The generated airline must be as coherent as a real one.</summary>
public sealed class AirlineDataTests
{
    private static Database Base => AirlinePack.Own.Base;

    [Fact]
    public void There_are_three_hundred_flights_five_hundred_customers_and_two_thousand_reservations()
    {
        Base["flights"].Rows.Should().HaveCount(300);
        Base["users"].Rows.Should().HaveCount(500);
        Base["reservations"].Rows.Should().HaveCount(2000);
    }

    [Fact]
    public void The_same_pack_makes_the_same_data_again() => PackLoading.Load(AirlinePack.Folder).Hash.Should().Be(AirlinePack.Own.Hash);

    [Fact]
    public void Every_reservation_is_in_its_owners_profile_and_the_reverse()
    {
        var listed = Base["users"]
            .Rows.SelectMany(u => u.List("reservations").Select(r => $"{r.Text} of {u.Key}"))
            .Order(StringComparer.Ordinal);
        listed.Should().Equal(Base["reservations"].Rows.Select(r => $"{r.Key} of {r.Text("user_id")}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_was_paid_is_what_fares_bags_and_insurance_come_to()
    {
        foreach (var reservation in Base["reservations"].Rows)
        {
            var people = reservation.List("passengers").Count;
            var price =
                (reservation.List("flights").Sum(f => f["price"].Number!.Value) * people)
                + (50 * reservation.Int("nonfree_baggages"))
                + (reservation.Text("insurance") == "yes" ? 30 * people : 0);
            reservation.List("payment_history")[0]["amount"].Number.Should().Be(price, reservation.Key);
        }
    }

    [Fact]
    public void Every_trip_is_one_way_through_places_where_its_flights_go_and_was_booked_before_it_began()
    {
        foreach (var reservation in Base["reservations"].Rows)
        {
            var legs = reservation.List("flights");
            legs[0]["origin"].Should().Be(reservation["origin"], reservation.Key);
            for (var i = 0; i < legs.Count; i++)
            {
                var flight = Base["flights"].Find(legs[i]["flight_number"].Text!)!;
                flight["dates"][legs[i]["date"].Text!].IsNull.Should().BeFalse(reservation.Key);
                flight["origin"].Should().Be(legs[i]["origin"], reservation.Key);
                if (i > 0)
                    legs[i]["origin"].Should().Be(legs[i - 1]["destination"], reservation.Key);
            }

            var end = reservation.Text("flight_type") == "round_trip" ? "origin" : "destination";
            legs[^1]["destination"].Should().Be(reservation[end], reservation.Key);
            string.CompareOrdinal(reservation.Text("created_at")[..10], legs[0]["date"].Text).Should().BeLessThan(0, reservation.Key);
        }
    }
}
