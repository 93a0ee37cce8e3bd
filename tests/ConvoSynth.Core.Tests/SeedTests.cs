using System.Numerics;
using FsCheck.Xunit;

namespace ConvoSynth.Core.Tests;

public sealed class SeedTests
{
    [Fact]
    public void Neighbouring_seeds_share_no_more_bits_than_chance()
    {
        var root = new Seed(1);
        var distances = Enumerable.Range(0, 4000).Select(i => BitOperations.PopCount(root.For(i).Value ^ root.For(i + 1).Value)).ToArray();

        // 64 fair bits: 32 on average; the mean of 4000 has a deviation of 4/sqrt(4000) = 0.063.
        distances.Average().Should().BeApproximately(32, 0.4);
        distances.Min().Should().BeGreaterThan(10);
    }

    [Fact]
    public void The_first_draws_of_neighbouring_seeds_are_spread_evenly_and_uncorrelated()
    {
        var draws = Enumerable.Range(0, 4000).Select(i => new Seed((ulong)i).Random().NextDouble()).ToArray();
        var pairs = draws.Zip(draws.Skip(1)).ToArray();
        var correlation = pairs.Average(p => (p.First - 0.5) * (p.Second - 0.5)) * 12;

        draws.Average().Should().BeApproximately(0.5, 0.025);
        correlation.Should().BeApproximately(0, 0.08);
    }

    [Fact]
    public void Another_purpose_or_order_is_another_seed()
    {
        var root = new Seed(7);

        new[]
        {
            root,
            root.For("a"),
            root.For("b"),
            root.For(1),
            root.For(2),
            root.For(1).For(2),
            root.For(2).For(1),
            root.For("a").For(1),
            root.For(1).For("a"),
        }
            .Should()
            .OnlyHaveUniqueItems();
        root.For("a").Should().Be(new Seed(7).For("a"));
    }

    [Property]
    public bool Draws_stay_in_their_bounds(int seed, int from, int size)
    {
        var random = new Seed((ulong)seed).Random();
        var to = from + Math.Abs(size % 1000);
        for (var i = 0; i < 20; i++)
        {
            if (random.Between(from, to) < from || random.Between(from, to) > to)
                return false;
            if (random.NextDouble() is < 0 or >= 1)
                return false;
            if (random.Next(to - from + 1) is var next && (next < 0 || next > to - from))
                return false;
        }

        return true;
    }

    [Fact]
    public void Every_value_of_a_small_range_comes_up()
    {
        var random = new Seed(3).Random();

        Enumerable.Range(0, 300).Select(_ => random.Between(1, 6)).Distinct().Should().BeEquivalentTo([1, 2, 3, 4, 5, 6]);
        random.Invoking(r => r.Next(0)).Should().Throw<ArgumentOutOfRangeException>();
        random.Chance(0).Should().BeFalse();
        random.Chance(1).Should().BeTrue();
    }

    [Fact]
    public void A_shuffle_keeps_every_item_and_leaves_the_source_alone()
    {
        int[] items = [.. Enumerable.Range(0, 50)];

        var shuffled = new Seed(1).Random().Shuffled(items);

        shuffled.Should().BeEquivalentTo(items).And.NotEqual(items);
        items.Should().BeInAscendingOrder();
    }
}
