using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Verification.Verifiers;

namespace ConvoSynth.Verification.Tests;

/// <summary>Typed values in the agent's texts: their sources, and the verdicts on values without one.</summary>
public sealed class SaidValuesTests
{
    private static readonly Lazy<Pack> Retail = new(() => PackLoading.Load(TestPacks.Shipped("retail")));
    private static readonly Lazy<Pack> Library = new(() => PackLoading.Load(TestPacks.Shipped("library")));

    [Theory]
    [InlineData("Your loan is L9301.")]
    [InlineData("Your new card number is 20000099.")]
    [InlineData("I have noted it as gift_card_0000001.")]
    public void A_code_that_stands_in_nothing_the_agent_could_know_fails(string said) => Said(said).ShouldFail("claims.values", at: 5);

    [Theory]
    [InlineData("Dune was due on March 18, 2031.")]
    [InlineData("Dune was due on March 53, 2031.")]
    [InlineData("Dune was due on March 10, 2831.")]
    [InlineData("Shall I renew Dune for 47 weeks?")]
    [InlineData("You owe $4.85.")]
    [InlineData("It comes to about $4.80.")]
    [InlineData("A replacement is typically priced at $4.50.")]
    [InlineData("If you pay $1.20 now, $3.30 remains.")]
    [InlineData("There is a price difference of **$4.50**.")]
    public void A_day_a_number_or_an_amount_from_nowhere_and_an_estimate_are_unsure(string said) =>
        ShouldBeUnsure(Said(said), "claims.values", at: 5);

    [Theory]
    [InlineData("Dune was due on March 10, 2031, and Emma on 2031-03-01.")]
    [InlineData("Your loans are L1001, L1002 and L1003.")]
    [InlineData("You owe $4.50.")]
    [InlineData("Half of $4.50 and $4.50 come to $9.00.")]
    [InlineData("The difference is $4.50 - $4.50.")]
    [InlineData("A loan has a number such as L9301.")]
    [InlineData("May I help you with the 3 loans that you have?")]
    public void What_was_read_or_follows_from_it_passes(string said) => Said(said).ShouldPass("claims.values");

    [Fact]
    public void A_thing_that_the_reads_show_as_gone_is_not_available()
    {
        var pack = Retail.Value;
        var (product, gone, there) = pack.BaseView["products"]
            .Rows.Select(p =>
                (
                    p,
                    ((JsonMap)p["variants"]).Values.FirstOrDefault(v => v["available"] == (Json)false),
                    ((JsonMap)p["variants"]).Values.FirstOrDefault(v => v["available"] == (Json)true)
                )
            )
            .First(p => p.Item2 is not null && p.Item3 is not null);
        ImmutableArray<Verdict> Of(Json variant, string words) =>
            Verdicts(
                pack,
                new Talk(pack)
                    .Human("Hello.")
                    .Call("get_product_details", ("product_id", product.Key))
                    .Agent($"{words} {variant["item_id"].Text}.")
                    .Stop()
            );
        ShouldBeUnsure(Of(gone!, "Available is"), "claims.values", at: 3);
        Of(gone!, "Not available is").ShouldPass("claims.values");
        Of(there!, "Available is").ShouldPass("claims.values");
    }

    [Theory]
    [InlineData("Shall I renew Dune for 2 weeks (title: Dume)?", true)]
    [InlineData("Shall I renew Dune for 2 weeks (title: Dune)?", false)]
    [InlineData("Shall I renew Dume for 2 weeks?", true)]
    [InlineData("Shall I renew Dune for 3 weeks?", true)]
    public void Another_value_in_the_words_of_the_wish_is_unsure(string said, bool isOther)
    {
        var scenario = Tasks.Renewal.Scenario;
        var blueprint = Tasks.Renewal with
        {
            Scenario = scenario with
            {
                Requests = [scenario.Requests[0] with { Slots = ["a.title", "1.weeks"], Confirm = ["title: Dune", "weeks: 2"] }],
            },
        };
        var verdicts = LoanTalks.New().Identified().Agent(said).Human("Yes.").Renewed().Reported().Stop().Done().Verdicts(blueprint);
        if (isOther)
            ShouldBeUnsure(verdicts, "claims.values", at: 5);
        else
            verdicts.ShouldPass("claims.values");
    }

    [Theory]
    [InlineData("Dune is not renewed.")]
    [InlineData("I have not renewed it.")]
    [InlineData("It is not done.")]
    public void The_denial_of_what_was_just_done_is_unsure(string report) =>
        LoanTalks
            .New()
            .Identified()
            .Confirmed()
            .Renewed()
            .Agent(report)
            .Stop()
            .Done()
            .Verdicts(Tasks.Renewal)
            .Should()
            .Contain(v => v.Check == "claims" && v.Outcome == Outcome.Unsure && v.Message == 9);

    [Theory]
    [InlineData("The hold is cancelled. The reason is that that branch is not open to the public now.", false)]
    [InlineData("The hold is cancelled. I can't place the other one. That branch is not open to the public now.", false)]
    [InlineData("The hold is not cancelled now.", true)]
    [InlineData("The hold is not open to the public now.", true)]
    [InlineData("The hold is not cancelled, since that branch is not open to the public now.", true)]
    public void A_reason_with_a_not_of_its_own_denies_nothing_that_was_done(string report, bool denies)
    {
        var pack = Library.Value;
        var hold = pack.BaseView["holds"].Rows.First(h => h["state"].Text == "waiting");
        var verdicts = Verdicts(pack, new Talk(pack).Human("Hello.").Call("cancel_hold", ("hold_id", hold.Key)).Agent(report).Stop());
        verdicts.Any(v => v is { Check: "claims", Outcome: Outcome.Unsure } && v.Evidence!.Contains("seems to deny")).Should().Be(denies);
    }

    [Theory]
    [InlineData("The last thing I need is your surname.", false)]
    [InlineData("And the last one?", false)]
    [InlineData("Shall I renew The Last Baker?", true)]
    [InlineData("Shall I renew The First Typesetter?", true)]
    [InlineData("Shall I renew The Thing Typesetter?", true)]
    public void A_title_that_begins_as_people_talk_is_not_almost_said_by_their_talk(string said, bool isNear)
    {
        var scenario = Tasks.Renewal.Scenario;
        var blueprint = Tasks.Renewal with
        {
            Scenario = scenario with
            {
                Facts =
                [
                    .. scenario.Facts,
                    new("b.title", "The Last Typesetter", "text", "title", "The Last Typesetter", Disclosure.Volunteer),
                ],
            },
        };
        var verdicts = LoanTalks.New().Identified().Agent(said).Human("Yes.").Stop().Done().Verdicts(blueprint);
        verdicts
            .Any(v => v is { Check: "values", Outcome: Outcome.Unsure, Message: 5 } && v.Evidence!.Contains("almost says"))
            .Should()
            .Be(isNear);
    }

    [Fact]
    public void A_term_of_one_act_is_not_given_for_another()
    {
        var pack = Retail.Value;
        var order = pack.BaseView["orders"]
            .Rows.First(o => o["status"].Text == "delivered" && pack.BaseView["users"].Find(o["user_id"].Text!) is not null);
        ImmutableArray<Verdict> Of(string tool, params (string, Json)[] arguments) =>
            Verdicts(
                pack,
                new Talk(pack)
                    .Human("Hello.")
                    .Call("get_order_details", ("order_id", order.Key))
                    .Agent("The money comes back within 5 to 7 business days. Shall I?")
                    .Human("Yes.")
                    .Call(tool, arguments)
                    .Agent("Done.")
                    .Stop()
            );
        var item = order["items"].Items[0]["item_id"];
        var method = order["payment_history"].Items[0]["payment_method_id"];
        Of("return_delivered_order_items", ("order_id", order.Key), ("item_ids", Json.List(item)), ("payment_method_id", method))
            .Should()
            .Contain(v => v.Check == "claims" && v.Outcome == Outcome.Unsure && v.Message == 3);
        Of("cancel_pending_order", ("order_id", order.Key), ("reason", "no longer needed"))
            .Should()
            .NotContain(v => v.Check == "claims" && v.Outcome == Outcome.Unsure && v.Message == 3);
    }

    private static ImmutableArray<Verdict> Said(string said) =>
        LoanTalks.New().Identified().Agent(said).Stop().Done().Verdicts(Tasks.Of(Tasks.FindAmes));

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

    private static void ShouldBeUnsure(IEnumerable<Verdict> verdicts, string check, int at) =>
        verdicts
            .Should()
            .Contain(
                v => $"{v.Stage}.{v.Check}" == check && v.Outcome == Outcome.Unsure && v.Message == at,
                "found: {0}",
                string.Join(" | ", verdicts.Where(v => v.Rejects).Select(v => $"{v.Reason} {v.Message} {v.Evidence}"))
            );
}
