using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Verification.Verifiers;

namespace ConvoSynth.Verification.Tests;

public sealed class PolicyTests
{
    [Fact]
    public void A_write_that_breaks_a_guard_fails_and_quotes_the_clause()
    {
        var verdicts = LoanTalks
            .New()
            .Identified()
            .Confirmed("Shall I renew Emma for 2 weeks?")
            .Renewed("L1002")
            .Agent("Done.")
            .Stop()
            .Done()
            .Verdicts(Tasks.Of(Tasks.FindAmes));
        verdicts.ShouldFail("policy.guards", at: 7);
        verdicts
            .Single(v => v.Reason == "policy.guards")
            .Evidence.Should()
            .Contain("clause 3.1")
            .And.Contain("A reserved title cannot be renewed.");
    }

    [Fact]
    public void A_guard_that_gold_itself_breaks_is_the_blueprints_fault()
    {
        var blueprint = Tasks.Of(Tasks.FindAmes, ("renew_loan", Json.Map(("loan_id", "L1002"), ("weeks", 2))));
        LoanTalks
            .New()
            .Identified()
            .Confirmed("Shall I renew Emma for 2 weeks?")
            .Renewed("L1002")
            .Agent("Done.")
            .Stop()
            .Done()
            .Verdicts(blueprint)
            .ShouldFail("policy.guards", at: 7, Fault.Blueprint);
    }

    [Fact]
    public void Trying_what_the_tool_refuses_breaks_no_guard_and_is_not_trained_on()
    {
        var trace = Trace.Run(
            TestPacks.Loans,
            Tasks.Of(Tasks.FindAmes),
            LoanTalks
                .New()
                .Identified()
                .Confirmed("Shall I renew Ulysses for 2 weeks?")
                .Renewed("L1003")
                .Agent("That is not possible.")
                .Stop()
                .Done()
        );
        var verified = Verifier.Default(TestPacks.Loans).Verify(trace);
        verified.Verdicts.ShouldPass("policy.guards");
        verified.Verdicts.Should().NotContain(v => v.Stage == "policy" && v.Rejects);
        verified.Meta[7].Train.Should().BeFalse();
        verified.Meta[7].Reason.Should().Contain("the call failed").And.Contain("message 9");
    }
}
