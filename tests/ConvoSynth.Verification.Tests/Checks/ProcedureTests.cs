using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;

namespace ConvoSynth.Verification.Tests;

public sealed class ProcedureTests
{
    [Fact]
    public void Reading_what_belongs_to_somebody_before_identity_fails()
    {
        var talk = LoanTalks
            .New()
            .Human("I would like to renew L1001 for 2 weeks.")
            .Call("get_loan", ("loan_id", "L1001"))
            .Agent("Card number and surname?")
            .Human("20000001, Ames.")
            .Call("find_member", ("card_no", "20000001"), ("surname", "Ames"))
            .Confirmed()
            .Renewed()
            .Reported()
            .Stop();
        var verdicts = talk.Done().Verdicts(Tasks.Renewal with { Instruction = "L1001" });
        verdicts.ShouldFail("procedure.identify", at: 1);
        verdicts.Rejections().Should().Equal("procedure.identify");
    }

    [Fact]
    public void Writing_before_identity_fails()
    {
        LoanTalks
            .New()
            .Human("Renew L1001 for 2 weeks.")
            .Agent("Sure?")
            .Human("Yes.")
            .Renewed()
            .Reported()
            .Stop()
            .Done()
            .Verdicts(Tasks.Renewal)
            .ShouldFail("procedure.identify", at: 3);
    }

    [Fact]
    public void A_failed_identification_identifies_nobody()
    {
        var talk = LoanTalks
            .New()
            .Human("Renew L1001 for 2 weeks. Card 20000001, Ames.")
            .Call("find_member", ("card_no", "20000001"), ("surname", "Amis"))
            .Call("get_loan", ("loan_id", "L1001"))
            .Agent("Hm.")
            .Stop();
        talk.Done().Verdicts(Tasks.Renewal).ShouldFail("procedure.identify", at: 3);
    }

    [Fact]
    public void A_read_before_identity_fails_also_where_the_service_fails_to_carry_it_out()
    {
        const string Down = "Error: the service is temporarily unavailable, please try again";
        LoanTalks
            .New()
            .Human("I would like to renew L1001 for 2 weeks.")
            .Raw("get_loan", """{"loan_id":"L1001"}""", Down)
            .Agent("Card number and surname?")
            .Human("20000001, Ames.")
            .Call("find_member", ("card_no", "20000001"), ("surname", "Ames"))
            .Confirmed()
            .Renewed()
            .Reported()
            .Stop()
            .Done()
            .Verdicts(
                Tasks.Renewal with
                {
                    Instruction = "L1001",
                    Twist = new() { Failures = [new("get_loan", 1, Down)] },
                }
            )
            .ShouldFail("procedure.identify", at: 1);
    }

    [Fact]
    public void Public_data_may_be_read_by_anybody()
    {
        LoanTalks
            .New()
            .Human("What does T501 cost?")
            .Call("get_title", ("title_id", "T501"))
            .Agent("$18.40.")
            .Stop()
            .Done()
            .Verdicts(Tasks.Renewal)
            .ShouldPass("procedure.identify");
    }

    [Fact]
    public void Rows_of_another_person_are_out_of_bounds()
    {
        var talk = LoanTalks.New().Identified().Call("get_loan", ("loan_id", "L2001")).Confirmed().Renewed().Reported().Stop();
        var verdicts = talk.Done().Verdicts(Tasks.Renewal);
        verdicts.ShouldFail("procedure.identify", at: 5);
        verdicts.First(v => v.Reason == "procedure.identify").Evidence.Should().Contain("M2");
    }

    [Fact]
    public void A_write_right_after_the_row_was_found_fails()
    {
        var verdicts = LoanTalks.New().Identified().Renewed().Reported().Stop().Done().Verdicts(Tasks.Renewal);
        verdicts.ShouldFail("procedure.confirm", at: 5);
        verdicts.Rejections().Should().Equal("procedure.confirm");
    }

    [Fact]
    public void One_yes_covers_all_changes_that_were_listed_and_an_error_spends_none()
    {
        var blueprint = Tasks.Of(Tasks.FindAmes, Tasks.RenewDune, ("pay_fine", Json.Map(("member_id", "M1"), ("amount", 2.5))));
        var talk = LoanTalks
            .New()
            .Identified()
            .Agent("Of the fine, how much do you pay?")
            .Human("2.50.")
            .Agent("Shall I renew Dune for 2 weeks and book a payment of $2.50?")
            .Human("Yes, both.")
            .Renewed("L1009")
            .Renewed()
            .Call("pay_fine", ("member_id", "M1"), ("amount", 2.5))
            .Reported()
            .Stop();
        talk.Done().Verdicts(blueprint).ShouldPass("procedure.confirm");
    }

    [Fact]
    public void A_detail_first_said_in_the_answer_was_not_stated_before()
    {
        var talk = LoanTalks
            .New()
            .Human("Renew Dune. Card 20000001, Ames.")
            .Call("find_member", ("card_no", "20000001"), ("surname", "Ames"))
            .Agent("For how many weeks?")
            .Human("For 2 weeks.")
            .Renewed()
            .Reported()
            .Stop();
        talk.Done().Verdicts(Tasks.Renewal).ShouldFail("procedure.confirmation", at: 5);
    }

    [Fact]
    public void A_write_of_which_the_agent_never_spoke_fails_although_the_human_answered_something()
    {
        var blueprint = Tasks.Of(Tasks.FindAmes, Tasks.RenewDune, ("renew_loan", Json.Map(("loan_id", "L1003"), ("weeks", 1))));
        Talk Second(string agent) =>
            LoanTalks
                .New()
                .Identified()
                .Confirmed()
                .Renewed()
                .Agent(agent)
                .Human("Send Ulysses to the branch North, please.")
                .Call("send_back", ("loan_ids", Json.List("L1003")), ("branches", Json.List("North")))
                .Agent("Done.")
                .Stop();
        var verdicts = Second("Dune is renewed. Anything else?").Done().Verdicts(blueprint);
        verdicts.ShouldFail("procedure.confirmation", at: 11);
        verdicts.Should().NotContain(v => (v.Check == "confirm" || v.Check == "confirmation") && v.Message == 7);
        Second("Dune is renewed. Ulysses can be sent back as well.").Done().Verdicts(blueprint).ShouldPass("procedure.confirm");
        Second("Dune is renewed. Shall I send L1003 back as well?").Done().Verdicts(blueprint).ShouldPass("procedure.confirm");
    }

    [Fact]
    public void A_tool_out_of_order_fails()
    {
        var verdicts = Holding("T501", "T502").Done().Verdicts(Tasks.Renewal);
        verdicts.ShouldFail("procedure.order", at: 9);
        verdicts.First(v => v.Reason == "procedure.order").Evidence.Should().Contain("get_title").And.Contain("clause 2.4");
        Holding("T501", "T501").Done().Verdicts(Tasks.Renewal).ShouldPass("procedure.order");
    }

    [Fact]
    public void A_second_call_for_the_same_row_fails()
    {
        var once = Holding("T501", "T501");
        once.Done().Verdicts(Tasks.Renewal).ShouldPass("procedure.once");
        var twice = Holding("T501", "T501", again: "T501");
        twice.Done().Verdicts(Tasks.Renewal).ShouldFail("procedure.once", at: 11);
        Holding("T501", "T501", again: "T502").Done().Verdicts(Tasks.Renewal).ShouldPass("procedure.once");
    }

    [Fact]
    public void Text_beside_a_call_fails_where_calls_stand_alone()
    {
        var talk = LoanTalks
            .New()
            .Identified()
            .Confirmed()
            .Raw("renew_loan", """{"loan_id":"L1001","weeks":2}""", text: "One moment.")
            .Reported()
            .Stop();
        var verdicts = talk.Done().Verdicts(Tasks.Renewal);
        verdicts.ShouldFail("procedure.alone", at: 7);
        verdicts.Rejections().Should().Equal("procedure.alone");
    }

    [Fact]
    public void Two_calls_in_a_message_fail_where_calls_stand_alone()
    {
        var talk = LoanTalks
            .New()
            .Identified()
            .Together(("list_titles", Json.Map()), ("get_loan", Json.Map(("loan_id", "L1001"))))
            .Confirmed()
            .Renewed()
            .Reported()
            .Stop();
        talk.Done().Verdicts(Tasks.Renewal).ShouldFail("procedure.alone", at: 5);
    }

    [Fact]
    public void A_value_that_the_human_must_say_and_did_not_fails()
    {
        Talk Paying(string answer) =>
            LoanTalks
                .New()
                .Identified()
                .Agent("How much of the fine do you pay?")
                .Human(answer)
                .Call("pay_fine", ("member_id", "M1"), ("amount", 2.5))
                .Agent("Thank you.")
                .Stop();
        Paying("All right, some of it.").Done().Verdicts(Tasks.Renewal).ShouldFail("procedure.ask", at: 7);
        Paying("$2.50.").Done().Verdicts(Tasks.Renewal).ShouldPass("procedure.ask");
    }

    [Fact]
    public void A_secret_field_and_a_banned_phrase_are_never_said()
    {
        LoanTalks
            .New()
            .Identified()
            .Agent("Your PIN is 7720000001.")
            .Stop()
            .Done()
            .Verdicts(Tasks.Renewal)
            .ShouldFail("procedure.never-say", at: 5);
        LoanTalks
            .New()
            .Identified()
            .Agent("I am afraid Dune is lost for good.")
            .Stop()
            .Done()
            .Verdicts(Tasks.Renewal)
            .ShouldFail("procedure.never-say", at: 5);
    }

    [Fact]
    public void Handing_over_what_tools_serve_fails()
    {
        var talk = LoanTalks.New().Identified().Call("transfer_to_staff", ("summary", "wants to renew Dune"));
        var verdicts = talk.Done(DialogueEnd.Transfer).Verdicts(Tasks.Renewal);
        verdicts.ShouldFail("procedure.transfer-iff", at: 5);
        verdicts.ShouldPass("conversation.end");
    }

    [Fact]
    public void What_no_tool_serves_is_handed_over()
    {
        var blueprint = Tasks.Of(Tasks.FindAmes, ("transfer_to_staff", Json.Map(("summary", "wants a job"))));
        LoanTalks
            .New()
            .Identified()
            .Call("transfer_to_staff", ("summary", "is looking for work"))
            .Done(DialogueEnd.Transfer)
            .Verdicts(blueprint)
            .ShouldPass("procedure.transfer-iff");
        LoanTalks
            .New()
            .Identified()
            .Agent("I cannot help.")
            .Stop()
            .Done()
            .Verdicts(blueprint)
            .ShouldFail("procedure.transfer-iff", at: null);
    }

    [Fact]
    public void The_clauses_left_to_a_judge_are_named() =>
        LoanTalks.Clean().Done().Verdicts(Tasks.Renewal).Single(v => v.Check == "judged").Evidence.Should().Contain("2.9");

    // Messages 5-6 look a title up; 7-8 ask; 9 holds; 11, if any, holds again.
    private static Talk Holding(string looked, string held, string? again = null)
    {
        var talk = LoanTalks
            .New()
            .Identified()
            .Call("get_title", ("title_id", looked))
            .Confirmed("Shall I hold it until April 1?")
            .Call("place_hold", ("title_id", held), ("member_id", "M1"), ("until", "2031-04-01"));
        if (again is not null)
            talk.Call("place_hold", ("title_id", again), ("member_id", "M1"), ("until", "2031-04-01"));
        return talk.Agent("Done.").Stop();
    }
}
