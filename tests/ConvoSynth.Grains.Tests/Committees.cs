using System.Collections.Immutable;
using System.Text.Json;
using ConvoSynth.Core;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Prompts;
using ConvoSynth.Models;
using ConvoSynth.Models.Journal;
using ConvoSynth.Runs.Rows;
using ConvoSynth.Runs.Setups;
using ConvoSynth.Runs.Storage;
using ConvoSynth.Runs.Summaries;
using ConvoSynth.Simulation.Runtime.Scheduling;
using ConvoSynth.Verification.Judges;
using Orleans.Runtime;

namespace ConvoSynth.Grains.Tests;

/// <summary>Campaigns whose committee ends early, judges tasks and draws its forms.</summary>
public sealed class Committees
{
    private static readonly PromptSet Prompts = PromptSet.Load(RepositoryRoot.At("blueprints", PromptSet.FolderName));

    private static RunSpec Spec { get; } =
        Setups.Spec with
        {
            Roles = new()
            {
                Human = "a",
                Agent = "b",
                Judges = ["one", "two", "three"],
                Committee = new() { Blueprints = true, FullShare = 0.2 },
            },
        };

    private static readonly Lazy<IReadOnlyList<string>> Undisturbed = new(() =>
    {
        var storage = new MemoryStorage();
        using var world = new World(storage, new() { Setup = s => Of(s, new Shop()) });
        world.Carry(Spec);
        return Runs.Contents(storage);
    });

    [Fact]
    public void Two_seats_are_asked_where_they_agree_and_three_where_they_differ_or_the_draw_says_so()
    {
        var (storage, shop) = (new MemoryStorage(), new Shop());
        using var world = new World(storage, new() { Setup = s => Of(s, shop) });

        var status = world.Carry(Spec);

        Runs.ShouldBeWhole(storage, Spec, status);
        var rows = Runs.Rows(storage);
        var asked = new Dictionary<int, int>();
        foreach (var row in rows)
        {
            foreach (var verdict in VerdictsOf(row).Where(v => v is { Kind: CheckKind.Judge, Check: "correctness", Votes: not null }))
            {
                var votes = verdict.Votes!.Value;
                var isInFull =
                    verdict.Stage == Committee.BlueprintStage
                        ? Sitting.OnBlueprint(Spec, row.Index).InFull
                        : Sitting.OnDialogue(Spec, row.Index, row.Attempt).InFull;
                var isSplit = votes.Select(v => v.Answer).Distinct(StringComparer.Ordinal).Count() == 2;
                votes.Should().HaveCount(isInFull || isSplit ? 3 : 2);
                verdict.Outcome.Should().Be(votes.Count(v => v.Answer == "1") > 1 ? Outcome.Pass : Outcome.Fail);
                asked[votes.Length] = asked.GetValueOrDefault(votes.Length) + 1;
            }
        }

        asked.Keys.Should().BeEquivalentTo([2, 3]);
        shop.Sold.Values.Should().OnlyContain(times => times == 1, "no answer is bought twice");
        status.Counts.Accepted.Should().BePositive();
        var ledger = RunSummary.Count(Spec, Runs.Folder(storage)).Ledger!;
        ledger.Lines.Where(l => l.Role.StartsWith("judge:", StringComparison.Ordinal)).Sum(l => l.Calls).Should().Be(shop.Sold.Count);
    }

    [Theory]
    [InlineData(Profile.Strict)]
    [InlineData(Profile.Exact)]
    public void A_task_that_the_majority_rejects_is_not_played_under_any_profile_and_quarantines_no_other(Profile accept)
    {
        var spec = Spec with { Accept = accept };
        var storage = new MemoryStorage();
        var human = 0;
        using var world = new World(
            storage,
            new()
            {
                Setup = s =>
                {
                    var setup = Of(s, new Shop());
                    return setup with { Human = new Setups.Watched(setup.Human, _ => human++) };
                },
            }
        );

        var status = world.Carry(spec);

        var unplayed = Runs.Rows(storage)
            .Where(r => VerdictsOf(r).Any(v => v is { Stage: Committee.BlueprintStage, Outcome: Outcome.Fail }))
            .ToArray();
        unplayed.Should().NotBeEmpty();
        foreach (var row in unplayed)
        {
            row.Status.Should().Be(RowStatus.Rejected);
            row.MessageCount.Should().Be(1, "the agent's system message is no play");
            row.Blueprint.IsEmpty.Should().BeFalse();
            row.RejectReasons.Should().Contain("conversation.stopped");
            row.Passes.Should().BeEmpty("a dialogue that never was meets no profile");
            VerdictsOf(row).Should().OnlyContain(v => v.Fault == Fault.None || v.Fault == Fault.Blueprint);
        }

        Runs.Rows(storage).Should().NotContain(r => r.RejectReasons.Contains("quarantined", StringComparer.Ordinal));
        Runs.Rows(storage).Where(r => r.MessageCount > 1).Should().OnlyContain(r => VerdictsOf(r).Count(v => v.Stage == "blueprint") == 4);
        human.Should().BePositive();
        var funnel = RunSummary.Count(spec, Runs.Folder(storage)).Funnel;
        if (accept == Profile.Strict)
            funnel.Single(f => f.Step == "blueprint").Left.Should().Be(Spec.Count - unplayed.Length);
        funnel[^1].Left.Should().Be(status.Counts.Accepted);
    }

    [Fact]
    public void No_judge_is_asked_where_a_check_failed_and_no_exact_verdict_changes()
    {
        var (judged, plain) = (new MemoryStorage(), new MemoryStorage());
        using (var world = new World(judged, new() { Setup = s => Of(s, new Shop()) }))
            world.Carry(Spec);
        using (var world = new World(plain))
            world.Carry(Spec with { Roles = null });

        var before = Runs.Rows(plain).ToDictionary(r => r.Index);
        foreach (var row in Runs.Rows(judged).Where(r => r.MessageCount > 1))
        {
            var checks = VerdictsOf(before[row.Index]);
            VerdictsOf(row)
                .Where(v => v.Kind != CheckKind.Judge && v.Votes is null)
                .Should()
                .BeSubsetOf(checks, "only a verdict with votes may differ");
            foreach (var failed in checks.Where(v => v.Outcome == Outcome.Fail))
                VerdictsOf(row).Should().Contain(failed);
            if (checks.Any(v => v.Outcome == Outcome.Fail))
                VerdictsOf(row).Where(v => v.Stage == Committee.Stage).Should().OnlyContain(v => v.Outcome == Outcome.Skipped);
        }
    }

    [Theory]
    [InlineData(300)]
    [InlineData(900)]
    [InlineData(1500)]
    public void A_dead_process_leaves_the_answers_that_were_bought_and_a_resume_the_same_rows(int steps)
    {
        var (storage, shop) = (new MemoryStorage(), new Shop());
        using (var dying = new World(storage, new() { Setup = s => Of(s, shop) }))
        {
            dying.Steps.Between = made =>
            {
                if (made == steps)
                    throw new ProcessDied();
            };
            dying.Invoking(w => w.Carry(Spec)).Should().Throw<ProcessDied>();
            storage.Crash(tornBytes: 7);
        }

        shop.Sold.Should().NotBeEmpty();
        using var world = new World(storage, new() { Setup = s => Of(s, shop) });
        var status = world.Carry(Spec);

        Runs.ShouldBeWhole(storage, Spec, status);
        Runs.Contents(storage).Should().Equal(Undisturbed.Value);
        // At most a window of 8 dialogues with 3 seats each was on its way.
        shop.Sold.Values.Sum(times => times - 1).Should().BeInRange(0, 24);
    }

    [Theory]
    [InlineData(1UL, true)]
    [InlineData(2UL, false)]
    [InlineData(3UL, false)]
    public void Whatever_is_lost_doubled_or_dies_the_judged_rows_are_the_same(ulong seed, bool wire)
    {
        var storage = new MemoryStorage();
        var random = new Seed(seed).For("losses").Random();
        var shop = new Shop();
        using var world = new World(
            storage,
            new()
            {
                Seed = seed,
                Wire = wire,
                Fates = new Fates(random),
                Setup = s => Of(s, shop),
            }
        );
        var crashes = 0;
        world.Steps.Between = made =>
        {
            if (made % 400 == 0 && crashes < 10 && ++crashes > 0)
                world.Cluster.Crash(_ => random.Chance(0.3));
        };

        var status = world.Carry(Spec);

        Runs.ShouldBeWhole(storage, Spec, status);
        Runs.Contents(storage).Should().Equal(Undisturbed.Value);
    }

    private static RunSetup Of(RunSpec spec, Shop shop) =>
        Setups.Of(spec) with
        {
            Prompts = Prompts,
            Judges = [.. ImmutableArray.Create("one", "two", "three").Select(s => new JudgeSeat(s, new Judge(s, shop)))],
        };

    private static Verdict[] VerdictsOf(ShardRow row) =>
        [.. row.Verdicts.Select(v => JsonSerializer.Deserialize(v.Span, CoreJson.Readable.Verdict)!)];

    private sealed class ProcessDied() : Exception("the process died");

    /// <summary>Counts how often each answer was bought; outlives a process.</summary>
    private sealed class Shop
    {
        public Dictionary<string, int> Sold { get; } = new(StringComparer.Ordinal);
    }

    /// <summary>
    /// Finds a fault in a fifth of dialogues and tasks, drawn by seat and dialogue. Looks in the journal before it sells an answer.
    /// </summary>
    private sealed class Judge(string name, Shop shop) : IStructuredModel
    {
        public string Name => name;

        public async ValueTask<StructuredResponse> Ask(StructuredRequest request, CancellationToken cancellationToken)
        {
            var journal = request.Journal ?? throw new InvalidOperationException("a campaign has a journal");
            var call = await journal.Find(request.Key, "hash", cancellationToken);
            if (call is null)
            {
                shop.Sold[request.Key.ToString()] = shop.Sold.GetValueOrDefault(request.Key.ToString()) + 1;
                var bought = new JournaledCall
                {
                    Key = request.Key,
                    RequestHash = "hash",
                    Body = Answer(request).ToString(),
                    Call = new(request.Key.Role, name, new(100, 0, 10, 0), 0.01m, 1),
                };
                call = await journal.Append(bought, cancellationToken);
            }

            var value = Json.Parse(call.Body);
            var problem = request.Problem(value);
            return new(problem is null ? value : null, problem, [call.Call]);
        }

        private JsonMap Answer(StructuredRequest request)
        {
            var isSwapped = request.Key.Part.EndsWith("swapped", StringComparison.Ordinal);
            var isFound = new Seed((ulong)request.Key.Dialogue.Index)
                .For(request.Key.Part.Replace("-swapped", "", StringComparison.Ordinal))
                .For(name)
                .Random()
                .Chance(0.2);
            var answer = Json.Map();
            foreach (var field in ((JsonMap)request.Schema["properties"]).Keys)
            {
                answer = answer.With(
                    field,
                    field.EndsWith("evidence", StringComparison.Ordinal) ? "\"you\", \"the\" or \"to\""
                        : field == "answer" ? "cannot-tell"
                        : (Json)((field == "correctness" && isFound) == isSwapped ? 1 : 0)
                );
            }

            return answer;
        }
    }

    private sealed class Fates(SeededRandom random) : ICallFates
    {
        public CallFate FateOf(GrainId? sender, GrainId target, string method) =>
            sender is null || !random.Chance(0.03)
                ? CallFate.Deliver
                : random.Pick([CallFate.LoseRequest, CallFate.LoseResponse, CallFate.DeliverTwice]);
    }
}
