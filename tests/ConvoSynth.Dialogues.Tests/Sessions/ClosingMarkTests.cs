using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Sessions;
using ConvoSynth.Verification.Tests;
using ConvoSynth.Verification.Verifiers;

namespace ConvoSynth.Dialogues.Tests;

/// <summary>The human's closing mark in the spellings of models.</summary>
public sealed class ClosingMarkTests
{
    [Theory]
    [InlineData("Thanks, bye. ###STOP###")]
    [InlineData("Thanks, bye.###STOP###")]
    [InlineData("Thanks, bye. ### STOP ###")]
    [InlineData("Thanks, bye. ##STOP##")]
    [InlineData("Thanks, bye. #STOP#")]
    [InlineData("Thanks, bye. ###STOP")]
    [InlineData("Thanks, bye. STOP###")]
    [InlineData("Thanks, bye. ###stop###")]
    [InlineData("Thanks, bye. ###Stop###.")]
    [InlineData("Thanks, bye. **STOP**")]
    [InlineData("Thanks, bye. **###STOP###**")]
    [InlineData("Thanks, bye.\n\n**STOP**")]
    [InlineData("Thanks, bye. [STOP]")]
    [InlineData("Thanks, bye. <STOP>")]
    [InlineData("Thanks, bye. <|STOP|>")]
    [InlineData("Thanks, bye. <STOP></STOP>")]
    [InlineData("Thanks, bye. `###STOP###`")]
    [InlineData("Thanks, bye.\n```\n###STOP###\n```")]
    [InlineData("Thanks, bye.\n```text\nSTOP\n```")]
    [InlineData("Thanks, bye.\n---\n###STOP###")]
    [InlineData("Thanks, bye.\n> ###STOP###")]
    [InlineData("Thanks, bye.\nSTOP")]
    [InlineData("Thanks, bye.\n\n\"STOP\"")]
    [InlineData("Thanks, bye.\n[stop]")]
    [InlineData("Thanks, bye. (###STOP###)")]
    [InlineData("Thanks, bye. \\#\\#\\#STOP\\#\\#\\#")]
    [InlineData("Thanks, bye. ＃＃＃STOP＃＃＃")]
    [InlineData("Thanks, bye. # # # STOP # # #")]
    [InlineData("Thanks, bye. ###STOP### 😊")]
    [InlineData("Thanks, bye. ###STOP### ###STOP###")]
    [InlineData("Thanks, bye.\n###STOP###\n\n")]
    public void A_mark_at_the_end_ends_the_dialogue_and_leaves_nothing_of_its_dressing(string text)
    {
        var conversation = Said(text);

        conversation.End.Should().Be(DialogueEnd.HumanStop);
        DialogueSession.WithoutMark(conversation.Messages[^1].Content!).Should().Be("Thanks, bye.");
        conversation.Verdicts(Tasks.Renewal).Rejections().Should().NotContain(["human.mark", "format.markup", "conversation.end"]);
    }

    [Theory]
    [InlineData("###STOP###")]
    [InlineData("STOP")]
    [InlineData("**STOP**")]
    [InlineData("### STOP ###")]
    public void A_mark_alone_leaves_nothing(string text)
    {
        var conversation = Said(text);

        (conversation.End, DialogueSession.WithoutMark(conversation.Messages[^1].Content!)).Should().Be((DialogueEnd.HumanStop, ""));
    }

    [Theory]
    [InlineData("###OUT-OF-SCOPE###")]
    [InlineData("### OUT OF SCOPE ###")]
    [InlineData("##out_of_scope##")]
    [InlineData("[OUT-OF-SCOPE]")]
    [InlineData("**OUT-OF-SCOPE**")]
    [InlineData("###OUT-OF-SCOPE### ###STOP###")]
    public void The_other_mark_is_read_alike(string text)
    {
        var conversation = Said(text);

        (conversation.End, conversation.Messages[^1].Content).Should().Be((DialogueEnd.OutOfScope, StopMarks.OutOfScope));
    }

    [Theory]
    [InlineData("Please stop sending me mails")]
    [InlineData("Please stop.")]
    [InlineData("Please STOP")]
    [InlineData("Please **STOP**")]
    [InlineData("Please make it STOP!")]
    [InlineData("STOP!")]
    [InlineData("Stop")]
    [InlineData("It says \"reply STOP\".")]
    [InlineData("I answered with \"STOP\".")]
    [InlineData("Which bus stop?")]
    [InlineData("That is a NONSTOP")]
    [InlineData("My order is #5 and it is out of scope")]
    [InlineData("I want to exchange the desk lamp, order #W123")]
    [InlineData("One stop flight, please (1-stop)")]
    public void Words_are_no_mark(string text)
    {
        var conversation = Said(text);

        conversation.End.Should().Be(DialogueEnd.Limit);
        conversation.Messages[^1].Content.Should().Be(text);
        DialogueSession.WithoutMark(text).Should().Be(text);
    }

    [Theory]
    [InlineData("###STOP### Thank you for your help.")]
    [InlineData("I must not write ### stop ### yet. Hello.")]
    [InlineData("###STOP### One more thing. ###STOP###")]
    public void A_mark_with_words_behind_it_is_the_humans_slip(string text)
    {
        var session = Begun(null);
        session.HumanSaid(Candidates.Said(text));

        session.Finish().Verdicts(Tasks.Renewal).ShouldFail("human.mark", 2, Fault.Human);
    }

    [Fact]
    public void A_mark_with_words_behind_it_ends_nothing_but_a_dialogue_that_is_lost()
    {
        var (whole, stopped) = (Begun(null), Begun(EarlyStopChecks.Of(TestPacks.Loans)));
        foreach (var session in (DialogueSession[])[whole, stopped])
            session.HumanSaid(Candidates.Said("###STOP### Thank you."));

        (whole.Next, stopped.Next, stopped.Finish().End).Should().Be((NextTurn.Agent, NextTurn.Done, DialogueEnd.StoppedEarly));
    }

    [Fact]
    public void What_a_server_left_behind_the_mark_is_found_and_the_mark_counts()
    {
        var conversation = Said("Thanks, bye. ###STOP###<|im_end|>");

        conversation.End.Should().Be(DialogueEnd.HumanStop);
        conversation.Verdicts(Tasks.Renewal).ShouldFail("format.markup", 2, Fault.Endpoint);
    }

    private static Conversation Said(string text)
    {
        var session = Begun(null);
        session.HumanSaid(Candidates.Said(text));
        return session.Finish();
    }

    private static DialogueSession Begun(EarlyStopChecks? earlyStop)
    {
        var session = new DialogueSession(TestPacks.Loans, Tasks.Renewal, DialogueLimits.Default, earlyStop: earlyStop);
        session.HumanSaid(Candidates.Said("Hi, I would like to renew Dune for 2 weeks."));
        session.AgentSaid(Candidates.Said("What is your card number?"));
        return session;
    }
}
