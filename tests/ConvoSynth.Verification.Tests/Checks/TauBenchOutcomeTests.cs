using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Dialogues.Blueprints;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains.Checking;
using ConvoSynth.Verification.Verifiers;

namespace ConvoSynth.Verification.Tests;

public sealed class TauBenchOutcomeTests
{
    private static readonly CheckedTask Task = new("7", [new("renew_loan", Tasks.RenewDune.Arguments, null)], ["1,093", "Dune"], null);

    [Fact]
    public void The_reward_needs_the_state_each_output_and_an_end()
    {
        Failed(LoanTalks.New().Identified().Confirmed().Renewed().Agent("DUNE, 1093 pages.").Stop().Done())
            .Should()
            .Equal("tau-bench.outputs");
        var task = Task with { Outputs = ["1093", "Dune"] };
        Failed(LoanTalks.New().Identified().Confirmed().Renewed().Agent("DUNE, 1,093 pages.").Stop().Done(), task).Should().BeEmpty();
        Failed(LoanTalks.New().Identified().Confirmed().Renewed(weeks: 1).Agent("Dune, 1093 pages.").Stop().Done(), task)
            .Should()
            .Equal("tau-bench.end-state");
        Failed(LoanTalks.New().Identified().Confirmed().Renewed().Agent("Dune, 1093 pages.").Done(DialogueEnd.RecordEnd), task)
            .Should()
            .Equal("tau-bench.end");
    }

    [Fact]
    public void Text_beside_a_call_is_not_said()
    {
        var task = Task with { Outputs = ["1093"] };
        Failed(
                LoanTalks
                    .New()
                    .Identified()
                    .Confirmed()
                    .Raw("renew_loan", Tasks.RenewDune.Arguments.ToString(), text: "1093")
                    .Agent("Done.")
                    .Stop()
                    .Done(),
                task
            )
            .Should()
            .Equal("tau-bench.outputs");
    }

    [Theory]
    [InlineData("It is now due on March 24, 2031.")]
    [InlineData("It is now due on 2031-03-24.")]
    [InlineData("It is now due on March 25, 2031.", "tau-bench.outputs")]
    public void The_answer_to_a_task_of_our_own_counts_in_any_spelling_of_its_type(string said, params string[] failed) =>
        Failed(
                Tasks.Renewal.Expecting("date", "2031-03-24", groundedBy: 1),
                LoanTalks.New().Identified().Confirmed().Renewed().Agent(said).Stop().Done()
            )
            .Should()
            .Equal(failed);

    [Fact]
    public void The_state_is_compared_by_what_stands_in_it_and_not_by_the_way_there()
    {
        var both = Tasks.Of(Tasks.FindAmes, Tasks.RenewDune, ("renew_loan", Json.Map(("loan_id", "L1002"), ("weeks", 1))));

        Failed(both, LoanTalks.New().Identified().Renewed("L1002", weeks: 1).Renewed().Agent("Done.").Stop().Done())
            .Should()
            .BeEmpty("both writes were made, in another order");
        Failed(both, LoanTalks.New().Identified().Renewed("L1009").Renewed().Renewed("L1002", weeks: 1).Agent("Done.").Stop().Done())
            .Should()
            .BeEmpty("a call that failed changes nothing");
        Failed(both, LoanTalks.New().Identified().Renewed().Agent("Done.").Stop().Done()).Should().Equal("tau-bench.end-state");
        Failed(
                both,
                LoanTalks.New().Identified().Renewed().Renewed("L1002", weeks: 1).Renewed("L1002", weeks: 1).Agent("Done.").Stop().Done()
            )
            .Should()
            .Equal("tau-bench.end-state");
    }

    [Fact]
    public void A_foreign_task_without_changes_and_outputs_is_vacuous()
    {
        ForeignTask.IsVacuous(ForeignTask.AsBlueprint(TestPacks.Loans, new("1", [], [], null), "")).Should().BeTrue();
        ForeignTask.IsVacuous(ForeignTask.AsBlueprint(TestPacks.Loans, Task, "")).Should().BeFalse();
    }

    private static IEnumerable<string> Failed(Conversation conversation, CheckedTask? task = null) =>
        Failed(ForeignTask.AsBlueprint(TestPacks.Loans, task ?? Task, ""), conversation);

    private static IEnumerable<string> Failed(Blueprint blueprint, Conversation conversation) =>
        TauBenchOutcome
            .Verify(Trace.Run(TestPacks.Loans, blueprint, conversation))
            .Where(v => v.Rejects)
            .Select(v => v.Reason)
            .Distinct(StringComparer.Ordinal);
}
