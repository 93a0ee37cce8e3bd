using ConvoSynth.Core.Verdicts;

namespace ConvoSynth.Verification.Tests;

public sealed class CleanDialogueTests
{
    [Fact]
    public void A_clean_dialogue_is_rejected_by_nothing()
    {
        LoanTalks.Clean().Done().Verdicts(Tasks.Renewal).Where(v => v.Rejects).Should().BeEmpty();
    }

    [Fact]
    public void Every_check_leaves_exactly_one_verdict_on_a_clean_dialogue()
    {
        var verdicts = LoanTalks.Clean().Done().Verdicts(Tasks.Renewal);
        verdicts
            .Select(v => $"{v.Stage}.{v.Check} {v.Kind} {v.Outcome}")
            .Should()
            .Equal(
                "format.arguments Exact Pass",
                "format.schema Exact Pass",
                "format.numbers Exact Pass",
                "format.tool-name Exact Pass",
                "format.roles Exact Pass",
                "replay.observations Exact Pass",
                "replay.written Exact Pass",
                "outcome.end-state Exact Pass",
                "outcome.writes Exact Pass",
                "outcome.outputs Exact Pass",
                "outcome.refusal Exact Pass",
                "outcome.outputs-words Language Skipped",
                "outcome.refusal-words Language Skipped",
                "policy.guards Exact Pass",
                "procedure.identify Exact Pass",
                "procedure.confirm Exact Pass",
                "procedure.confirmation Language Pass",
                "procedure.order Exact Pass",
                "procedure.once Exact Pass",
                "procedure.alone Exact Pass",
                "procedure.ask Exact Pass",
                "procedure.never-say Exact Pass",
                "procedure.transfer-iff Exact Pass",
                "procedure.judged Language Skipped",
                "procedure.hand-over Language Pass",
                "claims.claims Language Pass",
                "claims.values Language Pass",
                "claims.observed Language Pass",
                "claims.permission Language Pass",
                "claims.state Language Pass",
                "claims.procedure Language Pass",
                "grounding.arguments Exact Pass",
                "human.values Exact Pass",
                "human.leak Exact Pass",
                "human.early-stop Exact Pass",
                "human.words Language Pass",
                "human.manner Language Pass",
                "conversation.loops Exact Pass",
                "conversation.empty-turns Exact Pass",
                "conversation.length Exact Pass",
                "conversation.end Exact Pass",
                "conversation.topic Language Pass",
                "efficiency.needless-reads Exact Pass"
            );
    }

    [Fact]
    public void A_skipped_check_says_why()
    {
        LoanTalks
            .Clean()
            .Done()
            .Verdicts(Tasks.Renewal)
            .Where(v => v.Outcome == Outcome.Skipped)
            .Should()
            .OnlyContain(v => v.Evidence!.Length > 10 && !v.Rejects);
    }

    [Fact]
    public void A_check_that_fails_often_says_so_five_times()
    {
        var talk = LoanTalks.New().Identified();
        for (var i = 0; i < 9; i++)
            talk.Raw("no_such_tool", "{}");
        talk.Agent("Sorry.")
            .Stop()
            .Done()
            .Verdicts(Tasks.Renewal)
            .Count(v => v is { Check: "tool-name", Outcome: Outcome.Fail })
            .Should()
            .Be(5);
    }

    [Fact]
    public void A_silent_agent_fails_the_outcome()
    {
        var verdicts = LoanTalks
            .New()
            .Human("Hi, I would like to renew Dune for 2 weeks.")
            .Agent("One moment.")
            .Stop()
            .Done()
            .Verdicts(Tasks.Renewal);
        verdicts.ShouldFail("outcome.end-state", at: null);
    }
}
