using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Campaigns;

namespace ConvoSynth.Core.Tests;

public sealed class SliceSharesTests
{
    [Fact]
    public void Shares_count_in_relation_to_their_sum_and_keep_the_order_of_the_slices()
    {
        var shares = SliceShares.Parse("no-op=1, base=3");
        shares.All.Should().Equal((Slices.Base, 0.75), (Slices.NoOp, 0.25));
        SliceShares.Spell(shares.All).Should().Be("base=0.75,no-op=0.25");
    }

    [Fact]
    public void All_stands_for_every_usual_slice()
    {
        var all = SliceShares.Parse("all").All;
        all.Select(s => s.Slice).Should().Equal(Slices.All);
        all.Sum(s => s.Share).Should().BeApproximately(1, 1e-9);
        all[0].Share.Should().BeApproximately(0.3, 1e-9);
    }

    [Fact]
    public void Slices_are_drawn_by_their_shares()
    {
        var shares = SliceShares.Parse("base=0.5,composite=0.3,no-op=0.2");
        var drawn = Enumerable.Range(0, 20_000).CountBy(i => shares.Draw(new Seed(7).For(i))).ToDictionary();
        foreach (var (slice, share) in shares.All)
            (drawn[slice] / 20_000.0).Should().BeApproximately(share, 0.015, slice);
    }

    [Theory]
    [InlineData("changed-mind", "\"changed-mind\" of the slices is no share; write NAME=SHARE, such as changed-mind=0.1, or \"all\"")]
    [InlineData("easy=1", "there is no slice \"easy\"; there are base, missing-parameter, *")]
    [InlineData("base=-1", "the share of the slice base is \"-1\"; it must be a number from 0 to 1000")]
    [InlineData("base=1,base=2", "the slice base has two shares; give one")]
    [InlineData("base=0", "all shares of the slices are 0; give at least one slice a share")]
    public void What_names_no_shares_is_refused_by_a_sentence(string text, string problem)
    {
        SliceShares.Problem(text).Should().Match(problem);
        FluentActions.Invoking(() => SliceShares.Parse(text)).Should().Throw<FormatException>().WithMessage(problem);
    }
}
