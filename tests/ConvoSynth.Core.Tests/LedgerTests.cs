using System.Text.Json;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;

namespace ConvoSynth.Core.Tests;

public sealed class LedgerTests
{
    [Fact]
    public void Calls_are_summed_by_stage_role_endpoint_and_slice()
    {
        var counter = new LedgerCounter();
        counter.Add(
            "base",
            new("agent", "a", new(100, 40, 10, 3), 0.5m, 0.8) { FailedTries = [new("a", "429", 0.1), new("a", "503", 0.1)] }
        );
        counter.Add("base", new("agent", "a", new(50, 0, 5, 0), null, 1.6) { FailedTries = [new("a", "429", 0.1)] });
        counter.Add("base", new("writer", "w", new(7, 0, 1, 0), 0.1m, 2));
        counter.Add("long", new("agent", "a", new(1, 0, 1, 0), 0.1m, 0.001));

        (counter.Cost, counter.Tokens).Should().Be((0.7m, 175L));
        var ledger = counter.Take();

        ledger
            .Lines.Select(l => (l.Stage, l.Role, l.Endpoint, l.Slice))
            .Should()
            .Equal(("blueprint", "writer", "w", "base"), ("dialogue", "agent", "a", "base"), ("dialogue", "agent", "a", "long"));
        var line = ledger.Lines[1];
        (line.Calls, line.Usage, line.Cost, line.Unpriced).Should().Be((2L, new Usage(150, 40, 15, 3), 0.5m, 1L));
        line.Seconds.Should().BeApproximately(2.4, 1e-9);
        line.FailedTries.Should().Equal(new Tally("a: 429", 2), new Tally("a: 503", 1));
        Latency.Quantile(line.Latencies, 0.5).Should().BeInRange(0.8, 0.8 * Latency.Growth);
        Latency.Quantile(line.Latencies, 1).Should().BeInRange(1.6, 1.6 * Latency.Growth);
        counter.Take().Should().BeSameAs(Ledger.Empty);
        (ledger + ledger).Lines[1].Calls.Should().Be(4);
        (ledger + Ledger.Empty).Should().BeSameAs(ledger);
    }

    [Fact]
    public void Calls_whose_tokens_are_estimated_are_counted_through_sums_and_JSON()
    {
        var counter = new LedgerCounter();
        counter.Add("base", new("agent", "a", new(100, 0, 10, 0), 0.5m, 0.8) { IsEstimated = true });
        counter.Add("base", new("agent", "a", new(100, 0, 10, 0), 0.5m, 0.8));
        var ledger = counter.Take();

        (ledger + ledger).Lines.Single().Estimated.Should().Be(2);
        JsonSerializer.Deserialize<LedgerLine>(JsonSerializer.Serialize(ledger.Lines[0]))!.Estimated.Should().Be(1);
        JsonSerializer
            .Serialize(new LedgerLine("dialogue", "agent", "a", "base"))
            .Should()
            .NotContain("Estimated", "lines of runs that were counted keep their bytes");
    }

    [Fact]
    public void Cached_input_has_a_price_of_its_own()
    {
        new EndpointPrice(2, 8, 0.5m).Of(new(1_000_000, 400_000, 100_000, 90_000)).Should().Be(1.2m + 0.2m + 0.8m);
        new EndpointPrice(2, 8).Of(new(1_000_000, 400_000, 100_000, 90_000)).Should().Be(2.8m);
    }

    [Fact]
    public void Cache_writes_have_a_price_of_their_own_or_that_of_input()
    {
        var usage = new Usage(1_000_000, 400_000, 100_000, 0) { CacheWriteTokens = 200_000 };

        new EndpointPrice(2, 8, 0.5m, 2.5m).Of(usage).Should().Be(0.8m + 0.2m + 0.5m + 0.8m);
        new EndpointPrice(2, 8, 0.5m).Of(usage).Should().Be(1.2m + 0.2m + 0.8m);
    }

    [Fact]
    public void What_no_provider_reported_stands_in_no_json()
    {
        JsonSerializer.Serialize(new Usage(1, 0, 1, 0)).Should().NotContain("CacheWrite");
        JsonSerializer.Serialize(PaidUsage.Of([new("agent", "a", new(1, 0, 1, 0), null, 1)])).Should().NotContain("CacheWrite");
        JsonSerializer.Serialize(new LedgerLine("dialogue", "agent", "a", "base")).Should().NotContain("Tier").And.NotContain("CacheWrite");
        JsonSerializer.Serialize(new Usage(1, 0, 1, 0) { CacheWriteTokens = 1 }).Should().Contain("\"CacheWriteTokens\":1");
    }

    [Fact]
    public void Calls_are_summed_apart_by_the_tier_that_served_them()
    {
        var counter = new LedgerCounter();
        counter.Add("base", new("agent", "a", new(1, 0, 1, 0), 0.1m, 1) { ServiceTier = "flex" });
        counter.Add("base", new("agent", "a", new(1, 0, 1, 0) { CacheWriteTokens = 1 }, 0.2m, 1) { ServiceTier = "default" });
        counter.Add("base", new("agent", "a", new(1, 0, 1, 0), 0.1m, 1) { ServiceTier = "flex" });

        var twice = new LedgerCounter();
        twice.Add(counter.Take());

        twice
            .Take()
            .Lines.Select(l => (l.ServiceTier, l.Calls, l.Usage.CacheWriteTokens))
            .Should()
            .Equal(("default", 1L, 1L), ("flex", 2L, 0L));
    }
}
