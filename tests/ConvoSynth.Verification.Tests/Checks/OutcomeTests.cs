using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;

namespace ConvoSynth.Verification.Tests;

public sealed class OutcomeTests
{
    private static readonly (string Tool, Json Arguments) SendTwo = (
        "send_back",
        Json.Map(("loan_ids", Json.List("L1001", "L1003")), ("branches", Json.List("North", "South")))
    );

    [Fact]
    public void A_tampered_observation_fails()
    {
        var talk = LoanTalks
            .New()
            .Identified()
            .Raw("get_loan", """{"loan_id":"L1001"}""", """{"loan_id":"L1001","due":"2031-03-11"}""")
            .Confirmed()
            .Renewed()
            .Reported()
            .Stop();
        var verdicts = talk.Done().Verdicts(Tasks.Renewal);
        verdicts.ShouldFail("replay.observations", at: 6, Fault.Environment);
        verdicts.Rejections().Should().Equal("replay.observations");
    }

    [Fact]
    public void An_observation_spelled_otherwise_is_the_same_json()
    {
        const string Spelled =
            """{ "renewals": 0.0, "loan_id": "L1001", "member_id": "M1", "title": "Dune", "due": "2031-03-10", "reserved": """
            + """false, "branch": "" }""";
        LoanTalks
            .New()
            .Identified()
            .Raw("get_loan", """{"loan_id":"L1001"}""", Spelled)
            .Confirmed()
            .Renewed()
            .Reported()
            .Stop()
            .Done()
            .Verdicts(Tasks.Renewal)
            .ShouldPass("replay.observations");
    }

    [Fact]
    public void The_wording_of_an_error_counts_in_our_own_dialogues_and_not_in_foreign_ones()
    {
        var talk = LoanTalks
            .New()
            .Identified()
            .Raw("get_loan", """{"loan_id":"L1001x"}""", "Error: gone")
            .Confirmed()
            .Renewed()
            .Reported()
            .Stop()
            .Done();
        talk.Verdicts(Tasks.Renewal).ShouldFail("replay.observations", at: 6, Fault.Environment);
        var foreign = Tasks.Renewal;
        foreign = foreign with { Scenario = foreign.Scenario with { Requests = [], Facts = [] } };
        talk.Verdicts(foreign).ShouldPass("replay.observations");
    }

    [Fact]
    public void An_error_recorded_for_a_call_that_succeeds_fails()
    {
        LoanTalks
            .New()
            .Identified()
            .Raw("get_loan", """{"loan_id":"L1001"}""", "Error: gone")
            .Confirmed()
            .Renewed()
            .Reported()
            .Stop()
            .Done()
            .Verdicts(Tasks.Renewal)
            .ShouldFail("replay.observations", at: 6, Fault.Environment);
    }

    [Fact]
    public void A_wrong_argument_fails_end_state_and_writes()
    {
        var verdicts = LoanTalks.New().Identified().Confirmed().Renewed(weeks: 3).Reported().Stop().Done().Verdicts(Tasks.Renewal);
        verdicts.ShouldFail("outcome.end-state", at: 7);
        verdicts.ShouldFail("outcome.writes", at: 7);
    }

    [Fact]
    public void A_missing_write_fails_the_end_state_alone()
    {
        var verdicts = LoanTalks.New().Identified().Confirmed().Reported().Stop().Done().Verdicts(Tasks.Renewal);
        verdicts.ShouldFail("outcome.end-state", at: null);
        verdicts.ShouldPass("outcome.writes");
    }

    [Fact]
    public void An_extra_write_fails_both()
    {
        var verdicts = LoanTalks
            .New()
            .Identified()
            .Confirmed()
            .Renewed()
            .Call("pay_fine", ("member_id", "M1"), ("amount", 2))
            .Reported()
            .Stop()
            .Done()
            .Verdicts(Tasks.Renewal);
        verdicts.ShouldFail("outcome.end-state", at: 9);
        verdicts.ShouldFail("outcome.writes", at: 9);
        verdicts.Should().NotContain(v => v.Check == "writes" && v.Message == 7);
    }

    [Fact]
    public void A_write_that_is_undone_fails_although_the_end_state_is_right()
    {
        var talk = LoanTalks
            .New()
            .Identified()
            .Confirmed()
            .Call("pay_fine", ("member_id", "M1"), ("amount", 2))
            .Call("pay_fine", ("member_id", "M1"), ("amount", -2))
            .Renewed()
            .Reported()
            .Stop();
        var verdicts = talk.Done().Verdicts(Tasks.Renewal);
        verdicts.ShouldPass("outcome.end-state");
        verdicts.ShouldFail("outcome.writes", at: 7);
    }

    [Fact]
    public void A_write_that_changes_nothing_and_is_in_no_plan_fails()
    {
        var talk = LoanTalks
            .New()
            .Identified()
            .Confirmed()
            .Call("send_back", ("loan_ids", Json.List("L1002")), ("branches", Json.List("")))
            .Renewed()
            .Reported()
            .Stop();
        talk.Done().Verdicts(Tasks.Renewal).ShouldFail("outcome.writes", at: 7);
    }

    [Fact]
    public void An_accepted_state_may_be_reached_by_another_way()
    {
        var talk = LoanTalks
            .New()
            .Identified()
            .Confirmed("Shall I send Dune to North and Ulysses to South?")
            .Call("send_back", ("loan_ids", Json.List("L1001")), ("branches", Json.List("North")))
            .Call("send_back", ("loan_ids", Json.List("L1003")), ("branches", Json.List("South")))
            .Agent("Done.")
            .Stop();
        talk.Done().Verdicts(Tasks.Of(Tasks.FindAmes, SendTwo)).Rejections().Should().BeEmpty();
    }

    [Fact]
    public void Parallel_lists_may_come_in_another_order_together_and_not_apart()
    {
        Talk With(Json ids, Json branches) =>
            LoanTalks
                .New()
                .Identified()
                .Confirmed("Shall I send Dune to North and Ulysses to South?")
                .Call("send_back", ("loan_ids", ids), ("branches", branches))
                .Agent("Done.")
                .Stop();
        var blueprint = Tasks.Of(Tasks.FindAmes, SendTwo);
        With(Json.List("L1003", "L1001"), Json.List("South", "North")).Done().Verdicts(blueprint).Rejections().Should().BeEmpty();
        With(Json.List("L1003", "L1001"), Json.List("North", "South")).Done().Verdicts(blueprint).ShouldFail("outcome.writes", at: 7);
    }

    [Fact]
    public void Generated_ids_and_free_text_are_no_difference()
    {
        var blueprint = Tasks.Of(
            Tasks.FindAmes,
            ("get_title", Json.Map(("title_id", "T501"))),
            ("place_hold", Json.Map(("title_id", "T501"), ("member_id", "M1"), ("until", "2031-04-01"), ("note", "for the holidays")))
        );
        Talk Until(string until) =>
            LoanTalks
                .New()
                .Identified()
                .Agent("Until when?")
                .Human("Hold Middlemarch until April 1.")
                .Call("list_titles")
                .Call("get_title", ("title_id", "T501"))
                .Confirmed("Shall I hold Middlemarch until April 1?")
                .Call("place_hold", ("title_id", "T501"), ("member_id", "M1"), ("until", until), ("note", "holiday reading"))
                .Agent("Done.")
                .Stop();
        blueprint = blueprint with { Instruction = $"{blueprint.Instruction} You want to hold Middlemarch until April 1." };
        Until("2031-04-01").Done().Verdicts(blueprint).Rejections().Should().BeEmpty();
        Until("2031-04-02").Done().Verdicts(blueprint).ShouldFail("outcome.end-state", at: 13);
    }

    [Fact]
    public void A_blueprint_that_accepts_no_end_state_is_at_fault_itself() =>
        LoanTalks
            .Clean()
            .Done()
            .Verdicts(Tasks.Renewal with { AcceptedEndStates = [] })
            .ShouldFail("outcome.end-state", at: null, Fault.Blueprint);

    [Theory]
    [InlineData("Emma was due on March 1, 2031.")]
    [InlineData("Emma was due on 2031-03-01.")]
    public void An_expected_output_may_be_said_in_any_spelling(string answer)
    {
        var blueprint = Tasks.Of(Tasks.FindAmes).Expecting("date", "2031-03-01", groundedBy: 0);
        LoanTalks.New().Identified().Agent(answer).Stop().Done().Verdicts(blueprint).ShouldPass("outcome.outputs");
    }

    [Fact]
    public void An_expected_output_that_is_never_said_fails()
    {
        var blueprint = Tasks.Of(Tasks.FindAmes).Expecting("date", "2031-03-01", groundedBy: 0);
        LoanTalks
            .New()
            .Identified()
            .Agent("Emma was due on March 2, 2031.")
            .Stop()
            .Done()
            .Verdicts(blueprint)
            .ShouldFail("outcome.outputs", at: 5);
    }

    [Fact]
    public void An_output_said_before_it_was_read_does_not_count()
    {
        var blueprint = Tasks.Of(Tasks.FindAmes).Expecting("date", "2031-03-01", groundedBy: 0);
        var talk = LoanTalks
            .New()
            .Human("When was Emma due?")
            .Agent("On March 1, 2031, I guess. Your card number and surname?")
            .Human("20000001, Ames.")
            .Call("find_member", ("card_no", "20000001"), ("surname", "Ames"))
            .Agent("As I said.")
            .Stop();
        talk.Done().Verdicts(blueprint).ShouldFail("outcome.outputs", at: 5);
    }

    [Fact]
    public void An_output_without_any_read_fails()
    {
        var blueprint = Tasks.Of(Tasks.FindAmes).Expecting("date", "2031-03-01", groundedBy: 0);
        LoanTalks
            .New()
            .Human("When was Emma due?")
            .Agent("On March 1, 2031.")
            .Stop()
            .Done()
            .Verdicts(blueprint)
            .ShouldFail("outcome.outputs", at: null);
    }

    [Fact]
    public void A_computed_output_counts_after_reads_by_another_way()
    {
        var blueprint = Tasks
            .Of(("get_title", Json.Map(("title_id", "T501"))), ("get_title", Json.Map(("title_id", "T502"))))
            .Expecting("money", 25.55, groundedBy: 1);
        var talk = LoanTalks
            .New()
            .Human("What do Middlemarch and Persuasion cost together?")
            .Call("list_titles")
            .Agent("They cost $25.55 together.")
            .Stop();
        talk.Done().Verdicts(blueprint).ShouldPass("outcome.outputs");
    }

    [Fact]
    public void A_refusal_after_the_read_that_shows_why_passes()
    {
        Refusing()
            .Agent("I cannot renew Emma, because another reader has reserved it.")
            .Stop()
            .Done()
            .Verdicts(EmmaRefused)
            .Rejections()
            .Should()
            .BeEmpty();
    }

    [Fact]
    public void A_forbidden_write_fails_refusal_and_guards()
    {
        var verdicts = Refusing()
            .Confirmed("Shall I renew Emma for 2 weeks?")
            .Renewed("L1002")
            .Agent("Done.")
            .Stop()
            .Done()
            .Verdicts(EmmaRefused);
        verdicts.ShouldFail("outcome.refusal", at: 7);
        verdicts.ShouldFail("policy.guards", at: 7);
        verdicts.ShouldFail("outcome.end-state", at: 7);
    }

    [Fact]
    public void A_refusal_without_the_read_that_shows_why_fails()
    {
        LoanTalks
            .New()
            .Human("Please renew Emma for 2 weeks.")
            .Agent("I cannot do that.")
            .Stop()
            .Done()
            .Verdicts(EmmaRefused)
            .ShouldFail("outcome.refusal", at: null);
    }

    [Fact]
    public void Silence_after_the_read_is_no_refusal()
    {
        Refusing().Stop().Done().Verdicts(EmmaRefused).ShouldFail("outcome.refusal", at: null);
    }

    private static Blueprint EmmaRefused =>
        Tasks.Of(Tasks.FindAmes) with
        {
            Refusals = [new("renew_loan", Json.Map(("loan_id", "L1002"), ("weeks", 2)), "3.1", "another reader has reserved it", 0)],
        };

    private static Talk Refusing() =>
        LoanTalks
            .New()
            .Human("Please renew Emma for 2 weeks.")
            .Agent("Your card number and surname?")
            .Human("20000001, Ames.")
            .Call("find_member", ("card_no", "20000001"), ("surname", "Ames"));
}
