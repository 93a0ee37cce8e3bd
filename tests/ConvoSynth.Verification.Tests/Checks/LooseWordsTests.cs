using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Verification.Verifiers;

namespace ConvoSynth.Verification.Tests;

/// <summary>
/// Sentences of an agent whose actions are right. Checks compare what they permit, promise and mention with guards, states and sources.
/// </summary>
public sealed class LooseWordsTests
{
    private static readonly Lazy<Pack> Retail = new(() => PackLoading.Load(TestPacks.Shipped("retail")));
    private static readonly Lazy<Pack> Airline = new(() => PackLoading.Load(TestPacks.Shipped("airline")));

    [Theory]
    [InlineData("I'm transferring you to a colleague now.")]
    [InlineData("I'll connect you with one of our librarians.")]
    [InlineData("Please hold while I transfer you.")]
    [InlineData("You will be put through shortly.")]
    [InlineData("I've forwarded your request to the specialist team.")]
    [InlineData("Another colleague will take over from here.")]
    public void A_hand_over_that_is_announced_and_never_made_fails(string said) => Said(said).ShouldFail("procedure.hand-over", at: 5);

    [Theory]
    [InlineData("I can transfer you to a colleague if you like.", Outcome.Unsure)]
    [InlineData("Would you like me to transfer you to a colleague?", Outcome.Unsure)]
    [InlineData("If you wish, I'll transfer you to a colleague.", Outcome.Unsure)]
    [InlineData("There is also the way of transferring to a colleague.", Outcome.Unsure)]
    [InlineData("A human agent might help you with that.", Outcome.Unsure)]
    [InlineData("I cannot hand this over to a colleague.", Outcome.Pass)]
    [InlineData("I'll put this right for you.", Outcome.Pass)]
    public void An_offer_and_a_condition_announce_no_hand_over_but_bring_up_what_nobody_asked_for(string said, Outcome expected) =>
        Of(Said(said), "procedure.hand-over").Should().Be(expected);

    [Fact]
    public void A_hand_over_that_the_human_asks_for_and_turns_down_or_that_is_made_is_none_that_is_missing()
    {
        var talk = new Talk(TestPacks.Loans)
            .Human("Hello, may I speak to a person, a supervisor perhaps?")
            .Agent("I'll transfer you to a colleague now.")
            .Human("No, please don't.")
            .Agent("As you like.")
            .Stop();
        talk.Done().Verdicts(Tasks.Renewal).ShouldPass("procedure.hand-over");
        var transfer = TestPacks.Loans.Tools.All.First(t => t.Kind == ToolKind.Transfer);
        var made = new Talk(TestPacks.Loans)
            .Human("Hello, get me a supervisor.")
            .Agent("I'll transfer you to a colleague now.")
            .Human("Fine.")
            .Call(transfer.Name, [.. transfer.Parameters.Select(p => (p.Name, (Json)"a wish that no tool serves"))]);
        made.Done(DialogueEnd.Transfer).Verdicts(Tasks.Renewal).ShouldPass("procedure.hand-over");
    }

    [Theory]
    [InlineData("Order {pending} can still be returned.", Outcome.Fail)]
    [InlineData("Order {pending} is eligible for a return.", Outcome.Fail)]
    [InlineData("Order {delivered} may be cancelled today.", Outcome.Fail)]
    [InlineData("You can cancel order {delivered} at this point.", Outcome.Fail)]
    [InlineData("If you'd like to cancel order {delivered}, I can do that.", Outcome.Unsure)]
    [InlineData("Would you like me to cancel order {delivered}?", Outcome.Unsure)]
    [InlineData("Order {delivered} is delivered. It can still be cancelled, though.", Outcome.Unsure)]
    [InlineData("I could also change the address of order {delivered}.", Outcome.Unsure)]
    [InlineData("Order {delivered} cannot be cancelled.", Outcome.Pass)]
    [InlineData("Order {pending} can be cancelled.", Outcome.Pass)]
    [InlineData("I can call off the first order and send back the lamp from order {delivered}.", Outcome.Pass)]
    [InlineData("Order {delivered} can be returned or exchanged.", Outcome.Pass)]
    [InlineData("I'll check whether order {delivered} can be cancelled.", Outcome.Pass)]
    [InlineData("Only pending orders can be cancelled.", Outcome.Pass)]
    [InlineData(
        "I can't return order {pending}, because of our policy: Only items of an order that is delivered can be returned.",
        Outcome.Pass
    )]
    [InlineData("Order {delivered} can be cancelled only if it is pending.", Outcome.Pass)]
    public void What_is_said_to_be_possible_is_what_the_guards_allow_for_that_row(string said, Outcome expected) =>
        OfOrders(said).Should().Be(("claims.permission", expected));

    [Theory]
    [InlineData("It is done. You can still change the address of order {order}.", true)]
    [InlineData(
        "Order {order} is cancelled. If you'd like to make other changes (e.g., "
            + "address or payment method for this order), just let me know!",
        true
    )]
    [InlineData(
        "- Order {order} is now cancelled.\n\nIf you have any questions about this change, or want to make other adjustments (like "
            + "address or payment method), just let me know!",
        true
    )]
    [InlineData("Order {order} is cancelled. No further changes can be made to this order by way of its address or its payment.", false)]
    [InlineData("Order {order} is cancelled. Let me know if there's anything else.", false)]
    public void What_was_possible_before_a_write_may_not_be_after_it(string said, bool isOffered)
    {
        var pack = Retail.Value;
        var order = pack.BaseView["orders"].Rows.First(o => o["status"].Text == "pending");
        var user = pack.BaseView["users"].Find(order.Text("user_id"))!;
        var talk = Found(pack, user)
            .Call("get_order_details", ("order_id", order.Key))
            .Agent($"Order {order.Key} can be cancelled. Shall I?")
            .Human("Yes, please.")
            .Call("cancel_pending_order", ("order_id", order.Key), ("reason", "no longer needed"))
            .Agent(said.Replace("{order}", order.Key, StringComparison.Ordinal))
            .Stop();
        var verdicts = Verdicts(pack, talk).Where(v => v.Check == "permission").ToArray();
        if (isOffered)
            verdicts
                .Should()
                .ContainSingle()
                .Which.Should()
                .Match<Verdict>(v => v.Outcome == Outcome.Unsure && v.Evidence!.Contains("5.1"));
        else
            verdicts.Should().ContainSingle().Which.Outcome.Should().Be(Outcome.Pass);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_yes_that_is_asked_for_what_the_tool_then_refuses_is_unsure_also_where_the_reference_makes_that_call(bool isGold)
    {
        var pack = Retail.Value;
        var order = pack.BaseView["orders"].Rows.First(o => o["status"].Text == "delivered");
        var user = pack.BaseView["users"].Find(order.Text("user_id"))!;
        var talk = Found(pack, user)
            .Agent("So I would take it back as no longer needed. Shall I go ahead?")
            .Human("Yes, please.")
            .Call("cancel_pending_order", ("order_id", order.Key), ("reason", "no longer needed"))
            .Agent("I'm sorry, that did not work.")
            .Stop();
        var call = new GoldAction
        {
            Tool = "cancel_pending_order",
            Arguments = Json.Map(("order_id", order.Key), ("reason", "no longer needed")),
            Writes = true,
            Observation = "Error: non-pending order cannot be cancelled",
        };
        Of(Verdicts(pack, talk, isGold ? [call] : []), "claims.permission").Should().Be(Outcome.Unsure);
    }

    [Theory]
    [InlineData("Order {delivered} is pending.", Outcome.Fail)]
    [InlineData("The status of order {delivered} is pending.", Outcome.Fail)]
    [InlineData("1. **Order {delivered}** (Status: Processed)", Outcome.Fail)]
    [InlineData("Order {delivered}:\n- Status: cancelled\n", Outcome.Fail)]
    [InlineData("Order {unread} is {its}.", Outcome.Fail)]
    [InlineData("Order {delivered} is currently delivered.", Outcome.Pass)]
    [InlineData("**Order {delivered}** (delivered)", Outcome.Pass)]
    [InlineData("If order {delivered} is pending, it can be changed.", Outcome.Pass)]
    [InlineData("Is order {delivered} pending?", Outcome.Pass)]
    [InlineData("Order {delivered} would then be cancelled.", Outcome.Pass)]
    public void A_state_that_is_told_is_the_state_of_that_row_and_the_row_was_read(string said, Outcome expected) =>
        OfOrders(said, "claims.state").Should().Be(("claims.state", expected));

    [Fact]
    public void A_tier_that_is_told_is_the_persons_own_and_a_name_stands_somewhere()
    {
        var pack = Airline.Value;
        var user = pack.BaseView["users"].Rows.First(u => u.Text("membership") == "regular");
        Outcome Of(string said) =>
            LooseWordsTests.Of(
                Verdicts(
                    pack,
                    new Talk(pack).Human($"I am {user.Key}.").Call("get_user_details", ("user_id", user.Key)).Agent(said).Stop()
                ),
                "claims.state"
            );
        Of("As a gold member, you may check more bags.").Should().Be(Outcome.Fail);
        Of("Your membership is silver.").Should().Be(Outcome.Fail);
        Of("As a regular member, you pay for them.").Should().Be(Outcome.Pass);
        Of("A gold member may check more bags.").Should().Be(Outcome.Pass);
        var stranger = pack.BaseView["users"]
            .Rows.First(u => !user.Values.ToString().Contains(u["name"]["first_name"].Text!, StringComparison.Ordinal));
        Of($"It is booked for {stranger["name"]["first_name"].Text} {stranger["name"]["last_name"].Text}.").Should().Be(Outcome.Unsure);
        Of($"It is booked for {user["name"]["first_name"].Text} {user["name"]["last_name"].Text}.").Should().Be(Outcome.Pass);
    }

    [Fact]
    public void Money_that_a_write_did_not_move_has_not_been_paid_back()
    {
        var pack = Retail.Value;
        var order = pack.BaseView["orders"].Rows.First(o => o["status"].Text == "delivered");
        var user = pack.BaseView["users"].Find(order.Text("user_id"))!;
        var item = order["items"].Items[0]["item_id"];
        var method = order["payment_history"].Items[0]["payment_method_id"];
        var price = FieldValues.Say("money", order["items"].Items[0]["price"]);
        Outcome Of(string said) =>
            LooseWordsTests.Of(
                Verdicts(
                    pack,
                    Found(pack, user)
                        .Call("get_order_details", ("order_id", order.Key))
                        .Agent("Shall I register the return?")
                        .Human("Yes.")
                        .Call(
                            "return_delivered_order_items",
                            ("order_id", order.Key),
                            ("item_ids", Json.List(item)),
                            ("payment_method_id", method)
                        )
                        .Agent(said)
                        .Stop()
                ),
                "claims.state"
            );
        Of($"The return is registered, and {price} has been refunded.").Should().Be(Outcome.Fail);
        Of($"The return is registered, and {price} will be refunded.").Should().Be(Outcome.Pass);
    }

    [Theory]
    [InlineData("A prepaid label is included.")]
    [InlineData("Our warehouse will inspect it first.")]
    [InlineData("You can also call our hotline.")]
    [InlineData("There is a restocking charge.")]
    [InlineData("You'll receive a confirmation email shortly.")]
    [InlineData("I have added a note to your file.")]
    [InlineData("For washing, follow the manufacturer's guidelines.")]
    [InlineData("You can also do that in the app.")]
    [InlineData("It stands on our site as well.")]
    [InlineData("Please contact support about it.")]
    [InlineData("That is the price before taxes.")]
    [InlineData("That is based on current rates.")]
    public void A_procedure_that_stands_in_nothing_is_unsure(string said) => Of(Said(said), "claims.procedure").Should().Be(Outcome.Unsure);

    [Theory]
    [InlineData("Renewing is a great option for you.")]
    [InlineData("I'd recommend renewing it now.")]
    [InlineData("It is the best choice.")]
    public void Advice_and_opinions_are_unsure(string said) => Of(Said(said), "claims.procedure").Should().Be(Outcome.Unsure);

    [Theory]
    [InlineData("I cannot recommend any, and I'm not able to say which is the best choice.")]
    [InlineData("I cannot give you a discount.")]
    [InlineData("I'm afraid there is no hotline that I could name, and I'm not able to send you a label.")]
    [InlineData("Dune is due next week.")]
    [InlineData("The relabelled shelf is upstairs.")]
    public void A_refusal_and_other_words_tell_of_no_procedure(string said) => Said(said).ShouldPass("claims.procedure");

    [Theory]
    [InlineData("If you have any other questions, just ask.", true)]
    [InlineData("No other item of the order changes.", true)]
    [InlineData("Are these all the items that you want to exchange?", false)]
    [InlineData("Please confirm that all items are listed.", false)]
    public void A_reminder_that_all_items_are_listed_speaks_of_items(string said, bool isMissing)
    {
        var pack = Retail.Value;
        var order = pack.BaseView["orders"].Rows.First(o => o["status"].Text == "delivered" && o["items"].Items.Count > 1);
        var user = pack.BaseView["users"].Find(order.Text("user_id"))!;
        var item = order["items"].Items[0];
        var other = ((JsonMap)pack.BaseView["products"].Find(item["product_id"].Text!)!["variants"]).Values.First(v =>
            v["available"].Flag == true && v["item_id"] != item["item_id"]
        );
        var talk = Found(pack, user)
            .Call("get_order_details", ("order_id", order.Key))
            .Agent($"{said} Shall I exchange the {item["name"].Text}?")
            .Human("Yes.")
            .Call(
                "exchange_delivered_order_items",
                ("order_id", order.Key),
                ("item_ids", Json.List(item["item_id"])),
                ("new_item_ids", Json.List(other["item_id"])),
                ("payment_method_id", order["payment_history"].Items[0]["payment_method_id"])
            )
            .Agent("The exchange is registered.")
            .Stop();
        (Of(Verdicts(pack, talk), "procedure.judged") == Outcome.Unsure).Should().Be(isMissing);
    }

    [Fact]
    public void A_price_that_was_told_before_is_no_difference_yet()
    {
        var pack = Retail.Value;
        var order = pack.BaseView["orders"].Rows.First(o => o["status"].Text == "delivered" && o["items"].Items.Count == 1);
        var user = pack.BaseView["users"].Find(order.Text("user_id"))!;
        var price = FieldValues.Say("money", order["items"].Items[0]["price"]);
        var talk = Found(pack, user)
            .Call("get_order_details", ("order_id", order.Key))
            .Agent($"The item cost {price}.")
            .Human("I see.")
            .Agent($"The price difference is {price}.")
            .Stop();
        Verdicts(pack, talk)
            .Should()
            .Contain(v => v.Check == "values" && v.Outcome == Outcome.Unsure && v.Evidence!.Contains("calls a difference"));
    }

    [Fact]
    public void What_the_human_brought_up_may_be_spoken_of_and_an_email_belongs_to_the_act_that_the_policy_has_it_of()
    {
        new Talk(TestPacks.Loans)
            .Human("Is there a hotline?")
            .Agent("The hotline is for staff.")
            .Stop()
            .Done()
            .Verdicts(Tasks.Renewal)
            .ShouldPass("claims.procedure");
        var pack = Retail.Value;
        var order = pack.BaseView["orders"].Rows.First(o => o["status"].Text == "pending");
        var user = pack.BaseView["users"].Find(order.Text("user_id"))!;
        var talk = Found(pack, user)
            .Call("get_order_details", ("order_id", order.Key))
            .Agent("Shall I cancel it as no longer needed?")
            .Human("Yes.")
            .Call("cancel_pending_order", ("order_id", order.Key), ("reason", "no longer needed"))
            .Agent("It is cancelled, and you will receive an email about it.")
            .Stop();
        Of(Verdicts(pack, talk), "claims.procedure").Should().Be(Outcome.Unsure);
        var delivered = pack.BaseView["orders"].Rows.First(o => o["status"].Text == "delivered");
        var other = pack.BaseView["users"].Find(delivered.Text("user_id"))!;
        var returned = Found(pack, other)
            .Call("get_order_details", ("order_id", delivered.Key))
            .Agent("Shall I register the return?")
            .Human("Yes.")
            .Call(
                "return_delivered_order_items",
                ("order_id", delivered.Key),
                ("item_ids", Json.List(delivered["items"].Items[0]["item_id"])),
                ("payment_method_id", delivered["payment_history"].Items[0]["payment_method_id"])
            )
            .Agent("The return is registered, and you will receive an email that explains how to send it.")
            .Stop();
        Of(Verdicts(pack, returned), "claims.procedure").Should().Be(Outcome.Pass);
    }

    [Theory]
    [InlineData("Here is a joke for you: knock knock.", Outcome.Unsure)]
    [InlineData("The capital of Australia is Canberra.", Outcome.Unsure)]
    [InlineData("```\nprint(1)\n```", Outcome.Unsure)]
    [InlineData("The moon is high\nThe night is deep\nAnd all the world\nIs fast asleep", Outcome.Unsure)]
    [InlineData("I'm afraid I can't write you a poem.", Outcome.Pass)]
    [InlineData("Your loans:\n- Dune\n- Emma\n- Solaris\n- Kim", Outcome.Pass)]
    public void Help_outside_the_domain_is_unsure_unless_it_is_declined(string said, Outcome expected) =>
        Of(Said(said), "conversation.topic").Should().Be(expected);

    [Fact]
    public void A_wish_outside_the_domain_that_the_agent_does_not_decline_is_unsure()
    {
        Outcome Of(string answer) =>
            LooseWordsTests.Of(
                new Talk(TestPacks.Loans).Human("What is the capital of France?").Agent(answer).Stop().Done().Verdicts(Tasks.Renewal),
                "conversation.topic"
            );
        Of("That would be Paris.").Should().Be(Outcome.Unsure);
        Of("I'm sorry, I can't help with that.").Should().Be(Outcome.Pass);
    }

    [Theory]
    [InlineData("I came down with the flu.", "Insured for that", Outcome.Skipped)]
    [InlineData("My plans have changed.", "All right", Outcome.Unsure)]
    [InlineData(
        "I came down with the flu.",
        "Since you have travel insurance, a change of plans qualifies for a full refund",
        Outcome.Unsure
    )]
    [InlineData("I came down with the flu.", "Your insurance does not cover a change of plans", Outcome.Skipped)]
    public void A_reason_for_a_cancellation_is_weighed_against_what_the_insurance_covers(string reason, string said, Outcome expected)
    {
        var pack = Airline.Value;
        var row = pack.BaseView["reservations"]
            .Rows.First(r =>
                r["insurance"].Text == "yes"
                && r["cabin"].Text == "economy"
                && r["status"].IsNull
                && string.CompareOrdinal(r.Text("created_at"), "2024-05-13") < 0
                && pack.Tools.Find("cancel_reservation")!
                    .Guards.All(g =>
                        pack.Guards.Test(
                            pack.BaseView,
                            pack.Tools.Find("cancel_reservation")!,
                            g,
                            Json.Map(("reservation_id", r.Key)) as JsonMap ?? JsonMap.Empty
                        ) != false
                    )
                && r["flights"]
                    .Items.All(f =>
                        pack.BaseView["flights"].Find(f["flight_number"].Text!)?["dates"][f["date"].Text!]["status"].Text != "cancelled"
                    )
            );
        var talk = new Talk(pack)
            .Human($"I am {row.Text("user_id")}. {reason}")
            .Call("get_user_details", ("user_id", row.Text("user_id")))
            .Call("get_reservation_details", ("reservation_id", row.Key))
            .Agent($"{said}. Shall I cancel reservation {row.Key}?")
            .Human("Yes.")
            .Call("cancel_reservation", ("reservation_id", row.Key))
            .Agent($"Reservation {row.Key} is cancelled.")
            .Stop();
        Of(Verdicts(pack, talk), "procedure.judged").Should().Be(expected);
    }

    private static (string Check, Outcome) OfOrders(string said, string check = "claims.permission")
    {
        var pack = Retail.Value;
        var user = pack.BaseView["users"].Rows.First(u => Has(u, "pending") && Has(u, "delivered") && u.List("orders").Count > 2);
        bool Has(Row of, string status) => of.List("orders").Any(o => pack.BaseView["orders"].Find(o.Text!)?["status"].Text == status);
        string[] ids = [.. user.List("orders").Select(o => o.Text!)];
        var pending = ids.First(o => pack.BaseView["orders"].Find(o)!["status"].Text == "pending");
        var delivered = ids.First(o => pack.BaseView["orders"].Find(o)!["status"].Text == "delivered");
        var unread = ids.First(o => o != pending && o != delivered);
        var text = said.Replace("{pending}", pending, StringComparison.Ordinal)
            .Replace("{delivered}", delivered, StringComparison.Ordinal)
            .Replace("{unread}", unread, StringComparison.Ordinal)
            .Replace("{its}", pack.BaseView["orders"].Find(unread)!["status"].Text, StringComparison.Ordinal);
        return (
            check,
            Of(
                Verdicts(
                    pack,
                    Found(pack, user)
                        .Call("get_order_details", ("order_id", pending))
                        .Call("get_order_details", ("order_id", delivered))
                        .Agent(text)
                        .Stop()
                ),
                check
            )
        );
    }

    private static Talk Found(Pack pack, Row user) =>
        new Talk(pack)
            .Human($"Hello, I am {user["email"].Text}.")
            .Call("find_user_id_by_email", ("email", user["email"]))
            .Call("get_user_details", ("user_id", user.Key));

    private static ImmutableArray<Verdict> Said(string text) =>
        LoanTalks.New().Identified().Agent(text).Stop().Done().Verdicts(Tasks.Renewal);

    private static Outcome Of(IEnumerable<Verdict> verdicts, string check)
    {
        Outcome[] found = [.. verdicts.Where(v => $"{v.Stage}.{v.Check}" == check).Select(v => v.Outcome)];
        return found.Contains(Outcome.Fail) ? Outcome.Fail
            : found.Contains(Outcome.Unsure) ? Outcome.Unsure
            : found[0];
    }

    private static ImmutableArray<Verdict> Verdicts(Pack pack, Talk talk, params ImmutableArray<GoldAction> gold)
    {
        var task = Tasks.Renewal with
        {
            Domain = pack.Domain.Name,
            PackHash = pack.Hash,
            Persona = pack.Personas[0],
            Actions = gold,
            AcceptedEndStates = [],
            AvailableTools = [.. pack.Tools.All.Select(t => t.Name)],
        };
        return Verifier.Default(pack).Verify(pack, task, talk.Done()).Verdicts;
    }
}
