using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Verdicts;

namespace ConvoSynth.Verification.Tests;

public sealed class ClaimsTests
{
    [Theory]
    [InlineData("I have renewed Dune for 2 weeks.")]
    [InlineData("Dune has been renewed for 2 weeks.")]
    [InlineData("I've successfully renewed Dune.")]
    [InlineData("Your renewal has been processed.")]
    [InlineData("We renewed it. Anything else?")]
    public void A_report_of_a_write_that_was_not_made_fails(string report) =>
        LoanTalks.New().Identified().Confirmed().Agent(report).Stop().Done().Verdicts(Tasks.Renewal).ShouldFail("claims.claims", at: 7);

    [Fact]
    public void A_failed_write_that_is_reported_as_done_fails() =>
        LoanTalks
            .New()
            .Identified()
            .Confirmed("Shall I renew Ulysses?")
            .Renewed("L1003")
            .Agent("Ulysses has been renewed.")
            .Stop()
            .Done()
            .Verdicts(Tasks.Renewal)
            .ShouldFail("claims.claims", at: 9);

    [Fact]
    public void A_date_that_the_row_does_not_have_fails_in_the_acts_own_sentence()
    {
        LoanTalks
            .New()
            .Identified()
            .Confirmed()
            .Renewed()
            .Agent("Dune is now due on March 24, 2031.")
            .Stop()
            .Done()
            .Verdicts(Tasks.Renewal)
            .ShouldPass("claims.claims");
        LoanTalks
            .New()
            .Identified()
            .Confirmed()
            .Renewed()
            .Agent("Dune is now due on March 25, 2031.")
            .Stop()
            .Done()
            .Verdicts(Tasks.Renewal)
            .ShouldFail("claims.claims", at: 9);
    }

    [Fact]
    public void What_a_read_shows_may_be_said_in_the_words_of_a_report()
    {
        var question = Tasks.Of(Tasks.FindAmes);
        LoanTalks
            .New()
            .Identified()
            .Agent("Dune is now due on March 10, 2031.")
            .Stop()
            .Done()
            .Verdicts(question)
            .ShouldPass("claims.claims");
        LoanTalks
            .New()
            .Identified()
            .Agent("Dune is now due on March 24, 2031.")
            .Stop()
            .Done()
            .Verdicts(question)
            .ShouldFail("claims.claims", at: 5);
    }

    [Theory]
    [InlineData("I have paid $2.00 of your fine; $2.50 is left.", true)]
    [InlineData("I have paid $3.17 of your fine.", false)]
    [InlineData("I have paid $2.00 of your fine; $2.85 is left.", false)]
    public void An_amount_in_a_report_follows_from_what_was_read_or_moved(string report, bool isTrue)
    {
        var verdicts = LoanTalks
            .New()
            .Identified()
            .Confirmed("Shall I pay $2.00 of your fine?")
            .Call("pay_fine", ("member_id", "M1"), ("amount", 2))
            .Agent(report)
            .Stop()
            .Done()
            .Verdicts(Tasks.Renewal);
        if (isTrue)
            verdicts.ShouldPass("claims.claims");
        else
            verdicts.ShouldFail("claims.claims", at: 9);
    }

    [Fact]
    public void A_report_that_names_another_row_fails() =>
        LoanTalks
            .New()
            .Identified()
            .Confirmed()
            .Renewed()
            .Agent("I have renewed L1002 for you.")
            .Stop()
            .Done()
            .Verdicts(Tasks.Renewal)
            .ShouldFail("claims.claims", at: 9);

    [Fact]
    public void The_denial_of_a_write_that_was_made_fails() =>
        LoanTalks
            .New()
            .Identified()
            .Confirmed()
            .Renewed()
            .Agent("I'm sorry, L1001 was not renewed.")
            .Stop()
            .Done()
            .Verdicts(Tasks.Renewal)
            .ShouldFail("claims.claims", at: 9);

    [Fact]
    public void A_write_of_which_the_human_never_hears_is_unsure() =>
        LoanTalks
            .New()
            .Identified()
            .Confirmed()
            .Renewed()
            .Agent("Anything else?")
            .Stop()
            .Done()
            .Verdicts(Tasks.Renewal)
            .Should()
            .ContainSingle(v => v.Check == "claims")
            .Which.Should()
            .Match<Verdict>(v => v.Outcome == Outcome.Unsure && v.Message == 7);

    [Theory]
    [InlineData("I can renew Dune for you.")]
    [InlineData("Would you like me to renew Dune?")]
    [InlineData("I will renew Dune now.")]
    [InlineData("Once I have renewed Dune, you will get an email.")]
    [InlineData("If Dune has been renewed twice, it has to come back.")]
    [InlineData("I have not renewed Dune yet.")]
    [InlineData("No loans have been renewed so far.")]
    [InlineData("Has Dune been renewed?")]
    [InlineData("You have renewed Dune before.")]
    [InlineData("Dune has already been renewed once.")]
    [InlineData("Dune can be renewed, but Ulysses could not be renewed.")]
    [InlineData("I have updated the proposal: Dune for 2 weeks.")]
    [InlineData("It seems that Dune was renewed.")]
    [InlineData("I was able to find your account.")]
    public void Offers_wishes_conditions_questions_and_history_are_no_claims(string text) =>
        LoanTalks.New().Identified().Agent(text).Stop().Done().Verdicts(Tasks.Of(Tasks.FindAmes)).ShouldPass("claims.claims");

    [Fact]
    public void Words_of_another_language_are_unsure_where_something_was_written()
    {
        var talk = LoanTalks
            .New()
            .Human("Bonjour, je voudrais prolonger Dune.")
            .Agent("Bonjour, quel est votre numéro de carte et votre nom de famille, s'il vous plaît ?")
            .Human("20000001, Ames.")
            .Call("find_member", ("card_no", "20000001"), ("surname", "Ames"))
            .Agent("Dois-je prolonger Dune de deux semaines, jusqu'au 24 mars ?")
            .Human("Oui.")
            .Renewed()
            .Agent("Le prêt de Dune est prolongé.")
            .Stop();
        talk.Done().Verdicts(Tasks.Renewal).Should().Contain(v => v.Check == "claims" && v.Outcome == Outcome.Unsure);
    }

    [Theory]
    [InlineData("Please write to help@library.org about that.")]
    [InlineData("You can call us at 1-800-555-0199.")]
    [InlineData("You can call us at (555) 010-0199.")]
    [InlineData("You will find it at www.library-loans.com/help.")]
    [InlineData("The refund arrives within 7-10 business days.")]
    [InlineData("The refund takes three to five days.")]
    [InlineData("It usually takes 30 business days.")]
    [InlineData("Please call 1-800-LIBRARY.")]
    [InlineData("Please allow 24-48 hours.")]
    public void A_contact_or_term_that_nothing_gives_fails(string made) =>
        LoanTalks.New().Identified().Agent(made).Stop().Done().Verdicts(Tasks.Of(Tasks.FindAmes)).ShouldFail("claims.claims", at: 5);

    [Theory]
    [InlineData("We only lend for 2 weeks.")]
    [InlineData("Our desk answers within 24 hours.")]
    [InlineData("Could I have your e-mail address, e.g. name@library.org?")]
    [InlineData("An address such as reader@library.org will do.")]
    [InlineData("Your loan L1001 of Dune is due on March 10, 2031.")]
    public void Words_that_promise_no_term_and_give_no_contact_pass(string said) =>
        LoanTalks.New().Identified().Agent(said).Stop().Done().Verdicts(Tasks.Of(Tasks.FindAmes)).ShouldPass("claims.claims");

    [Theory]
    [InlineData("My phone is (555) 010-0199.", "I have 555-010-0199 for you.")]
    [InlineData("Reach me at Ann.Ames@post.org.", "I have noted ann.ames@post.org.")]
    [InlineData("I was told 5-7 business days.", "It takes five to seven days.")]
    [InlineData("I was told five to seven business days.", "It takes 5 to 7 business days.")]
    [InlineData("I was told 5-7 business days.", "It takes up to 7 business days.")]
    [InlineData("I was told between 7 and 14 days.", "It takes one to two weeks.")]
    [InlineData("I was told 1-2 days.", "It takes 24-48 hours.")]
    public void What_the_human_gave_may_be_said_in_other_words(string given, string said) =>
        LoanTalks
            .New()
            .Identified()
            .Agent("Go on.")
            .Human(given)
            .Agent(said)
            .Stop()
            .Done()
            .Verdicts(Tasks.Of(Tasks.FindAmes))
            .ShouldPass("claims.claims");
}
