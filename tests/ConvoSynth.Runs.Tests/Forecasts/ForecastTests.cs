using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Runs.Forecasts;

namespace ConvoSynth.Runs.Tests.Forecasts;

/// <summary>A forecast's arithmetic, on a sample whose figures are known.</summary>
public sealed class ForecastTests
{
    private static readonly ForecastAssumptions Assumed = new()
    {
        Latency = 1,
        TokensPerSecond = 100,
        Cores = 4,
    };

    // 10 dialogues: each with 4 calls of the agent and 2 of the human.
    private static readonly PlayedSample Sample = new(
        10,
        new([
            Line("agent", 40, new(40_000, 20_000, 4_000, 0)),
            Line("human", 12, new(6_000, 0, 600, 0)),
            Line("human", 8, new(4_000, 0, 400, 0), slice: "other"),
        ]),
        CpuSeconds: 0.02,
        ShardBytes: 170_000,
        JournalBytes: 300_000
    );

    [Fact]
    public void Roles_have_the_means_of_one_dialogue_over_all_slices_and_the_cost_of_the_run()
    {
        var forecast = Forecasted();

        forecast
            .Roles.Should()
            .Equal(new RoleForecast("agent", "gpt", 4, 4000, 2000, 400, 640m), new RoleForecast("human", "gpt", 2, 1000, 0, 100, 180m));
        forecast.Cost.Should().Be(820m);
        forecast.Unpriced.Should().BeEmpty();
        forecast.ShardBytes.Should().Be(1_700_000_000);
        forecast.JournalBytes.Should().Be(3_000_000_000);
    }

    [Fact]
    public void The_limit_that_takes_longest_binds()
    {
        var forecast = Forecasted(e => e with { RequestsPerMinute = 600, TokensPerMinute = 1_000_000, InFlight = 8 });

        // 100,000 dialogues with 6 calls, 5,500 tokens and 11 s of answers each; quota is used to 98.5 %.
        forecast
            .Limits.Select(l => (l.Limit, Math.Round(l.Hours, 1)))
            .Should()
            .Equal(
                ("requests in flight of gpt (8)", 38.2),
                ("requests a minute of gpt (600)", 16.9),
                ("tokens a minute of gpt (1,000,000)", 9.3),
                ("dialogues in flight (64)", 4.8),
                ("cores (4)", 0.1)
            );
        forecast.Hours.Should().Be(forecast.Limits[0].Hours);
    }

    [Fact]
    public void Endpoints_of_one_account_share_its_limits_and_the_strictest_hold()
    {
        var agent = Endpoint() with { Name = "large", Account = "team", RequestsPerMinute = 900 };
        var human = Endpoint() with { Name = "small", Account = "team", RequestsPerMinute = 600, InFlight = 8 };
        var sample = Sample with
        {
            Ledger = new([.. Sample.Ledger.Lines.Select(l => l with { Endpoint = l.Role == "agent" ? "large" : "small" })]),
        };

        var forecast = Forecast.Of(Spec(agent, human), concurrency: 64, new(), sample, Assumed);

        forecast
            .Limits.Take(2)
            .Select(l => (l.Limit, Math.Round(l.Hours, 1)))
            .Should()
            .Equal(("requests in flight of large, small (8)", 38.2), ("requests a minute of large, small (600)", 16.9));
    }

    [Fact]
    public void Reasoning_counts_as_output_in_cost_and_in_time()
    {
        var forecast = Forecasted(assumed: Assumed with { ReasoningTokens = 500 });

        // 6 calls with 500 tokens more, at $8 for a million: $0.024 a dialogue, and 5 s longer a call.
        forecast.Cost.Should().Be(820m + 2400m);
        forecast.Limits[0].Hours.Should().BeApproximately(100_000 * (11 + 30) / 64.0 / 3600, 0.01);
    }

    [Fact]
    public void An_endpoint_without_a_price_is_named_and_adds_nothing()
    {
        var forecast = Forecasted(e => e with { Price = null });

        forecast.Cost.Should().Be(0);
        forecast.Unpriced.Should().Equal("gpt");
    }

    [Theory]
    [InlineData(410, null, null, "--max-cost 410 ends the run after about 50,000 dialogues")]
    [InlineData(820, null, null, null)]
    [InlineData(null, 5_500_000L, null, "--max-tokens 5500000 ends the run after about 1,000 dialogues")]
    [InlineData(null, null, 1.0, "--max-duration 01:00:00 ends the run after about 20,946 dialogues")]
    public void A_budget_below_the_run_says_how_far_it_reaches(int? cost, long? tokens, double? hours, string? sentence) =>
        Forecasted(
            budget: new()
            {
                Cost = cost,
                Tokens = tokens,
                Duration = hours is { } h ? TimeSpan.FromHours(h) : null,
            }
        )
            .BudgetEnds.Should()
            .Be(sentence);

    [Theory]
    [InlineData(-1, 60, 0, 1, "the latency is -1; it must be from 0 to 600")]
    [InlineData(1, 0, 0, 1, "the number of tokens a second is 0; it must be from 1 to 100000")]
    [InlineData(1, 60, -1, 1, "the number of reasoning tokens is -1; it must be from 0 to 1000000")]
    [InlineData(1, 60, 0, 0, "the number of cores is 0; it must be from 1 to 100000")]
    public void An_assumption_out_of_range_is_named(double latency, double speed, long reasoning, int cores, string sentence) =>
        new ForecastAssumptions
        {
            Latency = latency,
            TokensPerSecond = speed,
            ReasoningTokens = reasoning,
            Cores = cores,
        }
            .Problem()
            .Should()
            .Be(sentence);

    private static Forecast Forecasted(
        Func<EndpointSpec, EndpointSpec>? change = null,
        ForecastAssumptions? assumed = null,
        Budget? budget = null
    ) => Forecast.Of(Spec(change?.Invoke(Endpoint()) ?? Endpoint()), concurrency: 64, budget ?? new(), Sample, assumed ?? Assumed);

    private static RunSpec Spec(params ReadOnlySpan<EndpointSpec> endpoints) =>
        new()
        {
            RunId = "forecast",
            Domains = ["library"],
            Count = 100_000,
            Seed = 1,
            Endpoints = [.. endpoints],
        };

    private static EndpointSpec Endpoint() =>
        new()
        {
            Name = "gpt",
            Provider = EndpointProvider.OpenAI,
            Model = "gpt",
            Price = new(1, 8, CachedInput: 0.6m),
        };

    private static LedgerLine Line(string role, long calls, Usage usage, string slice = "base") =>
        new("dialogue", role, "gpt", slice) { Calls = calls, Usage = usage };
}
