using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;

namespace ConvoSynth.Core.Tests;

/// <summary>The status of a row if all its verdicts decide.</summary>
public sealed class RejectReasonTests
{
    [Fact]
    public void A_row_in_which_nothing_failed_and_something_is_unsure_is_undecided_and_not_rejected()
    {
        var row = Of(("a", Outcome.Pass), ("b", Outcome.Unsure), ("b", Outcome.Unsure), ("c", Outcome.Skipped));

        row.Status.Should().Be(RowStatus.Undecided);
        row.UndecidedReasons.Should().Equal("stage.b");
        row.RejectReasons.Should().BeEmpty();
        row.Passes.Should().NotContain("strict");
    }

    [Fact]
    public void A_row_in_which_something_failed_waits_for_nobody()
    {
        var row = Of(("b", Outcome.Unsure), ("a", Outcome.Fail), ("a", Outcome.Fail));

        row.Status.Should().Be(RowStatus.Rejected);
        row.RejectReasons.Should().Equal("stage.a");
        row.UndecidedReasons.Should().BeEmpty();
    }

    [Fact]
    public void A_row_in_which_nothing_failed_or_is_unsure_is_accepted()
    {
        var row = Of(("a", Outcome.Pass), ("c", Outcome.Skipped));

        row.Status.Should().Be(RowStatus.Accepted);
        row.RejectReasons.Concat(row.UndecidedReasons).Should().BeEmpty();
        row.Passes.Should().Contain("strict");
    }

    private static Trajectory Of(params (string Check, Outcome Outcome)[] verdicts) =>
        ProfileTests.Of([
            .. verdicts.Select(v => new Verdict
            {
                Stage = "stage",
                Check = v.Check,
                Kind = CheckKind.Language,
                Outcome = v.Outcome,
            }),
        ]);
}
