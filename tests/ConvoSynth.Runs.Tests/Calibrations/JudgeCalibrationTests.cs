using ConvoSynth.Runs.Calibrations;
using ConvoSynth.Verification.Judges;

namespace ConvoSynth.Runs.Tests.Calibrations;

/// <summary>Scripted judges that err at known rates, apart and together: what is measured is what the arithmetic says.</summary>
public sealed class JudgeCalibrationTests
{
    private const int Dialogues = 900;
    private const double Misses = 0.25;
    private const double Alarms = 0.1;

    // Standard deviations that a figure may lie from its mean: 1 of 150,000 lies further.
    private const double Bound = 4.5;

    [Theory]
    [InlineData(0)]
    [InlineData(0.3)]
    [InlineData(0.6)]
    public async Task Three_judges_that_err_at_known_rates_are_measured_right(double together)
    {
        var conduct = FormattableString.Invariant($"miss:{Misses},alarm:{Alarms}");

        var report = await CalibrationRun.Of(Dialogues, together, $"one={conduct}", $"two={conduct}", $"three={conduct}");

        report.Planted.Should().BeGreaterThan(Dialogues / 3);
        report.Clean.Should().BeGreaterThan(Dialogues / 3);
        report.PlantedLeftOpen.Should().BeInRange(1, report.Planted - 1);
        foreach (var seat in report.Seats)
        {
            seat.Simulated.Should().BeTrue();
            seat.NoVote.Should().Be(0);
            ShouldBe(seat.Sensitivity, 1 - Misses);
            ShouldBe(seat.Specificity, 1 - Alarms);
            seat.Kinds.Values.Sum(k => k.Of).Should().Be(report.Planted);
            seat.Calls.Should().BeGreaterThanOrEqualTo(report.Planted + report.Clean + seat.Questions.Of, "a question is a call too");
            seat.Questions.Of.Should().BePositive();
        }

        var committee = report.Committee!;
        ShouldBe(committee.Sensitivity, 1 - MajorityErrs(Misses, together));
        ShouldBe(committee.Specificity, 1 - MajorityErrs(Alarms, together));
        var worth = 3 / (1 + (2 * together));
        committee.Worth!.Low.Should().BeLessThanOrEqualTo(worth + 0.1);
        committee.Worth.High.Should().BeGreaterThanOrEqualTo(worth - 0.1);
        committee.Worth.Correlation.Should().BeApproximately(together, 0.1);
        var planted = (double)report.Planted / (report.Planted + report.Clean);
        committee.Alpha["correctness"].Should().BeApproximately(Alpha(planted, together), 0.07);
        committee.Alpha["naturalness"].Should().BeNull("all votes on it are alike");

        // Two seats are asked, and the third where they differ.
        var third = (planted * Differ(Misses, together)) + ((1 - planted) * Differ(Alarms, together));
        committee.AskedPerDialogue.Should().BeApproximately(2 + third, Bound * Math.Sqrt(third * (1 - third) / Dialogues));
        var tokens = report.Seats.Average(s => (double)(s.InputTokens + s.OutputTokens) / s.Calls);
        committee
            .TokensPerDialogue.Should()
            .BeApproximately(committee.AskedPerDialogue * tokens, 0.05 * committee.AskedPerDialogue * tokens);
        var cost = report.Seats.Average(s => (double)s.Cost! / s.Calls);
        ((double)committee.CostPerDialogue!)
            .Should()
            .BeApproximately(committee.AskedPerDialogue * cost, 0.05 * committee.AskedPerDialogue * cost);
    }

    [Fact]
    public async Task Judges_that_always_say_the_same_hang_or_talk_garbage_are_barred_and_the_right_one_votes()
    {
        var report = await CalibrationRun.Of(120, 0, "good=miss:0.1,alarm:0", "yea=yes", "nay=no", "hangs=hang", "mumbles=garbage");

        var barred = report.Seats.ToDictionary(s => s.Name, s => s.Barred(report.Bounds), StringComparer.Ordinal);
        barred["good"].Should().BeNull();
        barred["yea"].Should().StartWith("it finds ").And.Contain("the bound is 0.5");
        barred["nay"].Should().StartWith("it finds ").And.Contain("the bound is 0.5");
        barred["hangs"].Should().Contain("it finds 0 of ").And.Contain("did not answer within 1 s");
        barred["mumbles"].Should().Contain("it finds 0 of ").And.Contain("no JSON");
        var silent = report.Seats.Single(s => s.Name == "hangs");
        silent.NoVote.Should().BeInRange(5, 60, "after five silences in a row it is asked no more, and up to 32 were on their way");
        report
            .Seats.Single(s => s.Name == "mumbles")
            .Should()
            .Match<SeatFigures>(s => s.NoVote == report.Planted + report.Clean && s.Calls == 3 * s.NoVote);
        report.Committee!.Seats.Should().Be(1);
        report.Committee.AskedPerDialogue.Should().Be(1);
        report.Committee.Worth!.Judges.Should().Be(1);
    }

    [Fact]
    public async Task A_judge_that_never_errs_settles_every_question_right_and_one_that_misses_all_settles_none_of_the_planted()
    {
        var report = await CalibrationRun.Of(300, 0, "right=miss:0,alarm:0", "blind=miss:1,alarm:0");

        var (right, blind) = (report.Seats[0], report.Seats[1]);
        right.Questions.Should().Match<Proportion>(q => q.Of > 10 && q.Hits == q.Of);
        right.SensitivityLeftOpen.Share.Should().Be(1);
        blind.Questions.Of.Should().Be(right.Questions.Of);
        blind.Questions.Hits.Should().BeLessThan(right.Questions.Hits / 2, "rehearsed dialogues without a fault leave few questions");
        blind.Sensitivity.Hits.Should().Be(0);
        blind.Specificity.Share.Should().Be(1);
    }

    [Fact]
    public async Task Where_no_judge_reaches_the_bounds_there_is_no_committee() =>
        (await CalibrationRun.Of(40, 0, "yea=yes")).Committee.Should().BeNull();

    private static void ShouldBe(Proportion found, double share) =>
        found.Share!.Value.Should().BeApproximately(share, Bound * Math.Sqrt(share * (1 - share) / found.Of));

    // With the chance `together` all err as one; else two or three of three err by themselves.
    private static double MajorityErrs(double rate, double together) =>
        (together * rate) + ((1 - together) * ((3 * rate * rate * (1 - rate)) + (rate * rate * rate)));

    private static double Differ(double rate, double together) => 2 * rate * (1 - rate) * (1 - together);

    // One minus the disagreement of two seats over that of two votes drawn from all.
    private static double Alpha(double planted, double together)
    {
        var zeros = (planted * (1 - Misses)) + ((1 - planted) * Alarms);
        var observed = (planted * Differ(Misses, together)) + ((1 - planted) * Differ(Alarms, together));
        return 1 - (observed / (2 * zeros * (1 - zeros)));
    }
}
