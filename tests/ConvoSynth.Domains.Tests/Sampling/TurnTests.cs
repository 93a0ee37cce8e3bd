using ConvoSynth.Domains.Sampling;

namespace ConvoSynth.Domains.Tests.Sampling;

public sealed class TurnTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(30)]
    [InlineData(311)]
    public void No_row_comes_again_before_all_were_there(int count)
    {
        int[] rows = [.. Enumerable.Range(0, count)];
        for (var round = 0; round < 3; round++)
            Enumerable
                .Range(round * count, count)
                .Select(v => new Turn(v, new(5)).Pick(rows, 0))
                .Should()
                .BeEquivalentTo(rows, $"in round {round} each row comes once");
    }

    [Fact]
    public void Every_round_and_every_run_has_an_order_of_its_own()
    {
        int[] rows = [.. Enumerable.Range(0, 101)];
        int[] Round(int round, ulong seed) =>
            [.. Enumerable.Range(round * rows.Length, rows.Length).Select(v => new Turn(v, new(seed)).Pick(rows, 0))];
        Round(0, 1).Should().NotEqual(Round(1, 1)).And.NotEqual(Round(0, 2));
    }

    [Fact]
    public void A_further_try_takes_another_row()
    {
        int[] rows = [.. Enumerable.Range(0, 50)];
        new Turn(3, new(1)).Pick(rows, 1).Should().NotBe(new Turn(3, new(1)).Pick(rows, 0));
    }
}
