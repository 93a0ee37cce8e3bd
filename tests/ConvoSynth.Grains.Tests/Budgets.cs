using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Grains.Campaign;
using ConvoSynth.Models;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Setups;
using ConvoSynth.Runs.Storage;

namespace ConvoSynth.Grains.Tests;

/// <summary>Campaigns whose calls cost something.</summary>
public sealed class Budgets
{
    private static readonly RunSpec Spec = Setups.Spec with { Count = 800, FaultRate = 0.2, PartitionSize = 150, FurtherAttempts = 0 };
    private static readonly ShardLimits Limits = new() { Indexes = 60 };

    [Theory]
    [InlineData(8)]
    [InlineData(64)]
    [InlineData(500)]
    public void Half_of_the_cost_stops_a_run_within_a_fiftieth_of_it_and_a_resume_with_more_finishes_it(int concurrency)
    {
        var (whole, halved) = (new MemoryStorage(), new MemoryStorage());
        using (var world = Priced(whole))
            world.Carry(Spec, concurrency);
        var full = Cost(whole);
        var half = full / 2;

        CampaignStatus stopped;
        using (var world = Priced(halved))
            stopped = world.Carry(Spec, concurrency, new() { Cost = half });

        stopped.Limit.Should().Be($"the limit on cost, ${half}, is reached");
        stopped.Error.Should().BeNull();
        Cost(halved).Should().Be(stopped.Spent.Cost, "what is told of is what is committed").And.BeInRange(half * 0.98m, half * 1.02m);
        using var resumed = Priced(halved);
        resumed.Carry(Spec, concurrency, new() { Cost = full * 2 }).Limit.Should().BeNull();
        Runs.Shards(halved).Should().Equal(Runs.Shards(whole));
        Cost(halved).Should().Be(full);
    }

    [Fact]
    public void A_limit_on_tokens_stops_a_run_as_well()
    {
        var storage = new MemoryStorage();
        using var world = Priced(storage);

        var status = world.Carry(Spec, 8, new() { Tokens = 40_000 });

        status.Limit.Should().Be("the limit of 40000 tokens is reached");
        status.Spent.Tokens.Should().BeInRange(39_000, 41_000);
    }

    [Fact]
    public void A_limit_on_the_duration_commits_what_was_done_by_then()
    {
        var storage = new MemoryStorage();
        using var world = Priced(storage, time => time.Advance(TimeSpan.FromSeconds(1)));

        var status = world.Carry(Spec, 8, new() { Duration = TimeSpan.FromMinutes(30) });

        status.Limit.Should().Be("the limit on the duration, 00:30:00, is reached");
        status.Open.Should().BePositive();
        Runs.Rows(storage).Should().HaveCount((int)status.Counts.Done);
    }

    [Fact]
    public void A_run_on_a_budget_that_it_does_not_reach_ends_as_one_without()
    {
        var (free, bounded) = (new MemoryStorage(), new MemoryStorage());
        using (var world = Priced(free))
            world.Carry(Spec);
        using (var world = Priced(bounded))
            world.Carry(Spec, 8, new() { Cost = 1_000_000, Tokens = 1_000_000_000 }).Limit.Should().BeNull();

        Runs.Shards(bounded).Should().Equal(Runs.Shards(free));
    }

    private static decimal Cost(MemoryStorage storage) => RunManifest.Read(Runs.Folder(storage)).Commits.Sum(c => c.Ledger?.Cost ?? 0);

    private static World Priced(MemoryStorage storage, Action<Simulation.VirtualTime>? onCall = null)
    {
        World? world = null;
        world = new World(storage, new() { Limits = Limits, Setup = spec => Of(spec, () => onCall?.Invoke(world!.Time)) });
        return world;
    }

    private static RunSetup Of(RunSpec spec, Action onCall)
    {
        var setup = Setups.Of(spec);
        return setup with { Human = new Costly(setup.Human, onCall), Agent = new Costly(setup.Agent, onCall) };
    }

    // Each call uses 10 input tokens plus one per character, at $0.01 per input token, so dialogues differ in cost as their texts differ.
    private sealed class Costly(IChatModel inner, Action onCall) : IChatModel
    {
        public string Name => inner.Name;

        public object? Open(DialogueOpening opening) => inner.Open(opening);

        public async ValueTask<ModelResponse> Respond(ModelRequest request, CancellationToken cancellationToken)
        {
            onCall();
            var response = await inner.Respond(request, cancellationToken);
            var usage = new Usage(10 + (response.Message.Content?.Length ?? 0), 0, 10, 0);
            return response with
            {
                Calls = [new(request.Role == ModelRole.Human ? "human" : "agent", "paid", usage, usage.InputTokens / 100m, 0.5)],
            };
        }
    }
}
