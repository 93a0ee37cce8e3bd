using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Verdicts;

namespace ConvoSynth.Verification.Tests;

public sealed class ConfirmationTests
{
    private static readonly (string Tool, Json Arguments) PayFine = ("pay_fine", Json.Map(("member_id", "M1"), ("amount", 4.5)));

    [Fact]
    public void Two_writes_under_one_yes_pass_where_both_were_listed()
    {
        var talk = LoanTalks
            .New()
            .Identified()
            .Agent("I would renew Dune for 2 weeks and book your payment of $4.50. Shall I go ahead?")
            .Human("Yes, both please.")
            .Renewed()
            .Call("pay_fine", ("member_id", "M1"), ("amount", 4.5))
            .Reported()
            .Stop();
        Words(talk, Tasks.Of(Tasks.FindAmes, Tasks.RenewDune, PayFine)).Outcome.Should().Be(Outcome.Pass);
    }

    [Fact]
    public void A_failed_write_spends_no_yes_so_that_its_retry_passes()
    {
        Words(LoanTalks.New().Identified().Confirmed().Renewed("L1009").Renewed().Reported().Stop()).Outcome.Should().Be(Outcome.Pass);
    }

    [Theory]
    [InlineData(2, Outcome.Pass)]
    [InlineData(1, Outcome.Unsure)]
    public void A_try_that_the_service_failed_is_repeated_with_the_same_values(int weeks, Outcome outcome)
    {
        const string Down = "Error: the service is temporarily unavailable, please try again";
        var talk = LoanTalks
            .New()
            .Identified()
            .Confirmed("I can renew Dune for 1 week or for 2 weeks. Shall I renew it for 2 weeks?")
            .Raw("renew_loan", """{"loan_id":"L1001","weeks":2}""", Down)
            .Renewed(weeks: weeks)
            .Reported()
            .Stop();
        Words(talk, Tasks.Renewal with { Twist = new() { Failures = [new("renew_loan", 1, Down)] } }).Outcome.Should().Be(outcome);
    }

    [Theory]
    [InlineData("Oui, allez-y.")]
    [InlineData("Oui, je confirme, s'il vous plaît.")]
    [InlineData("Sí, adelante, por favor.")]
    [InlineData("Ja, bitte machen Sie das.")]
    [InlineData("Sim, pode fazer, por favor.")]
    [InlineData("Sì, va bene, grazie.")]
    [InlineData("That works for me.")]
    [InlineData("Please go ahead with it.")]
    [InlineData("YES")]
    public void A_yes_is_understood_in_each_of_the_languages_and_without_the_word_yes(string answer)
    {
        Words(Answered(answer)).Outcome.Should().Be(Outcome.Pass);
    }

    [Theory]
    [InlineData("No.")]
    [InlineData("Nope, please don't.")]
    [InlineData("Never mind.")]
    [InlineData("Non, merci.")]
    [InlineData("No, gracias.")]
    [InlineData("Nein, lieber nicht.")]
    [InlineData("Não, obrigado.")]
    public void A_write_after_a_plain_no_fails(string answer)
    {
        Answered(answer).Done().Verdicts(Tasks.Renewal).ShouldFail("procedure.confirmation", at: 7);
    }

    [Theory]
    [InlineData("Taip.", "no language")]
    [InlineData("Okay.", "no clear yes")]
    [InlineData("Yes, but only if nobody else wants it.", "depends")]
    [InlineData("I'd like to renew Dune, please.", "no clear yes")]
    [InlineData("That is not correct, I think.", "no clear yes")]
    [InlineData("Yes, please do not go ahead.", "yes and no")]
    [InlineData("That is for 2 weeks, correct?", "no clear yes")]
    public void What_is_neither_yes_nor_no_is_unsure_and_rejects_as_undecided(string answer, string why)
    {
        var verdict = Words(Answered(answer));
        verdict.Outcome.Should().Be(Outcome.Unsure);
        verdict.Evidence.Should().Contain(why);
        verdict.Reason.Should().Be("undecided:procedure.confirmation");
        verdict.Message.Should().Be(7);
    }

    [Fact]
    public void A_no_to_whether_there_is_more_refuses_nothing()
    {
        var talk = LoanTalks
            .New()
            .Identified()
            .Agent("I would renew Dune for 2 weeks. Is there anything else to change before I do?")
            .Human("No, thanks.")
            .Renewed()
            .Reported()
            .Stop();
        Words(talk).Outcome.Should().Be(Outcome.Unsure);
    }

    [Fact]
    public void A_date_may_be_said_another_way_than_it_is_written()
    {
        var talk = LoanTalks
            .New()
            .Identified()
            .Call("get_title", ("title_id", "T501"))
            .Agent("Shall I hold T501 for you until April 1st?")
            .Human("Yes, please.")
            .Call("place_hold", ("title_id", "T501"), ("member_id", "M1"), ("until", "2031-04-01"))
            .Agent("Done.")
            .Stop();
        Words(talk).Outcome.Should().Be(Outcome.Pass);
    }

    [Fact]
    public void An_amount_that_the_agent_worked_out_counts_once_it_was_stated()
    {
        Talk Paying(string question) =>
            LoanTalks
                .New()
                .Identified()
                .Agent(question)
                .Human("Yes, please.")
                .Call("pay_fine", ("member_id", "M1"), ("amount", 4.5))
                .Agent("Thank you.")
                .Stop();
        var blueprint = Tasks.Of(Tasks.FindAmes, PayFine);
        Words(Paying("Your fines of $2.50 and $2.00 come to $4.50. Shall I book the payment?"), blueprint)
            .Outcome.Should()
            .Be(Outcome.Pass);
        Paying("Your fines are $2.50 and $2.00. Shall I book the payment?")
            .Done()
            .Verdicts(blueprint)
            .ShouldFail("procedure.confirm", at: 7);
    }

    [Fact]
    public void A_value_that_is_changed_after_the_yes_fails()
    {
        var verdicts = LoanTalks.New().Identified().Confirmed().Renewed(weeks: 3).Reported().Stop().Done().Verdicts(Tasks.Renewal);
        verdicts.ShouldFail("procedure.confirmation", at: 7);
        verdicts.First(v => v.Reason == "procedure.confirmation").Evidence.Should().Contain("weeks is 3").And.Contain("2 weeks");
    }

    [Fact]
    public void A_date_that_is_changed_after_the_yes_fails()
    {
        LoanTalks
            .New()
            .Identified()
            .Call("get_title", ("title_id", "T501"))
            .Agent("Shall I hold T501 for you until April 1?")
            .Human("Yes, please.")
            .Call("place_hold", ("title_id", "T501"), ("member_id", "M1"), ("until", "2031-04-02"))
            .Agent("Done.")
            .Stop()
            .Done()
            .Verdicts(Tasks.Renewal)
            .ShouldFail("procedure.confirmation", at: 9);
    }

    [Fact]
    public void A_yes_may_stand_a_few_messages_back_where_nothing_was_taken_back_since()
    {
        Talk Later(string last) =>
            LoanTalks.New().Identified().Confirmed().Agent("One moment, I am entering it.").Human(last).Renewed().Reported().Stop();
        Words(Later("Thanks, take your time.")).Outcome.Should().Be(Outcome.Pass);
        Later("No, stop, I changed my mind.").Done().Verdicts(Tasks.Renewal).ShouldFail("procedure.confirmation", at: 9);
    }

    [Fact]
    public void An_order_with_all_details_that_nobody_asked_back_is_unsure()
    {
        var talk = LoanTalks
            .New()
            .Identified()
            .Agent("Thank you, I see Dune here, which can be renewed.")
            .Human("Then renew Dune for 2 weeks.")
            .Renewed()
            .Reported()
            .Stop();
        Words(talk).Outcome.Should().Be(Outcome.Unsure);
    }

    [Fact]
    public void A_write_that_broke_the_structure_has_no_second_verdict_on_its_words()
    {
        var talk = LoanTalks
            .New()
            .Human("Renew Dune for 2 weeks. Card 20000001, Ames.")
            .Call("find_member", ("card_no", "20000001"), ("surname", "Ames"))
            .Renewed()
            .Reported()
            .Stop();
        var verdicts = talk.Done().Verdicts(Tasks.Renewal);
        verdicts.ShouldFail("procedure.confirm", at: 3);
        verdicts.Single(v => v.Check == "confirmation").Outcome.Should().Be(Outcome.Skipped);
    }

    private static Talk Answered(string answer) =>
        LoanTalks.New().Identified().Agent("Shall I renew Dune for 2 weeks?").Human(answer).Renewed().Reported().Stop();

    private static Verdict Words(Talk talk, Blueprint? blueprint = null) =>
        talk.Done().Verdicts(blueprint ?? Tasks.Renewal).Single(v => v.Check == "confirmation");

    [Fact]
    public void A_number_beside_its_name_in_the_question_is_what_was_agreed_to_whatever_dates_and_times_say()
    {
        LoanTalks
            .New()
            .Identified()
            .Confirmed("I would renew Dune until March 2, weeks: 3. Shall I go ahead?")
            .Renewed()
            .Reported()
            .Stop()
            .Done()
            .Verdicts(Tasks.Renewal)
            .ShouldFail("procedure.confirmation", at: 7);
        Words(
            LoanTalks
                .New()
                .Identified()
                .Confirmed("I would renew Dune until March 3, weeks: 2. Shall I go ahead?")
                .Renewed()
                .Reported()
                .Stop()
        )
            .Outcome.Should()
            .Be(Outcome.Pass);
    }
}
