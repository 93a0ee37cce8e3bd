using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains.Plans;

namespace ConvoSynth.Domains.Tests.Plans;

public sealed class CanonicalPlanTests
{
    private static readonly GoldAction Find = Call("find_user", Json.Map(("email", "a@b.example")), "U1");

    [Fact]
    public void Tasks_that_differ_in_ids_alone_have_one_canonical_plan_and_two_literal_ones()
    {
        var (one, other) = (Cancelling("W1"), Cancelling("W2"));
        CanonicalPlan.Of(other).Should().Be(CanonicalPlan.Of(one));
        CanonicalPlan.Literal(other).Should().NotBe(CanonicalPlan.Literal(one));
    }

    [Fact]
    public void A_call_that_repeats_the_one_before_counts_once()
    {
        var two = Task([("o.order_id", "W1")], [Goal(1, 3)], [Find, Order("W1"), Order("W1"), Cancel("W1")]);
        CanonicalPlan.Of(two).Should().Be(CanonicalPlan.Of(Cancelling("W1")));
    }

    [Fact]
    public void Goals_that_do_not_rest_on_each_other_have_no_order()
    {
        (string, Json)[] facts = [("a.order_id", "W1"), ("b.order_id", "W2")];
        GoldAction[] first = [Order("W1"), Cancel("W1")];
        GoldAction[] second = [Order("W2"), Call("return_order", Json.Map(("order_id", "W2")), "{}", writes: true)];
        var there = Task(facts, [Goal(1, 2), Goal(3, 2, "return_order")], [Find, .. first, .. second]);
        var back = Task(facts, [Goal(1, 2, "return_order"), Goal(3, 2)], [Find, .. second, .. first]);
        CanonicalPlan.Of(back).Should().Be(CanonicalPlan.Of(there));
    }

    [Fact]
    public void A_goal_that_takes_what_an_earlier_goal_wrote_keeps_its_place()
    {
        var pay = Call("pay", Json.Map(("amount", 12.5)), "{}", writes: true);
        var refund = Call("cancel_order", Json.Map(("order_id", "W1")), """{"refund": 12.5}""", writes: true);
        var there = Task([("o.order_id", "W1")], [Goal(1, 1), Goal(2, 1, "pay")], [Find, refund, pay]);
        var back = Task([("o.order_id", "W1")], [Goal(1, 1, "pay"), Goal(2, 1)], [Find, pay, refund]);
        CanonicalPlan.Of(back).Should().NotBe(CanonicalPlan.Of(there));
    }

    [Fact]
    public void The_branch_taken_and_the_guards_belong_to_the_plan()
    {
        var plain = Cancelling("W1");
        var branch = plain with
        {
            Scenario = plain.Scenario with
            {
                Requests = [Goal(1, 2) with { Alternatives = [new("if so", "cancel", true), new("otherwise", "return", false)] }],
            },
        };
        CanonicalPlan.Of(branch).Should().NotBe(CanonicalPlan.Of(plain));
        CanonicalPlan.Of(plain with { ClausesHeld = ["3.1"] }).Should().NotBe(CanonicalPlan.Of(plain));
    }

    [Fact]
    public void Parts_of_a_combined_task_are_those_of_tasks_of_their_own()
    {
        var later = Task([("o_2.order_id", "W1")], [Goal(1, 2)], [Find, Order("W1"), Cancel("W1")]);
        CanonicalPlan.Of(later).Should().Be(CanonicalPlan.Of(Cancelling("W1")));
    }

    private static Blueprint Cancelling(string order) => Task([("o.order_id", order)], [Goal(1, 2)], [Find, Order(order), Cancel(order)]);

    private static GoldAction Order(string id) => Call("get_order", Json.Map(("order_id", id)), $$"""{"order_id": "{{id}}"}""");

    private static GoldAction Cancel(string id) => Call("cancel_order", Json.Map(("order_id", id)), "{}", writes: true);

    private static GoldAction Call(string tool, Json arguments, string observation, bool writes = false) =>
        new()
        {
            Tool = tool,
            Arguments = arguments,
            Writes = writes,
            Observation = observation,
        };

    private static Request Goal(int first, int count, string tool = "cancel_order") =>
        new()
        {
            Kind = RequestKind.Do,
            Tool = tool,
            Words = tool,
            Brief = tool,
            FirstAction = first,
            ActionCount = count,
        };

    private static Blueprint Task((string Slot, Json Value)[] facts, Request[] requests, GoldAction[] actions) =>
        new()
        {
            Id = "shop/1/0",
            Domain = "shop",
            PackHash = "",
            Index = 0,
            Seed = "1",
            Intent = "cancel",
            Shape = "plain",
            FamilyId = "f",
            Persona = new("plain", "plain", JsonMap.Empty),
            Scenario = new()
            {
                Reason = "",
                Facts =
                [
                    new("user.email", "a@b.example", "text", "email", "a@b.example", Disclosure.WhenAsked),
                    .. facts.Select(f => new Fact(f.Slot, f.Value, "id", "order", f.Value.Text!, Disclosure.Volunteer)),
                ],
                Requests = [.. requests],
                StopWhen = "",
            },
            Instruction = "",
            Actions = [.. actions],
            AcceptedEndStates = [],
            AvailableTools = [],
        };
}
