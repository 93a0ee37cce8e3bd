using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;

namespace ConvoSynth.Verification.Tests;

public sealed class ConversationTests
{
    [Fact]
    public void The_same_call_three_times_in_a_row_is_a_loop()
    {
        Talk Listing(int times)
        {
            var talk = LoanTalks.New().Identified();
            for (var i = 0; i < times; i++)
                talk.Raw("list_titles", i == 0 ? "{}" : "{ }");
            return talk.Confirmed().Renewed().Reported().Stop();
        }

        Listing(3).Done().Verdicts(Tasks.Renewal).ShouldFail("conversation.loops", at: 9);
        Listing(2).Done().Verdicts(Tasks.Renewal).ShouldPass("conversation.loops");
    }

    [Fact]
    public void The_same_text_three_times_in_a_row_or_four_times_in_all_is_a_loop()
    {
        const string Again = "Could you say that again?";
        LoanTalks
            .New()
            .Human("A")
            .Agent(Again)
            .Human("B")
            .Agent(Again)
            .Human("C")
            .Agent(Again)
            .Stop()
            .Done()
            .Verdicts(Tasks.Renewal)
            .ShouldFail("conversation.loops", at: 5);
        LoanTalks
            .New()
            .Human("A")
            .Agent(Again)
            .Human("B")
            .Agent(Again)
            .Human("C")
            .Agent("So?")
            .Human("D")
            .Agent(Again)
            .Stop()
            .Done()
            .Verdicts(Tasks.Renewal)
            .ShouldPass("conversation.loops");
        LoanTalks
            .New()
            .Human("A")
            .Agent(Again)
            .Human("B")
            .Agent(Again)
            .Human("C")
            .Agent("So?")
            .Human("D")
            .Agent(Again)
            .Human("E")
            .Agent("So?")
            .Human("F")
            .Agent(Again)
            .Stop()
            .Done()
            .Verdicts(Tasks.Renewal)
            .ShouldFail("conversation.loops", at: 11);
    }

    [Fact]
    public void Three_empty_turns_in_a_row_are_a_loop_and_calls_without_words_are_none()
    {
        Talk Silent(int times)
        {
            var talk = LoanTalks.New().Human("A");
            for (var i = 0; i < times; i++)
                talk.Agent(i == 1 ? " " : "").Human($"Hello, {i}?");
            return talk.Agent("Sorry, I am here.").Stop();
        }

        Silent(3).Done().Verdicts(Tasks.Renewal).ShouldFail("conversation.loops", at: 5);
        Silent(2).Done().Verdicts(Tasks.Renewal).ShouldPass("conversation.loops");
        LoanTalks
            .New()
            .Human("A")
            .Call("list_titles")
            .Call("get_loan", ("loan_id", "L1001"))
            .Call("get_loan", ("loan_id", "L1002"))
            .Call("get_title", ("title_id", "T501"))
            .Agent("B")
            .Stop()
            .Done()
            .Verdicts(Tasks.Renewal)
            .ShouldPass("conversation.loops");
    }

    [Fact]
    public void An_empty_turn_fails_and_blames_whose_it_is()
    {
        LoanTalks.New().Human("Hi.").Agent("  ").Stop().Done().Verdicts(Tasks.Renewal).ShouldFail("conversation.empty-turns", at: 1);
        LoanTalks
            .New()
            .Human("")
            .Agent("Hello?")
            .Stop()
            .Done()
            .Verdicts(Tasks.Renewal)
            .ShouldFail("conversation.empty-turns", at: 0, Fault.Human);
    }

    [Fact]
    public void Too_long_a_text_and_a_cut_response_fail()
    {
        LoanTalks
            .New()
            .Human("Hi.")
            .Agent(new string('a', 8001))
            .Stop()
            .Done()
            .Verdicts(Tasks.Renewal)
            .ShouldFail("conversation.length", at: 1);
        var clean = LoanTalks.Clean().Done();
        (clean with { Meta = clean.Meta.SetItem(5, new() { Finish = FinishReason.Length }) })
            .Verdicts(Tasks.Renewal)
            .ShouldFail("conversation.length", at: 5);
    }

    [Fact]
    public void Too_many_messages_fail()
    {
        var talk = LoanTalks.New().Human("Hi.");
        for (var i = 0; i < 51; i++)
            talk.Agent($"Question {i}?").Human("Yes.");
        talk.Agent("Thanks.").Stop().Done().Verdicts(Tasks.Renewal).ShouldFail("conversation.length", at: 100);
    }

    [Theory]
    [InlineData(DialogueEnd.Limit, Fault.Agent)]
    [InlineData(DialogueEnd.RecordEnd, Fault.Agent)]
    [InlineData(DialogueEnd.HumanStop, Fault.Environment)]
    [InlineData(DialogueEnd.Transfer, Fault.Environment)]
    public void A_dialogue_that_does_not_end_by_stop_or_transfer_fails(DialogueEnd end, Fault fault) =>
        LoanTalks
            .New()
            .Identified()
            .Confirmed()
            .Renewed()
            .Reported()
            .Human("Thanks.")
            .Done(end)
            .Verdicts(Tasks.Renewal)
            .ShouldFail("conversation.end", at: 10, fault);
}
