using ConvoSynth.Core;
using ConvoSynth.Review.Decisions;

namespace ConvoSynth.Review.Tests;

/// <summary>Checks and judges measured on what people decided.</summary>
public sealed class MeasureTests
{
    [Fact]
    public void Unsure_rows_are_taken_as_failed_or_passed_only_where_people_are_clearly_of_one_mind()
    {
        var rejected = Enumerable.Range(0, 30).ToDictionary(i => $"r{i}", i => i < 15);
        IEnumerable<(string, string)> Unsure(string check, int from, int count) =>
            Enumerable.Range(from, count).Select(i => ($"r{i}", check));

        var lines = UnsureSuggestion.Of(
            rejected,
            [.. Unsure("bad", 0, 10), .. Unsure("good", 20, 10), .. Unsure("open", 10, 10), ("other", "bad")]
        );

        lines
            .Select(l => $"{l.Check} {l.Rejected}/{l.Decided} {l.Advice}")
            .Should()
            .Equal("bad 10/10 take unsure as failed", "good 0/10 take unsure as passed", "open 5/10 keep asking people");
    }

    [Fact]
    public void The_number_of_votes_that_agrees_best_with_people_is_suggested()
    {
        // People reject r0 to r3. One judge is against all, a second against the rejected ones, a third against r0 alone.
        var rejected = Enumerable.Range(0, 10).ToDictionary(i => $"r{i}", i => i < 4);
        var votes = rejected.Keys.SelectMany(
            (row, i) => new[] { "0", i < 4 ? "0" : "1", i == 0 ? "0" : "1" }.Select(answer => (row, "judge.tone", answer))
        );

        var lines = VoteThreshold.Of(rejected, votes);

        lines
            .Select(l => (l.Votes, l.Agreement.Both, l.Agreement.CheckOnly, l.IsSuggested))
            .Should()
            .Equal((1, 4, 6, false), (2, 4, 0, true), (3, 1, 0, false));
    }

    [Fact]
    public void A_check_is_measured_against_people_with_its_chance_agreement_taken_off()
    {
        var rejected = Enumerable.Range(0, 10).ToDictionary(i => $"r{i}", i => i < 4);
        // Fails three of the four bad rows, and one good row; another check fails a row without a decision.
        (string, string)[] failures = [("r0", "x"), ("r0", "x"), ("r1", "x"), ("r2", "x"), ("r5", "x"), ("other", "y")];

        var line = Agreement.Of(rejected, failures).Should().ContainSingle().Which;

        (line.Both, line.CheckOnly, line.PeopleOnly, line.Neither).Should().Be((3, 1, 1, 5));
        line.Precision.Should().Be(0.75);
        line.Recall.Should().Be(0.75);
        // Seen 0.8; by chance 0.4 × 0.4 + 0.6 × 0.6 = 0.52.
        line.Kappa.Should().BeApproximately((0.8 - 0.52) / (1 - 0.52), 1e-12);
        // Wilson (1927): 3 of 4 at 95 %.
        var (low, high) = ShareInterval.Wilson(3, 4);
        low.Should().BeApproximately(0.3006, 5e-4);
        high.Should().BeApproximately(0.9544, 5e-4);
    }
}
