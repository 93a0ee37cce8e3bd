using ConvoSynth.Core.Campaigns;
using ConvoSynth.Runs.Rounds;
using ConvoSynth.Runs.Specs;
using ConvoSynth.Runs.Summaries;

namespace ConvoSynth.Runs.Tests.Rounds;

/// <summary>Shares of slices from one round to the next.</summary>
public sealed class NextSharesTests
{
    private static readonly SliceShares Shares = SliceShares.Parse("base=0.5,missing-tool=0.25,no-op=0.25");

    [Fact]
    public void A_mastered_slice_counts_half_one_in_the_band_more_the_more_it_fails_and_one_that_is_too_hard_stays()
    {
        var moves = NextShares.Of(Shares, Counts(("base", 90, 10), ("missing-tool", 60, 40), ("no-op", 10, 90)), KeepBand.Usual);
        moves.Select(m => m.Factor).Should().Equal(0.5, 1.4, 1);
        moves.Select(m => Math.Round(m.To, 4)).Should().Equal(0.2941, 0.4118, 0.2941);
    }

    [Fact]
    public void Another_band_keeps_what_the_usual_one_takes_for_mastered()
    {
        var moves = NextShares.Of(
            Shares,
            Counts(("base", 90, 10), ("missing-tool", 60, 40), ("no-op", 10, 90)),
            KeepBand.Parse("0.05..0.5")
        );
        moves.Select(m => Math.Round(m.Factor, 4)).Should().Equal(0.5, 0.5, 1.9);
    }

    [Theory]
    [InlineData("0.5")]
    [InlineData("0.9..0.2")]
    [InlineData("-0.1..0.5")]
    [InlineData("0.2..1.5")]
    [InlineData("low..high")]
    public void What_is_no_band_is_one_sentence(string text) =>
        KeepBand
            .Problem(text)
            .Should()
            .Be($"the band of pass rates to keep is \"{text}\"; write LOW..HIGH with 0 <= LOW < HIGH <= 1, such as 0.2..0.85");

    [Fact]
    public void The_next_spec_names_the_band_that_the_run_named()
    {
        var earlier = new RunSpec
        {
            RunId = "first",
            Domains = ["library"],
            Count = 300,
            Seed = 7,
        };
        Read(NextSpec.Of(earlier, "base=1", basis: null, new(0.1, 0.9))).Of(RunOptions.Keep).Should().Be("0.1..0.9");
        Read(NextSpec.Of(earlier, "base=1", basis: null)).Of(RunOptions.Keep).Should().BeNull();
    }

    [Fact]
    public void Fewer_than_20_decided_rows_say_nothing()
    {
        var moves = NextShares.Of(Shares, Counts(("base", 0, 19), ("missing-tool", 20, 0)), KeepBand.Usual);
        moves.Select(m => m.PassRate).Should().Equal(null, 1, null);
        moves.Select(m => m.Factor).Should().Equal(1, 0.5, 1);
    }

    [Fact]
    public void The_next_spec_has_the_next_seed_and_reads_as_a_spec()
    {
        var earlier = new RunSpec
        {
            RunId = "first",
            Domains = ["library", "retail"],
            Count = 300,
            Seed = 7,
            FaultRate = 0.25,
            Rounds = 8,
        };
        var file = Read(NextSpec.Of(earlier, "base=0.3,no-op=0.7", basis: null));
        file.Of(RunOptions.Seed).Should().Be(8);
        file.Of(RunOptions.Slices).Should().Be("base=0.3,no-op=0.7");
        file.Of(RunOptions.Domains).Should().Equal("library", "retail");
        file.Of(RunOptions.Count).Should().Be(300);
        file.Of(RunOptions.FaultRate).Should().Be(0.25);
        file.Of(RunOptions.Rounds).Should().Be(8);
    }

    [Fact]
    public void A_basis_keeps_its_endpoints()
    {
        const string Basis = """
            endpoints: [{name: gpt, provider: openai, model: gpt-6-luna, key_variable: OPENAI_API_KEY}]
            roles: {human: gpt, agent: gpt}
            slices: {base: 1}
            """;
        var earlier = new RunSpec
        {
            RunId = "first",
            Domains = ["library"],
            Count = 1,
            Seed = 1,
        };
        var file = Read(NextSpec.Of(earlier, "base=0.5,composite=0.5", Basis));
        file.Endpoints.Should().ContainSingle().Which.Model.Should().Be("gpt-6-luna");
        file.Of(RunOptions.Slices).Should().Be("base=0.5,composite=0.5");
        FluentActions
            .Invoking(() => NextSpec.Of(earlier, "base=1", "a: ["))
            .Should()
            .Throw<RunException>()
            .WithMessage("the basis is no YAML: line *");
    }

    private static RunFile Read(string text)
    {
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid()}.yaml");
        File.WriteAllText(path, text);
        try
        {
            return RunFile.Read(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static Dictionary<string, IntentCounts> Counts(params (string Slice, long Accepted, long Rejected)[] counts) =>
        counts.ToDictionary(c => c.Slice, c => new IntentCounts(c.Accepted, 0, c.Rejected));
}
