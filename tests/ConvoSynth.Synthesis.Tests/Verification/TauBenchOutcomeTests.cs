using ConvoSynth.Core;
using ConvoSynth.Domains;

namespace ConvoSynth.Synthesis.Tests;

public sealed class TauBenchOutcomeTests
{
    private static readonly CheckedTask Task = new("7", [new("renew_loan", Tasks.RenewDune.Arguments, null)], ["1,093", "Dune"], null);

    [Fact]
    public void The_reward_needs_the_state_each_output_and_an_end()
    {
        Failed(Dialogues.New().Identified().Confirmed().Renewed().Agent("DUNE, 1093 pages.").Stop().Done()).Should().Equal("tau-bench.outputs");
        var task = Task with { Outputs = ["1093", "Dune"] };
        Failed(Dialogues.New().Identified().Confirmed().Renewed().Agent("DUNE, 1,093 pages.").Stop().Done(), task).Should().BeEmpty();
        Failed(Dialogues.New().Identified().Confirmed().Renewed(weeks: 1).Agent("Dune, 1093 pages.").Stop().Done(), task).Should().Equal("tau-bench.end-state");
        Failed(Dialogues.New().Identified().Confirmed().Renewed().Agent("Dune, 1093 pages.").Done(DialogueEnd.RecordEnd), task).Should().Equal("tau-bench.end");
    }

    [Fact]
    public void Text_beside_a_call_is_not_said()
    {
        var task = Task with { Outputs = ["1093"] };
        Failed(Dialogues.New().Identified().Confirmed().Raw("renew_loan", Tasks.RenewDune.Arguments.ToString(), text: "1093").Agent("Done.").Stop().Done(), task).Should().Equal("tau-bench.outputs");
    }

    [Fact]
    public void A_foreign_task_without_changes_and_outputs_is_vacuous()
    {
        ForeignTask.IsVacuous(ForeignTask.AsBlueprint(TestPacks.Loans, new("1", [], [], null), "")).Should().BeTrue();
        ForeignTask.IsVacuous(ForeignTask.AsBlueprint(TestPacks.Loans, Task, "")).Should().BeFalse();
    }

    private static IEnumerable<string> Failed(Conversation conversation, CheckedTask? task = null)
    {
        var blueprint = ForeignTask.AsBlueprint(TestPacks.Loans, task ?? Task, "");
        var trace = Trace.Run(TestPacks.Loans, blueprint, conversation);
        return TauBenchOutcome.Verify(trace, TauBenchOutcome.GoldDiff(TestPacks.Loans, blueprint), (task ?? Task).Outputs).Where(v => v.Rejects).Select(v => v.Reason).Distinct(StringComparer.Ordinal);
    }
}
