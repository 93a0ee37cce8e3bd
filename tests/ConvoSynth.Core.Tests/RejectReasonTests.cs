using System.Collections.Immutable;

namespace ConvoSynth.Core.Tests;

public sealed class RejectReasonTests
{
    [Fact]
    public void A_row_in_which_nothing_failed_is_rejected_as_undecided_by_what_is_unsure()
    {
        Of(("a", Outcome.Pass), ("b", Outcome.Unsure), ("b", Outcome.Unsure), ("c", Outcome.Skipped)).Should().Equal("undecided:stage.b");
    }

    [Fact]
    public void A_row_in_which_something_failed_waits_for_nobody() =>
        Of(("b", Outcome.Unsure), ("a", Outcome.Fail)).Should().Equal("stage.a");

    [Fact]
    public void A_row_in_which_nothing_failed_or_is_unsure_is_accepted() =>
        Of(("a", Outcome.Pass), ("c", Outcome.Skipped)).Should().BeEmpty();

    private static IEnumerable<string> Of(params (string Check, Outcome Outcome)[] verdicts)
    {
        var trajectory = new Trajectory
        {
            Id = "", Index = 0, Attempt = 0, Blueprint = null!, Conversation = null!, Diff = null!, Models = Json.Null, PromptHashes = "",
            Verdicts = [.. verdicts.Select(v => new Verdict { Stage = "stage", Check = v.Check, Kind = CheckKind.Language, Outcome = v.Outcome })],
        };
        trajectory.Accepted.Should().Be(!trajectory.RejectReasons.Any());
        return trajectory.RejectReasons;
    }
}
