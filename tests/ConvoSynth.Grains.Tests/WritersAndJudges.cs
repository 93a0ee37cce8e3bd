using System.Collections.Immutable;
using System.Text.Json;
using ConvoSynth.Core;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Blueprints;
using ConvoSynth.Dialogues.Prompts;
using ConvoSynth.Grains.Campaign;
using ConvoSynth.Models;
using ConvoSynth.Models.Endpoints;
using ConvoSynth.Runs.Rows;
using ConvoSynth.Runs.Setups;
using ConvoSynth.Runs.Storage;
using ConvoSynth.Verification.Checks;
using ConvoSynth.Verification.Judges;

namespace ConvoSynth.Grains.Tests;

/// <summary>Campaigns in which models write the instructions and judge the dialogues.</summary>
public sealed class WritersAndJudges
{
    private static readonly PromptSet Prompts = PromptSet.Load(RepositoryRoot.At("blueprints", PromptSet.FolderName));

    [Theory]
    [InlineData(false, null)]
    [InlineData(true, 3UL)]
    public void Every_row_has_its_votes_its_prompts_and_its_models_over_a_wire_too(bool wire, ulong? seed)
    {
        var storage = new MemoryStorage();
        using var world = new World(
            storage,
            new()
            {
                Wire = wire,
                Seed = seed,
                Setup = s => Of(s, [new("one", new Voter(AllWell)), new("two", new Voter(AllWell))]),
            }
        );

        var status = world.Carry(Spec);

        Runs.ShouldBeWhole(storage, Spec, status);
        var rows = Runs.Rows(storage);
        rows.Should().OnlyContain(r => r.Instruction!.StartsWith("In the writer's words: ", StringComparison.Ordinal));
        foreach (var row in rows)
        {
            Json.Parse(row.PromptHashes.Span)["human"].Text.Should().Be(Prompts.Human.Hash);
            Json.Parse(row.Models.Span)
                .Should()
                .Be(Json.Map(("human", "rehearsal"), ("agent", "rehearsal"), ("writer", "scribe"), ("judges", Json.List("one", "two"))));
            var committee = VerdictsOf(row).Where(v => v.Stage == Committee.Stage).ToArray();
            committee.Should().HaveCount(3);
            if (row.Status == RowStatus.Accepted)
                committee.Should().OnlyContain(v => v.Outcome == Outcome.Pass && v.Votes!.Value.Length == 2);
        }

        status.Counts.Accepted.Should().BePositive();
        status.Counts.Rejected.Should().BePositive();
    }

    [Fact]
    public void A_committee_that_says_no_rejects_what_the_checks_accept()
    {
        var storage = new MemoryStorage();
        using var world = new World(
            storage,
            new()
            {
                Setup = s =>
                    Of(
                        s,
                        [
                            new(
                                "one",
                                new Voter(
                                    (r, n) => AllWell(r, n).Replace("\"completeness\":1", "\"completeness\":0", StringComparison.Ordinal)
                                )
                            ),
                        ]
                    ),
            }
        );

        var status = world.Carry(Spec);

        status.Counts.Accepted.Should().Be(0);
        status.Counts.Reasons.Should().Contain(t => t.Name == "committee.completeness");
    }

    [Fact]
    public void A_judge_that_is_away_for_a_moment_is_asked_again_and_one_that_stays_away_has_no_vote()
    {
        var storage = new MemoryStorage();
        var away = 0;
        var seats = ImmutableArray.Create<JudgeSeat>(
            new("moody", new Voter((r, n) => n % 3 != 2 ? throw new TransientModelException("busy") : AllWell(r, n))),
            new(
                "gone",
                new Voter(
                    (_, _) =>
                    {
                        away++;
                        throw new TransientModelException("nobody there");
                    }
                )
            )
        );
        using var world = new World(storage, new() { Setup = s => Of(s, seats) });
        var spec = Spec with { Count = 4, FaultRate = 0 };

        world.Carry(spec).Counts.Accepted.Should().Be(4);

        away.Should().BeGreaterThan(4);
        var votes = VerdictsOf(Runs.Rows(storage)[0]).Single(v => v.Check == "correctness").Votes!.Value;
        votes[0]
            .Should()
            .Match<Vote>(v => v.Judge == "moody" && v.Answer == "1" && v.Evidence.StartsWith("It begins with", StringComparison.Ordinal));
        votes[1].Should().Be(new Vote("gone", "none", "TransientModelException: nobody there"));
    }

    [Fact]
    public void A_judge_that_never_answers_is_left_alone_and_asked_again_after_a_rest()
    {
        var (storage, tries, isBack) = (new MemoryStorage(), 0, false);
        var seats = ImmutableArray.Create<JudgeSeat>(
            new("one", new Voter(AllWell)),
            new("gone", new Voter((r, n) => ++tries > 0 && isBack ? AllWell(r, n) : throw new TransientModelException("nobody there")))
        );
        World? slow = null;
        using var world = new World(
            storage,
            new()
            {
                Setup = s =>
                {
                    var setup = Of(s, seats);
                    return setup with { Human = new Slow(setup.Human, slow!.Time) };
                },
            }
        );
        slow = world;
        var spec = Spec with { Count = 60, FaultRate = 0 };

        var status = world.Carry(spec, watch: s => isBack |= s.Ended >= 30);

        Runs.ShouldBeWhole(storage, spec, status);
        status.Counts.Accepted.Should().Be(60);
        var votes = Runs.Rows(storage).Select(r => VerdictsOf(r).Single(v => v.Check == "correctness").Votes!.Value[1].Answer).ToArray();
        votes.Should().Contain("none").And.Contain("1");
        votes.Take(20).Should().OnlyContain(v => v == "none");
        votes.Skip(50).Should().OnlyContain(v => v == "1");
        // Ten silences and those in flight, and then one question after each rest, instead of six for each dialogue.
        tries.Should().BeLessThan(70);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Where_one_judge_or_the_writer_is_refused_by_its_endpoint_the_run_stops_and_no_row_is_without_the_vote(bool isJudge)
    {
        var (whole, shaken) = (new MemoryStorage(), new MemoryStorage());
        using (var undisturbed = new World(whole, new() { Setup = s => Of(s, Seats(AllWell)) }))
            undisturbed.Carry(Spec);
        var left = 7;
        using (
            var world = new World(
                shaken,
                new()
                {
                    Setup = s => isJudge ? Of(s, Seats(Refused(AllWell))) : Of(s, Seats(AllWell), new Voter(Refused((r, _) => Words(r)))),
                }
            )
        )
        {
            var status = world.Carry(Spec);

            status.Error.Should().Be("endpoint \"gpt\" says that the account has no credit left");
            Runs.Rows(shaken).Should().HaveCountLessThan(20).And.NotContain(r => r.Status == RowStatus.Failed);
        }

        using var resumed = new World(shaken, new() { Setup = s => Of(s, Seats(AllWell)) });
        Runs.ShouldBeWhole(shaken, Spec, resumed.Carry(Spec));
        Runs.Shards(shaken).Should().Equal(Runs.Shards(whole));

        static ImmutableArray<JudgeSeat> Seats(Func<StructuredRequest, int, string> second) =>
            [new("one", new Voter(AllWell)), new("two", new Voter(second))];

        Func<StructuredRequest, int, string> Refused(Func<StructuredRequest, int, string> answer) =>
            (request, number) =>
                left-- > 0
                    ? answer(request, number)
                    : throw new EndpointException("gpt", "insufficient_quota", "endpoint \"gpt\" says that the account has no credit left")
                    {
                        IsUnavailable = true,
                    };
    }

    [Fact]
    public void A_writer_that_never_gets_it_right_fails_the_row_with_the_reason_and_one_that_is_away_is_asked_again()
    {
        var (storage, tries) = (new MemoryStorage(), 0);
        using var world = new World(
            storage,
            new()
            {
                Setup = s =>
                    Of(
                        s,
                        [],
                        new Voter(
                            (r, n) =>
                                n == 0 ? throw new TransientModelException("busy")
                                : r.Key.Dialogue.Index == 0 ? Json.Map(("instruction", "No facts.")).ToString()
                                : Words(r),
                            () => tries++
                        )
                    ),
            }
        );
        var spec = Spec with { Count = 3, FaultRate = 0 };

        var status = world.Carry(spec);

        status.Counts.Should().Match<RunCounts>(c => c.Failed == 1 && c.Accepted == 2);
        Runs.Rows(storage)[0]
            .RejectReasons.Single()
            .Should()
            .Contain("no words of scribe for the blueprint")
            .And.Contain("the instruction does not say the fact");
        tries.Should().BeGreaterThan(3);
    }

    [Fact]
    public void Doomed_dialogues_are_shorter_rejected_as_they_were_and_their_rows_say_why()
    {
        var (whole, stopped) = (new MemoryStorage(), new MemoryStorage());
        using var world = new World(whole);
        using var hurried = new World(stopped, new() { Setup = s => Setups.Of(s) with { EarlyStop = true } });
        var spec = Setups.Spec with { FaultRate = 1, FurtherAttempts = 0 };

        var plain = world.Carry(spec);
        var status = hurried.Carry(spec);

        Runs.ShouldBeWhole(stopped, spec, status);
        status.Counts.Accepted.Should().Be(plain.Counts.Accepted);
        var doomed = Runs.Rows(stopped).Where(r => r.RejectReasons.Contains("conversation.stopped", StringComparer.Ordinal)).ToArray();
        doomed.Should().NotBeEmpty();
        foreach (var row in doomed)
        {
            var before = Runs.Rows(whole).Single(r => r.Id == row.Id);
            row.MessageCount.Should().BeLessThanOrEqualTo(before.MessageCount);
            before.Status.Should().NotBe(RowStatus.Accepted);
            VerdictsOf(row).Single(v => v.Check == "stopped").Evidence.Should().StartWith(ConversationStops.Before);
        }
    }

    private static RunSpec Spec { get; } =
        Setups.Spec with
        {
            Count = 20,
            Roles = new()
            {
                Human = "a",
                Agent = "b",
                Writer = "scribe",
                Judges = ["one", "two"],
            },
        };

    private static RunSetup Of(RunSpec spec, ImmutableArray<JudgeSeat> judges, IStructuredModel? writer = null)
    {
        var setup = Setups.Of(spec);
        return setup with
        {
            Prompts = Prompts,
            Judges = judges,
            WriterName = "scribe",
            Blueprints = new WrittenBlueprints(
                setup.Blueprints,
                writer ?? new Voter((r, _) => Words(r)),
                Prompts,
                setup.PackOf,
                spec.RunId
            ),
        };
    }

    private static string AllWell(StructuredRequest request, int number) =>
        request.Key.Part == "committee"
            ? Json.Map(("correctness", 1), ("completeness", 1), ("naturalness", 1), ("evidence", $"It begins with \"{Opening(request)}\"."))
                .ToString()
            : """{"answer":"cannot-tell","evidence":""}""";

    private static string Opening(StructuredRequest request) =>
        request.User.Split('\n').First(l => l.StartsWith("[0] human: ", StringComparison.Ordinal))["[0] human: ".Length..];

    // The plan's lines contain each fact in its spoken form.
    private static string Words(StructuredRequest request) =>
        Json.Map(("instruction", $"In the writer's words: {request.User.Split("<<<")[1].Split(">>>")[0]}")).ToString();

    private static Verdict[] VerdictsOf(ShardRow row) =>
        [.. row.Verdicts.Select(v => JsonSerializer.Deserialize(v.Span, CoreJson.Readable.Verdict)!)];

    /// <summary>A model that takes ten seconds for each answer.</summary>
    private sealed class Slow(IChatModel inner, TimeProvider time) : IChatModel
    {
        public string Name => inner.Name;

        public object? Open(DialogueOpening opening) => inner.Open(opening);

        public async ValueTask<ModelResponse> Respond(ModelRequest request, CancellationToken cancellationToken)
        {
            await Task.Delay(TimeSpan.FromSeconds(10), time, cancellationToken);
            return await inner.Respond(request, cancellationToken);
        }
    }

    /// <summary>Answers as a function of the request and of how often this question was asked before.</summary>
    private sealed class Voter(Func<StructuredRequest, int, string> answer, Action? asked = null) : IStructuredModel
    {
        private readonly Dictionary<string, int> _asked = new(StringComparer.Ordinal);

        public string Name => "scribe";

        public ValueTask<StructuredResponse> Ask(StructuredRequest request, CancellationToken cancellationToken)
        {
            asked?.Invoke();
            var key = request.Key.ToString();
            var number = _asked.GetValueOrDefault(key);
            _asked[key] = number + 1;
            var value = Json.Parse(answer(request, number));
            var problem = request.Problem(value);
            return new(
                new StructuredResponse(problem is null ? value : null, problem, [new(request.Key.Role, "e", new(1, 0, 1, 0), 0.01m, 1)])
            );
        }
    }
}
