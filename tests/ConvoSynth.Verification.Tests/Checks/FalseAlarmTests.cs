using System.Collections.Immutable;
using System.Globalization;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Verification.Verifiers;

namespace ConvoSynth.Verification.Tests;

/// <summary>Sentences of good faith that checks once rejected, each beside a breach in almost the same words.</summary>
public sealed class FalseAlarmTests
{
    private static readonly Lazy<Pack> Retail = new(() => PackLoading.Load(TestPacks.Shipped("retail")));
    private static readonly Lazy<Pack> Airline = new(() => PackLoading.Load(TestPacks.Shipped("airline")));

    [Theory]
    [InlineData("It comes to about $4.50.", true)]
    [InlineData("The estimated total is ~$4.50.", true)]
    [InlineData("You owe $4.50, so about $5.", true)]
    [InlineData("I feel that this usually goes well.", true)]
    [InlineData("If you pay $2.00 of the $4.50, $2.50 remains.", true)]
    [InlineData("It comes to about $4.80.", false)]
    [InlineData("You owe $4.50, so about $11.", false)]
    [InlineData("It is typically $4.50.", false)]
    [InlineData("If you pay $2.00 of the $4.50, $2.75 remains.", false)]
    public void An_estimate_of_what_is_known_and_a_remainder_that_a_write_leaves_pass(string said, bool passes) =>
        ShouldBe(
            LoanTalks
                .New()
                .Identified()
                .Agent($"{said} Shall I take $2.00?")
                .Human("Yes, $2.00.")
                .Call("pay_fine", ("member_id", "M1"), ("amount", 2))
                .Agent("The fine is paid.")
                .Stop()
                .Done()
                .Verdicts(Tasks.Renewal),
            "claims.values",
            at: 5,
            passes
        );

    [Theory]
    [InlineData(0, true)]
    [InlineData(0.75, false)]
    public void The_difference_of_two_prices_that_were_read_passes_where_the_write_is_of_them(double off, bool passes)
    {
        var (order, line, variant) = Replaceable();
        var difference = Math.Abs(line["price"].Number!.Value - variant["price"].Number!.Value) + off;
        var verdicts = Verdicts(
            Retail.Value,
            Modify(
                order,
                line,
                variant,
                $"The price difference is {Money(difference)}. Are these all the items? Shall I change it?",
                "It is changed."
            )
        );
        ShouldBe(verdicts, "claims.values", at: 5, passes);
    }

    [Fact]
    public void A_price_of_the_write_is_no_difference_of_prices()
    {
        var (order, line, variant) = Replaceable();
        var verdicts = Verdicts(
            Retail.Value,
            Modify(
                order,
                line,
                variant,
                $"There is a price difference of {Money(variant["price"].Number!.Value)}. Are these all the items? Shall I change it?",
                "It is changed."
            )
        );
        ShouldBe(verdicts, "claims.values", at: 5, passes: false);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1.5, false)]
    public void What_remains_of_two_amounts_of_the_message_passes_where_it_is_their_difference(double off, bool passes)
    {
        var (order, line, variant) = Replaceable();
        var (part, whole) = (line["price"].Number!.Value, order["payment_history"].Items[0]["amount"].Number!.Value);
        var verdicts = Verdicts(
            Retail.Value,
            Modify(
                order,
                line,
                variant,
                $"Without the {Money(part)}, {Money(whole - part + off)} of the {Money(whole)} remains. Are these all the items? Shall I?",
                "It is changed."
            )
        );
        ShouldBe(verdicts, "claims.values", at: 5, passes);
    }

    [Theory]
    [InlineData(0, 0, true)]
    [InlineData(0.5, 0, false)]
    [InlineData(0, 1.25, false)]
    public void A_total_of_two_that_were_read_and_a_total_that_was_worked_out_aloud_pass(double first, double later, bool passes)
    {
        var pack = Retail.Value;
        var orders = pack.BaseView["orders"]
            .Rows.Where(o => o["payment_history"].Items.Count == 1)
            .GroupBy(o => o["user_id"].Text)
            .First(g => g.Count() > 1)
            .Take(2)
            .ToArray();
        var total = orders.Sum(o => o["payment_history"].Items[0]["amount"].Number!.Value);
        var talk = new Talk(pack).Human("Hello.");
        foreach (var order in orders)
            talk.Call("get_order_details", ("order_id", order.Key));
        var verdicts = Verdicts(
            pack,
            talk.Agent($"Both come to {Money(total + first)}.").Human("How much is that?").Agent($"It is {Money(total + later)}.").Stop()
        );
        verdicts.Any(v => v is { Check: "values", Outcome: Outcome.Unsure }).Should().Be(!passes);
    }

    [Theory]
    [InlineData("The {gone} is sold out. Here are the available ones of the same kind:", true)]
    [InlineData("I looked at {gone}. It is available.", false)]
    public void What_can_be_had_is_asked_of_the_row_that_the_sentence_is_about(string said, bool passes)
    {
        var pack = Retail.Value;
        var (product, gone) = pack.BaseView["products"]
            .Rows.SelectMany(p => ((JsonMap)p["variants"]).Values.Select(v => (p, v)))
            .First(p => p.v["available"] == (Json)false);
        var text = said.Replace("{gone}", gone["item_id"].Text, StringComparison.Ordinal);
        ShouldBe(
            Verdicts(pack, new Talk(pack).Human("Hello.").Call("get_product_details", ("product_id", product.Key)).Agent(text).Stop()),
            "claims.values",
            at: 3,
            passes
        );
    }

    [Theory]
    [InlineData("Yes. I've provided all that you need, go ahead.", "Dune is renewed and now due on March 24, 2031.", true)]
    [InlineData("Yes, provided that it is free.", "Dune is renewed and now due on March 24, 2031.", false)]
    [InlineData("No problem, yes, go ahead.", "Dune is renewed and now due on March 24, 2031.", true)]
    [InlineData(
        "Yes, go ahead. Also, could you reserve the novel Emma for me?",
        "Dune is renewed and now due on March 24, 2031. I cannot reserve the novel Emma from here.",
        true
    )]
    [InlineData("Yes, go ahead. Also, could you reserve the novel Emma for me?", "Dune is renewed and now due on March 24, 2031.", false)]
    [InlineData("Renew it, please.", "Dune is renewed and now due on March 24, 2031.", true)]
    [InlineData("Then renew Dune.", "Dune is renewed and now due on March 24, 2031.", true)]
    [InlineData("I am not ready to confirm yet.", "Dune is renewed and now due on March 24, 2031.", false)]
    [InlineData("Renew Emma, please.", "Dune is renewed and now due on March 24, 2031.", false)]
    [InlineData("Please do not renew it.", "Dune is renewed and now due on March 24, 2031.", false)]
    [InlineData("I wonder about it.", "Dune is renewed and now due on March 24, 2031.", false)]
    [InlineData(
        "Yes, but could you first look for the novel Emma?",
        "Dune is renewed and now due on March 24, 2031. I first looked for the novel Emma.",
        false
    )]
    public void A_yes_with_something_beside_it_that_is_taken_up_is_a_yes(string answer, string report, bool passes)
    {
        var verdicts = LoanTalks
            .New()
            .Identified()
            .Agent("Shall I renew Dune for 2 weeks?")
            .Human(answer)
            .Renewed()
            .Agent(report)
            .Stop()
            .Done()
            .Verdicts(Tasks.Renewal);
        ShouldBe(verdicts, "procedure.confirmation", at: 7, passes);
    }

    [Theory]
    [InlineData("Then let me speak to a supervisor.", "I cannot do that.", true)]
    [InlineData("Try again.", "I cannot do that.", false)]
    [InlineData("Yes, please transfer me.", "I cannot do that. Shall I transfer you to a colleague?", false)]
    public void A_hand_over_that_the_human_of_a_foreign_task_asks_for_passes(string demand, string refusal, bool passes)
    {
        var pack = Retail.Value;
        var user = pack.BaseView["users"].Rows.First();
        var talk = new Talk(pack)
            .Human("Hello.")
            .Call("find_user_id_by_email", ("email", user["email"]))
            .Agent(refusal)
            .Human(demand)
            .Call("transfer_to_human_agents", ("summary", "insists"));
        ShouldBe(Verdicts(pack, talk, isForeign: true, DialogueEnd.Transfer), "procedure.transfer-iff", at: 5, passes);
    }

    [Theory]
    [InlineData(true, true, true)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    public void A_person_of_a_foreign_task_is_identified_by_the_key_that_they_say(bool isForeign, bool saysIt, bool passes)
    {
        var pack = Airline.Value;
        var row = pack.BaseView["reservations"].Rows.First();
        var talk = new Talk(pack)
            .Human($"I am {(saysIt ? row["user_id"].Text : "somebody_else_1234")}, and my reservation is {row.Key}.")
            .Call("get_reservation_details", ("reservation_id", row.Key))
            .Agent("I see it.")
            .Stop();
        var verdicts = Verdicts(pack, talk, isForeign);
        if (passes)
            verdicts.ShouldPass("procedure.identify");
        else
            verdicts.ShouldFail("procedure.identify", at: 1);
    }

    [Theory]
    [InlineData(true, "You owe $4.50. Shall I take $3.00?", true)]
    [InlineData(false, "You owe $4.50. Shall I take $3.00?", false)]
    [InlineData(true, "Shall I take some of it?", false)]
    public void A_value_that_the_agent_of_a_foreign_task_put_forward_need_not_be_named_by_the_human(
        bool isForeign,
        string question,
        bool passes
    )
    {
        var talk = LoanTalks
            .New()
            .Identified()
            .Agent(question)
            .Human("Yes.")
            .Call("pay_fine", ("member_id", "M1"), ("amount", 3))
            .Agent("It is paid.")
            .Stop();
        var verdicts = Verdicts(TestPacks.Loans, talk, isForeign);
        if (passes)
            verdicts.ShouldPass("procedure.ask");
        else
            verdicts.ShouldFail("procedure.ask", at: 7);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Where_all_items_of_an_order_are_changed_nobody_need_ask_whether_these_are_all(bool isAll)
    {
        var (order, line, variant) = Replaceable(o => o["items"].Items.Count == 1 == isAll);
        ShouldBe(
            Verdicts(Retail.Value, Modify(order, line, variant, "Shall I change it?", "It is changed.")),
            "procedure.judged",
            at: 7,
            isAll
        );
    }

    [Theory]
    [InlineData("Refunds to a card take 5 to 7 business days. Shall I?", true)]
    [InlineData("Your refund of it is on its way. It takes 5 to 7 business days. Shall I?", true)]
    [InlineData("Your label comes within 5 to 7 business days. Shall I?", false)]
    [InlineData("The price difference is charged within 5 to 7 business days. Shall I?", false)]
    public void A_term_that_the_policy_has_of_refunds_may_be_given_of_any_refund(string said, bool passes)
    {
        var pack = Retail.Value;
        var order = pack.BaseView["orders"].Rows.First(o => o["status"].Text == "delivered");
        var talk = new Talk(pack)
            .Human("Hello.")
            .Call("get_order_details", ("order_id", order.Key))
            .Agent(said)
            .Human("Yes.")
            .Call(
                "return_delivered_order_items",
                ("order_id", order.Key),
                ("item_ids", Json.List([order["items"].Items[0]["item_id"]])),
                ("payment_method_id", order["payment_history"].Items[0]["payment_method_id"])
            );
        var conversation = talk.Agent("The return is registered.").Stop().Done() with
        {
            System =
                "## Cancel pending order\n\n- After user confirmation, the status changes, and the total will be "
                + "refunded via the original payment method in 5 to 7 business days.\n\n## Return delivered order\n\n- An "
                + "email follows.",
        };
        ShouldBe(
            Verifier.Default(pack).Verify(pack, TaskOf(pack, isForeign: false), conversation).Verdicts,
            "claims.claims",
            at: 3,
            passes
        );
    }

    [Theory]
    [InlineData("I have exchanged the {name}.", true)]
    [InlineData("The exchange of the {name} has been processed.", true)]
    [InlineData("I have returned the {name}.", false)]
    public void An_act_may_be_reported_by_the_other_names_that_its_pack_gives(string report, bool passes)
    {
        var (order, line, variant) = Replaceable();
        var verdicts = Verdicts(
            Retail.Value,
            Modify(
                order,
                line,
                variant,
                "Are these all the items? Shall I change it?",
                report.Replace("{name}", line["name"].Text, StringComparison.Ordinal)
            )
        );
        if (passes)
            verdicts.Should().NotContain(v => v.Check == "claims" && v.Outcome == Outcome.Fail);
        else
            verdicts.ShouldFail("claims.claims", at: 9);
    }

    [Theory]
    [InlineData("I have modified order {order}.", true)]
    [InlineData("I have modified {item} in order {order}.", true)]
    [InlineData("I have modified {other} in order {order}.", false)]
    public void A_report_of_a_part_that_no_write_was_about_is_unsure(string report, bool passes)
    {
        var (order, line, variant) = Replaceable(o => o["items"].Items.Count > 1);
        var other = order["items"].Items.First(i => i["item_id"] != line["item_id"]);
        var said = report
            .Replace("{order}", order.Key, StringComparison.Ordinal)
            .Replace("{item}", line["item_id"].Text, StringComparison.Ordinal)
            .Replace("{other}", other["item_id"].Text, StringComparison.Ordinal);
        ShouldBe(
            Verdicts(Retail.Value, Modify(order, line, variant, "Are these all the items? Shall I change it?", said)),
            "claims.claims",
            at: 9,
            passes
        );
    }

    [Theory]
    [InlineData("I have renewed Dune (loan id: L1001, weeks: 2). Shall I renew Emma for 1 week, too?", true)]
    [InlineData("I have renewed Dune.\n- loan id: L1001\n- weeks: 2\nShall I renew Emma, too?", true)]
    [InlineData("I have renewed Dune. I can renew Emma next (loan id: L1001, weeks: 2). Shall I?", false)]
    [InlineData("I have renewed Dune. Shall I renew Emma, too (weeks: 2)?", false)]
    public void The_report_of_one_change_gives_no_details_of_the_next(string said, bool passes)
    {
        var talk = LoanTalks
            .New()
            .Identified()
            .Confirmed()
            .Renewed()
            .Agent(said)
            .Human("Yes, please.")
            .Renewed("L1002", 1)
            .Agent("Emma is renewed.")
            .Stop();
        var verdicts = talk.Done().Verdicts(Tasks.Renewal);
        if (passes)
            verdicts.Should().NotContain(v => v.Check == "confirmation" && v.Outcome == Outcome.Fail);
        else
            verdicts.ShouldFail("procedure.confirmation", at: 11);
    }

    [Theory]
    [InlineData("Give me my money back now, I insist.", "I insist, give me the money back.", Fault.Human)]
    [InlineData("Which titles are there?", "When does the library close?", Fault.Agent)]
    public void A_loop_is_the_humans_where_they_repeat_their_demand(string first, string then, Fault fault)
    {
        const string Refusal = "I am sorry, but that cannot be done.";
        LoanTalks
            .New()
            .Human(first)
            .Agent(Refusal)
            .Human(then)
            .Agent(Refusal)
            .Human(first)
            .Agent(Refusal)
            .Stop()
            .Done()
            .Verdicts(Tasks.Renewal)
            .ShouldFail("conversation.loops", at: 5, fault);
    }

    [Theory]
    [InlineData("Please renew L1002 for 2 weeks.", "L1002", Fault.Human)]
    [InlineData("Please renew Dune for 2 weeks.", "L1002", Fault.Agent)]
    public void A_write_to_a_row_that_the_human_named_and_the_task_has_not_is_the_humans_fault(string wish, string loan, Fault fault)
    {
        var talk = LoanTalks
            .New()
            .Human(wish)
            .Agent("Who are you?")
            .Human("20000001, Ames.")
            .Call("find_member", ("card_no", "20000001"), ("surname", "Ames"))
            .Confirmed($"Shall I renew {loan} for 2 weeks?")
            .Renewed(loan)
            .Agent("Done.")
            .Stop();
        var verdicts = talk.Done().Verdicts(Tasks.Renewal);
        verdicts.ShouldFail("outcome.writes", at: 7, fault);
        verdicts.ShouldFail("outcome.end-state", at: 7, fault);
    }

    [Theory]
    [InlineData(3, Fault.Human)]
    [InlineData(1, Fault.Agent)]
    public void A_dialogue_that_goes_on_after_all_was_done_is_the_humans_fault(int messages, Fault fault)
    {
        var talk = LoanTalks.New().Identified().Confirmed().Renewed().Reported();
        for (var i = 0; i < messages; i++)
            talk.Human($"Thank you, {i}!").Agent("You are welcome.");
        talk.Done(DialogueEnd.Limit).Verdicts(Tasks.Renewal).ShouldFail("conversation.end", at: 9 + (2 * messages), fault);
    }

    [Fact]
    public void What_breaks_our_guards_and_not_the_policy_of_a_foreign_task_is_no_fault()
    {
        var reserved = Tasks.Of(Tasks.FindAmes, ("renew_loan", Json.Map(("loan_id", "L1002"), ("weeks", 2))));
        var talk = LoanTalks
            .New()
            .Identified()
            .Confirmed("Shall I renew L1002 for 2 weeks?")
            .Renewed("L1002")
            .Agent("L1002 is renewed.")
            .Stop();
        talk.Done().Verdicts(reserved).ShouldFail("policy.guards", at: 7, Fault.Blueprint);
        talk.Done().Verdicts(reserved with { Scenario = reserved.Scenario with { Requests = [] } }).ShouldPass("policy.guards");
        talk.Done()
            .Verdicts(Tasks.Renewal with { Scenario = Tasks.Renewal.Scenario with { Requests = [] } })
            .ShouldFail("policy.guards", at: 7);
    }

    [Theory]
    [InlineData("Today is March 4, 2031.", true)]
    [InlineData("Today is March 5, 2031.", false)]
    public void What_the_agent_knows_from_the_start_is_known_although_it_is_said_again_later(string said, bool passes) =>
        ShouldBe(
            LoanTalks
                .New()
                .Identified()
                .Agent(said)
                .Human("March 4, 2031 or March 5, 2031?")
                .Agent("One of them.")
                .Stop()
                .Done()
                .Verdicts(Tasks.Renewal),
            "claims.values",
            at: 5,
            passes
        );

    [Theory]
    [InlineData("I do not find W{0}.", true)]
    [InlineData("I do not find W{1}.", false)]
    public void A_code_that_the_human_gave_without_its_prefix_is_known(string said, bool passes)
    {
        var text = string.Format(CultureInfo.InvariantCulture, said, "7654321", "7654322");
        var verdicts = Verdicts(Retail.Value, new Talk(Retail.Value).Human("My order is 7654321.").Agent(text).Stop());
        if (passes)
            verdicts.ShouldPass("claims.values");
        else
            verdicts.ShouldFail("claims.values", at: 1);
    }

    private static string Money(double amount) => FieldValues.Say("money", Math.Round(amount, 2));

    // A pending order, a line of it, and another available variant of the line's product at another price.
    private static (Row Order, Json Line, Json Variant) Replaceable(Func<Row, bool>? suits = null)
    {
        var view = Retail.Value.BaseView;
        foreach (
            var order in view["orders"]
                .Rows.Where(o =>
                    o["status"].Text == "pending"
                    && o["payment_history"].Items.Count == 1
                    && o["payment_history"].Items[0]["payment_method_id"].Text!.StartsWith("credit", StringComparison.Ordinal)
                    && suits?.Invoke(o) != false
                )
        )
        {
            foreach (var line in order["items"].Items)
            {
                var product = view["products"].Find(line["product_id"].Text!)!;
                if (
                    ((JsonMap)product["variants"]).Values.FirstOrDefault(v =>
                        v["available"] == (Json)true && v["item_id"] != line["item_id"] && v["price"] != line["price"]
                    ) is
                    { } variant
                )
                    return (order, line, variant);
            }
        }

        throw new InvalidOperationException("the retail pack has no pending order with an item that can be replaced");
    }

    // Eight messages before the report; the write is message 7.
    private static Talk Modify(Row order, Json line, Json variant, string question, string report) =>
        new Talk(Retail.Value)
            .Human("Hello.")
            .Call("get_order_details", ("order_id", order.Key))
            .Call("get_product_details", ("product_id", line["product_id"]))
            .Agent(question)
            .Human("Yes.")
            .Call(
                "modify_pending_order_items",
                ("order_id", order.Key),
                ("item_ids", Json.List([line["item_id"]])),
                ("new_item_ids", Json.List([variant["item_id"]])),
                ("payment_method_id", order["payment_history"].Items[0]["payment_method_id"])
            )
            .Agent(report)
            .Stop();

    private static Blueprint TaskOf(Pack pack, bool isForeign)
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
        return isForeign ? task with { Scenario = task.Scenario with { Requests = [] } } : task;
    }

    private static ImmutableArray<Verdict> Verdicts(
        Pack pack,
        Talk talk,
        bool isForeign = false,
        DialogueEnd end = DialogueEnd.HumanStop
    ) => Verifier.Default(pack).Verify(pack, TaskOf(pack, isForeign), talk.Done(end)).Verdicts;

    private static void ShouldBe(IEnumerable<Verdict> verdicts, string check, int at, bool passes)
    {
        var found = verdicts
            .Where(v => $"{v.Stage}.{v.Check}" == check && v.Outcome is Outcome.Unsure or Outcome.Fail && v.Message == at)
            .Select(v => $"{v.Outcome} {v.Evidence}")
            .ToArray();
        if (passes)
            found.Should().BeEmpty();
        else
            found
                .Should()
                .NotBeEmpty(
                    "found: {0}",
                    string.Join(" | ", verdicts.Where(v => v.Rejects).Select(v => $"{v.Reason} {v.Message} {v.Evidence}"))
                );
    }
}
