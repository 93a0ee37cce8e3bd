using ConvoSynth.Core;

namespace ConvoSynth.Synthesis.Tests;

public sealed class PolicyTests
{
    [Fact]
    public void A_write_that_breaks_a_guard_fails_and_quotes_the_clause()
    {
        var verdicts = Dialogues.New().Identified().Confirmed("Shall I renew Emma for 2 weeks?").Renewed("L1002").Agent("Done.").Stop().Done().Verdicts(Tasks.Of(Tasks.FindAmes));
        verdicts.ShouldFail("policy.guards", at: 7);
        verdicts.Single(v => v.Reason == "policy.guards").Evidence.Should().Contain("clause 3.1").And.Contain("A reserved title cannot be renewed.");
    }

    [Fact]
    public void A_guard_that_gold_itself_breaks_is_the_blueprints_fault()
    {
        var blueprint = Tasks.Of(Tasks.FindAmes, ("renew_loan", Json.Map(("loan_id", "L1002"), ("weeks", 2))));
        Dialogues.New().Identified().Confirmed("Shall I renew Emma for 2 weeks?").Renewed("L1002").Agent("Done.").Stop().Done().Verdicts(blueprint)
            .ShouldFail("policy.guards", at: 7, Fault.Blueprint);
    }

    [Fact]
    public void Trying_what_the_tool_refuses_fails_as_an_attempt_and_not_as_a_broken_guard()
    {
        var verdicts = Dialogues.New().Identified().Confirmed("Shall I renew Ulysses for 2 weeks?").Renewed("L1003").Agent("That is not possible.").Stop().Done().Verdicts(Tasks.Of(Tasks.FindAmes));
        verdicts.ShouldFail("policy.attempt", at: 7);
        verdicts.ShouldPass("policy.guards");
    }

    [Fact]
    public void A_call_that_fails_for_another_reason_is_no_attempt()
    {
        Dialogues.New().Identified().Confirmed().Renewed("L1009").Renewed().Reported().Stop().Done().Verdicts(Tasks.Renewal).ShouldPass("policy.attempt");
    }
}
