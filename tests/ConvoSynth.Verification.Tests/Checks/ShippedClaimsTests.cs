using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Verification.Verifiers;

namespace ConvoSynth.Verification.Tests;

/// <summary>Claims about records and payment methods, which the small pack lacks.</summary>
public sealed class ShippedClaimsTests
{
    private static readonly Lazy<Pack> Airline = new(() => PackLoading.Load(TestPacks.Shipped("airline")));

    [Theory]
    [InlineData("Reservation {id} is now for {first} {last} (born {dob}).", true)]
    [InlineData("Reservation {id} is now for {first} {last}.", true)]
    [InlineData("I have put the following passengers on reservation {id}:\n- {first} {last}", true)]
    [InlineData("Reservation {id} is now for {first} {last} (born March 1, 1901).", false)]
    public void A_report_of_records_is_wrong_where_it_gives_a_date_that_none_of_them_has(string report, bool isTrue)
    {
        var pack = Airline.Value;
        var row = pack.BaseView["reservations"].Rows.First(r => r["status"].IsNull && r["passengers"].Items.Count == 1);
        var was = (JsonMap)row["passengers"].Items[0];
        var passenger = Json.Map(("first_name", "Ottilie"), ("last_name", was["last_name"]), ("dob", was["dob"]));
        var said = report
            .Replace("{id}", row.Key, StringComparison.Ordinal)
            .Replace("{first}", "Ottilie", StringComparison.Ordinal)
            .Replace("{last}", was["last_name"].Text, StringComparison.Ordinal)
            .Replace("{dob}", FieldValues.Say("date", was["dob"]), StringComparison.Ordinal);
        var verdicts = Verdicts(
            pack,
            new Talk(pack)
                .Human("Hello.")
                .Call("get_reservation_details", ("reservation_id", row.Key))
                .Agent("Shall I put Ottilie on it?")
                .Human("Yes.")
                .Call("update_reservation_passengers", ("reservation_id", row.Key), ("passengers", Json.List([passenger])))
                .Agent(said)
                .Stop()
        );
        if (isTrue)
            verdicts.ShouldPass("claims.claims");
        else
            verdicts.ShouldFail("claims.claims", at: 7);
    }

    [Theory]
    [InlineData("I see the {brand} credit card ending in {four}.", true)]
    [InlineData("I see the card ending in {four}.", true)]
    [InlineData("We could go from a {other} to the card ending in {four}.", true)]
    [InlineData("We could split it: gift_card_1 ($12) + {id}.", true)]
    [InlineData("It is not a {other} card ending in {four}.", true)]
    [InlineData("I see the {other} credit card ending in {four}.", false)]
    [InlineData("I see your {other} ({id}).", false)]
    [InlineData("I see the gift card ending in {four}.", false)]
    public void A_card_that_is_named_with_the_brand_or_kind_of_another_fails(string line, bool isTrue)
    {
        var pack = Airline.Value;
        var (user, id, card) = pack.BaseView["users"]
            .Rows.SelectMany(u => ((JsonMap)u["payment_methods"]).Keys.Select(k => (u, k, u["payment_methods"][k])))
            .First(p => p.Item3["brand"].Text is not null);
        var brand = card["brand"].Text!;
        var said = line.Replace("{brand}", brand, StringComparison.Ordinal)
            .Replace("{other}", brand == "visa" ? "Mastercard" : "Visa", StringComparison.Ordinal)
            .Replace("{four}", card["last_four"].Text, StringComparison.Ordinal)
            .Replace("{id}", id, StringComparison.Ordinal);
        var verdicts = Verdicts(
            pack,
            new Talk(pack).Human($"I am {user.Key}.").Call("get_user_details", ("user_id", user.Key)).Agent(said).Stop()
        );
        if (isTrue)
            verdicts.ShouldPass("claims.claims");
        else
            verdicts.ShouldFail("claims.claims", at: 3);
    }

    private static ImmutableArray<Verdict> Verdicts(Pack pack, Talk talk)
    {
        var task = Tasks.Renewal with
        {
            Domain = pack.Domain.Name,
            PackHash = pack.Hash,
            Persona = pack.Personas[0],
            Actions = [],
            AcceptedEndStates = [],
            AvailableTools = [.. pack.Tools.All.Select(t => t.Name)],
        };
        return Verifier.Default(pack).Verify(pack, task, talk.Done()).Verdicts;
    }
}
