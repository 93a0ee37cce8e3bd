using ConvoSynth.Core;
using ConvoSynth.Verification.Judges;

namespace ConvoSynth.Verification.Tests;

/// <summary>Agreement, intervals and worth against figures that were worked out by hand or stand in a book.</summary>
public sealed class FigureTests
{
    [Fact]
    public void Alpha_is_that_of_Krippendorffs_example_of_two_coders_and_ten_units()
    {
        // Computing Krippendorff's Alpha-Reliability (2011), section A: binary data, two observers, no missing data; alpha is 0.095.
        int[] first = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0];
        int[] second = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0];
        var agreement = new Agreement();

        foreach (var (a, b) in first.Zip(second))
            agreement.Add(a + b, 2 - a - b);

        agreement.Alpha.Should().BeApproximately(0.095, 0.0005);
        (agreement.Units, agreement.Unanimous).Should().Be((10, 6));
    }

    [Fact]
    public void A_unit_with_one_vote_says_nothing_and_votes_that_are_all_alike_have_no_alpha()
    {
        var agreement = new Agreement();
        agreement.Add(1, 0);
        agreement.Add(3, 0);

        (agreement.Units, agreement.Alpha).Should().Be((1, null));
        agreement.Add(0, 2);
        agreement.Alpha.Should().Be(1);
    }

    [Theory]
    [InlineData(0, 10, 0, 0.2775)]
    [InlineData(10, 10, 0.7225, 1)]
    [InlineData(8, 10, 0.4902, 0.9433)]
    [InlineData(81, 263, 0.2553, 0.3662)]
    public void The_interval_is_Wilsons(long hits, long of, double low, double high)
    {
        // 81 of 263 is the example of R. G. Newcombe (Statistics in Medicine 17, 1998), method 3.
        var share = new Proportion(hits, of);

        share.Low.Should().BeApproximately(low, 0.0001);
        share.High.Should().BeApproximately(high, 0.0001);
    }

    [Fact]
    public void A_share_of_nothing_may_be_any() =>
        new Proportion(0, 0).Should().Match<Proportion>(p => p.Share == null && p.Low == 0 && p.High == 1);

    [Theory]
    [InlineData(0, 3)]
    [InlineData(0.3, 1.875)]
    [InlineData(0.6, 1.3636)]
    [InlineData(1, 1)]
    public void Three_judges_are_worth_three_over_one_plus_twice_their_correlation(double together, double worth)
    {
        var found = Worth.Of(Errors(4000, together), new Seed(1))!;

        found.Correlation.Should().BeApproximately(together, 0.05);
        found.Low.Should().BeLessThanOrEqualTo(worth);
        found.High.Should().BeGreaterThanOrEqualTo(worth);
        (found.High - found.Low).Should().BeLessThan(0.3);
    }

    [Fact]
    public void Different_rates_on_planted_and_clean_dialogues_are_no_correlation()
    {
        var random = new Seed(5).Random();
        (bool, bool[])[] errors =
        [
            .. Enumerable
                .Range(0, 4000)
                .Select(i => (i % 2 == 0, new[] { i, i, i }.Select(_ => random.Chance(i % 2 == 0 ? 0.6 : 0.02)).ToArray())),
        ];

        Worth.Of(errors, new Seed(1))!.Judges.Should().BeGreaterThan(2.85);
    }

    [Fact]
    public void Without_an_error_the_worth_is_unknown() =>
        Worth.Of([.. Enumerable.Range(0, 50).Select(i => (i % 2 == 0, new[] { false, false }))], new Seed(1)).Should().BeNull();

    private static (bool, bool[])[] Errors(int count, double together)
    {
        var random = new Seed(3).Random();
        return
        [
            .. Enumerable
                .Range(0, count)
                .Select(i =>
                {
                    var all = random.NextDouble() < 0.25;
                    var isOne = random.Chance(together);
                    return (i % 2 == 0, new[] { 0, 0, 0 }.Select(_ => isOne ? all : random.Chance(0.25)).ToArray());
                }),
        ];
    }
}
