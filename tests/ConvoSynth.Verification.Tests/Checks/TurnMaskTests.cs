using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Verification.Verifiers;

namespace ConvoSynth.Verification.Tests;

public sealed class TurnMaskTests
{
    [Fact]
    public void Only_the_agents_messages_are_trained_on_and_a_recovered_failure_is_not()
    {
        var talk = LoanTalks.New().Identified().Confirmed().Renewed("L1009").Renewed().Reported().Stop();
        var meta = TurnMasks.Of(Trace.Run(TestPacks.Loans, Tasks.Renewal, talk.Done()));
        meta.Select(m => m.Train).Should().Equal(false, true, false, true, false, true, false, false, false, true, false, true, false);
        meta[7].Reason.Should().Contain("message 9");
        meta.Where((_, i) => i != 7).Should().OnlyContain(m => m.Reason == null);
    }

    [Fact]
    public void A_failure_after_which_the_agent_goes_on_otherwise_is_not_trained_on_either()
    {
        var talk = LoanTalks.New().Identified().Confirmed().Renewed("L1003").Agent("Ulysses was renewed twice already.").Stop();
        var meta = TurnMasks.Of(Trace.Run(TestPacks.Loans, Tasks.Renewal, talk.Done()))[7];
        meta.Train.Should().BeFalse();
        meta.Reason.Should().Contain("went on in message 9");
    }

    [Fact]
    public void A_failure_after_which_nothing_comes_is_kept()
    {
        var talk = LoanTalks.New().Identified().Confirmed().Renewed("L1003");
        TurnMasks.Of(Trace.Run(TestPacks.Loans, Tasks.Renewal, talk.Done(DialogueEnd.Limit)))[7].Train.Should().BeTrue();
    }

    [Fact]
    public void A_failure_that_gold_itself_has_is_kept()
    {
        var blueprint = Tasks.Of(Tasks.FindAmes, ("renew_loan", Json.Map(("loan_id", "L1003"), ("weeks", 2))));
        var talk = LoanTalks.New().Identified().Confirmed().Renewed("L1003").Agent("Ulysses was renewed twice already.").Stop();
        TurnMasks.Of(Trace.Run(TestPacks.Loans, blueprint, talk.Done()))[7].Train.Should().BeTrue();
    }

    [Fact]
    public void The_meta_holds_the_origins_of_each_calls_arguments()
    {
        var meta = TurnMasks.Of(Trace.Run(TestPacks.Loans, Tasks.Renewal, LoanTalks.Clean().Done()));
        meta[3].ArgumentOrigins.Should().Equal(Json.Map(("card_no", "user"), ("surname", "user")));
        meta[7].ArgumentOrigins.Should().Equal(Json.Map(("loan_id", "observation"), ("weeks", "user")));
        meta[5].ArgumentOrigins.Should().BeEmpty();
    }
}
