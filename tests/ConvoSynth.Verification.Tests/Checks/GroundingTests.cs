using ConvoSynth.Core;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Verification.Evidence;

namespace ConvoSynth.Verification.Tests;

public sealed class GroundingTests
{
    [Fact]
    public void An_id_from_nowhere_fails()
    {
        var verdicts = LoanTalks
            .New()
            .Identified()
            .Call("get_title", ("title_id", "T501"))
            .Confirmed()
            .Renewed()
            .Reported()
            .Stop()
            .Done()
            .Verdicts(Tasks.Renewal);
        verdicts.ShouldFail("grounding.arguments", at: 5);
        verdicts.Rejections().Should().Equal("grounding.arguments");
    }

    [Fact]
    public void An_id_that_only_the_agent_or_an_error_has_said_comes_from_nowhere()
    {
        var talk = LoanTalks
            .New()
            .Human("What about Persuasion?")
            .Agent("Is it T999?")
            .Human("Perhaps.")
            .Call("get_title", ("title_id", "T999"))
            .Call("get_title", ("title_id", "T999"))
            .Agent("Hm.")
            .Stop();
        var verdicts = talk.Done().Verdicts(Tasks.Renewal);
        verdicts.ShouldFail("grounding.arguments", at: 3);
        verdicts.ShouldFail("grounding.arguments", at: 5);
    }

    [Fact]
    public void Origins_say_where_each_argument_came_from()
    {
        var talk = LoanTalks
            .New()
            .Human("Hold Middlemarch until April 1, and I pay two and a half... 2.50, of my fine. I am Ames, 2000-0001.")
            .Call("find_member", ("card_no", "20000001"), ("surname", "Ames"))
            .Call("list_titles")
            .Call("add", ("a", 18.4), ("b", 7.15))
            .Call("place_hold", ("title_id", "T501"), ("member_id", "M1"), ("until", "2031-04-01"), ("note", ""))
            .Call("pay_fine", ("member_id", "M1"), ("amount", 25.55))
            .Call("pay_fine", ("member_id", "M1"), ("amount", 11.25))
            .Call("pay_fine", ("member_id", "M1"), ("amount", 2.5))
            .Call("renew_loan", ("loan_id", "L1001"), ("weeks", 3))
            .Agent("Done.")
            .Stop();
        var origins = ArgumentOrigins.Of(Trace.Run(TestPacks.Loans, Tasks.Renewal, talk.Done()));
        string Of(int call, string argument) => origins[call][argument].Text!;
        (Of(0, "card_no"), Of(0, "surname")).Should().Be(("normalised", "user"));
        (Of(2, "a"), Of(2, "b")).Should().Be(("observation", "observation"));
        (Of(3, "title_id"), Of(3, "member_id"), Of(3, "until"), Of(3, "note"))
            .Should()
            .Be(("observation", "observation", "normalised", "default"));
        Of(4, "amount").Should().Be("computed", "a calculator returned it");
        Of(5, "amount").Should().Be("computed", "it is 18.40 less 7.15");
        Of(6, "amount").Should().Be("normalised", "2.50 is 2.5 in another spelling");
        Of(7, "weeks").Should().Be("none");
    }

    [Fact]
    public void Each_item_of_a_list_has_an_origin()
    {
        var talk = LoanTalks
            .New()
            .Identified()
            .Call("send_back", ("loan_ids", Json.List("L1001", "L7777")), ("branches", Json.List("North", "South")))
            .Agent("Hm.")
            .Stop()
            .Done();
        ArgumentOrigins.Of(Trace.Run(TestPacks.Loans, Tasks.Renewal, talk))[1]["loan_ids[1]"].Text.Should().Be("none");
        talk.Verdicts(Tasks.Renewal).ShouldFail("grounding.arguments", at: 5);
    }
}
