using System.Collections.Immutable;
using System.Text;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Grains.Campaign;
using ConvoSynth.Models;
using ConvoSynth.Runs.Rows;
using ConvoSynth.Runs.Setups;
using ConvoSynth.Runs.Storage;
using ConvoSynth.Verification;
using ConvoSynth.Verification.Verifiers;

namespace ConvoSynth.Grains.Tests;

/// <summary>The consequences of a fault: another attempt, the family's quarantine, the domain's stop.</summary>
public sealed class AfterFaults
{
    private const string Spoiled = "[spoiled]";

    private static readonly RunSpec Spec = Setups.Spec with { FaultRate = 0 };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_dialogue_that_its_human_spoiled_is_tried_again_with_a_new_seed(bool wire)
    {
        var (rows, status) = Run(Spec, (index, attempt) => index == 4 && attempt == 0, wire: wire);

        var attempts = rows.Where(r => r.Index == 4).OrderBy(r => r.Attempt).ToArray();
        attempts.Select(r => (r.Attempt, r.Status)).Should().Equal((0, RowStatus.Retried), (1, RowStatus.Accepted));
        attempts[0].RejectReasons.Should().Contain("test.human");
        attempts[0].Id.Should().Be("run/4/0");
        attempts[1].Id.Should().Be("run/4/1");
        attempts[0].Messages.Count.Should().BePositive("it is kept as it was had");
        (status.Counts.Done, status.Counts.Retried).Should().Be((40, 1));
        status.Counts.Accepted.Should().Be(rows.Count(r => r.Status == RowStatus.Accepted));
    }

    [Fact]
    public void Another_attempt_has_seeds_of_its_own()
    {
        var setup = Setups.Of(Spec);

        setup.SeedOf(4, 1).Should().NotBe(setup.SeedOf(4, 0));
        setup.SeedOf(4, 1).Should().NotBe(setup.SeedOf(5, 0));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Attempts_end_at_the_limit_and_the_last_row_is_the_index_s_own(int further)
    {
        var (rows, status) = Run(Spec with { FurtherAttempts = further }, (index, _) => index == 4);

        var attempts = rows.Where(r => r.Index == 4).OrderBy(r => r.Attempt).ToArray();
        attempts.Select(r => r.Status).Should().Equal([.. Enumerable.Repeat(RowStatus.Retried, further), RowStatus.Rejected]);
        (status.Counts.Done, status.Counts.Retried).Should().Be((40, further));
        status.Counts.Reasons.Should().Contain(new Tally("test.human", 1), "a row that was tried again is no rejection of its index");
    }

    [Fact]
    public void No_planted_fault_is_accepted_at_any_attempt()
    {
        var (rows, status) = Run(Spec with { FaultRate = 0.8 }, (_, attempt) => attempt == 0);

        rows.Count(r => r.Status == RowStatus.Retried && r.Attempt == 0).Should().Be(40);
        rows.Should().NotContain(r => r.Status == RowStatus.Accepted && r.PlantedFault != null);
        rows.Should()
            .Contain(
                r =>
                    r.Status == RowStatus.Retried
                    && r.PlantedFault != null
                    && rows.Any(o => o.Index == r.Index && o.Attempt == 1 && o.PlantedFault == null),
                "another attempt draws its own faults"
            );
        status.Counts.Planted.Sum(t => t.Count).Should().Be(rows.Count(r => r.PlantedFault is not null));
    }

    [Fact]
    public void A_family_whose_blueprint_is_wrong_is_quarantined_behind_it_in_its_partition()
    {
        // Partitions are 0-14, 15-29 and 30-39; the family is every third index.
        var (rows, status) = Run(
            Spec,
            blueprint: b => b with { FamilyId = $"family-{b.Index % 3}" },
            fault: index => index == 3 ? Fault.Blueprint : Fault.None
        );

        rows[3].RejectReasons.Should().Equal("test.blueprint");
        rows.Where(r => r.RejectReasons.Contains("quarantined")).Select(r => r.Index).Should().Equal(6, 9, 12);
        rows[6].Status.Should().Be(RowStatus.Rejected);
        rows[6].Messages.Count.Should().BePositive();
        rows[0].Status.Should().Be(RowStatus.Accepted, "it was written before the blueprint's fault came up");
        rows[15].Status.Should().Be(RowStatus.Accepted, "another partition has its own quarantine");
        status.Counts.Reasons.Should().Contain(new Tally("quarantined", 3));
        status.Counts.Done.Should().Be(40);
    }

    [Fact]
    public void A_domain_whose_environment_is_wrong_is_stopped_and_the_run_says_where()
    {
        var (rows, status) = Run(Spec, fault: index => index == 4 ? Fault.Environment : Fault.None);

        rows[4].RejectReasons.Should().Equal("test.environment");
        rows.Where(r => r.RejectReasons.Contains("domain-stopped"))
            .Select(r => r.Index)
            .Should()
            .Equal(Enumerable.Range(5, 10).Select(i => (long)i), "the rest of its partition");
        rows.Where(r => r.RejectReasons.Contains("domain-stopped"))
            .Should()
            .OnlyContain(r => r.Status == RowStatus.Failed && r.Messages.Count == 0);
        status.Stopped.Should().Equal(new StoppedDomain("loans", 4, "test.environment"));
        status.Error.Should().BeNull();
        (status.Counts.Done, status.Counts.Failed).Should().Be((40, 10));
    }

    [Fact]
    public void A_row_that_its_server_spoiled_stands_rejected_is_not_tried_again_and_the_domain_goes_on()
    {
        var (rows, status) = Run(
            Spec,
            (index, _) => index == 4,
            index => index == 4 ? Fault.Endpoint : Fault.None,
            b => b with { FamilyId = "one" }
        );

        rows[4].RejectReasons.Should().Equal("test.human", "test.endpoint");
        (rows[4].Status, rows[4].Attempt).Should().Be((RowStatus.Rejected, 0));
        rows.Where(r => r.Index != 4).Should().OnlyContain(r => r.Status == RowStatus.Accepted);
        (status.Counts.Done, status.Counts.Retried, status.Stopped.Length).Should().Be((40, 0, 0));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_tool_that_breaks_is_the_environments_fault(bool wire)
    {
        // The tool indexes a branch for each loan without a bounds check.
        var call = new ToolCall("call_1", "send_back", """{"loan_ids": ["L1"], "branches": []}""");
        var storage = new MemoryStorage();
        using var world = new World(
            storage,
            new()
            {
                Wire = wire,
                Setup = spec =>
                    SetupOf(spec, (_, _) => false, _ => Fault.None, b => b) is var setup
                        ? setup with
                        {
                            Agent = new Calling(setup.Agent, 4, call),
                        }
                        : null!,
            }
        );

        var status = world.Carry(Spec);

        var rows = Runs.Rows(storage);
        rows[4].Status.Should().Be(RowStatus.Rejected);
        rows[4].RejectReasons.Should().Contain("environment.write");
        Encoding
            .UTF8.GetString(
                rows[4].Verdicts.Select(v => v.ToArray()).Single(v => v.AsSpan().IndexOf("environment\",\"check\":\"write"u8) >= 0)
            )
            .Should()
            .Contain("the tool send_back of the pack loans: throws IndexOutOfRangeException on ")
            .And.Contain("\"fault\":\"environment\"");
        rows[4].Messages.Count.Should().BePositive("the dialogue went on");
        rows[5].RejectReasons.Should().Equal("domain-stopped");
        status.Stopped.Should().ContainSingle().Which.Index.Should().Be(4);
    }

    [Fact]
    public void What_lies_far_enough_behind_a_stop_is_not_played()
    {
        var played = new HashSet<long>();
        var (rows, _) = Run(
            Spec with
            {
                PartitionSize = 2,
            },
            (index, _) =>
            {
                played.Add(index);
                return false;
            },
            fault: index => index == 0 ? Fault.Environment : Fault.None
        );

        var first = 2 * CampaignGrain.Lookahead;
        rows.Where(r => r.Index >= first).Should().HaveCount(40 - first).And.OnlyContain(r => r.RejectReasons.Contains("domain-stopped"));
        rows.Where(r => r.Index is > 1 && r.Index < first)
            .Should()
            .OnlyContain(r => !r.RejectReasons.Contains("domain-stopped"), "they may run beside the one that was stopped");
        played.Should().OnlyContain(i => i < first);
    }

    [Fact]
    public void Where_faults_are_not_acted_on_every_dialogue_is_had_once()
    {
        var (rows, status) = Run(
            Spec with
            {
                ActsOnFaults = false,
            },
            (index, _) => index == 4,
            index =>
                index == 7 ? Fault.Environment
                : index == 8 ? Fault.Blueprint
                : Fault.None,
            b => b with { FamilyId = "one" }
        );

        rows.Select(r => r.Attempt).Should().AllBeEquivalentTo(0);
        rows.Where(r => r.Status != RowStatus.Accepted).Select(r => r.Index).Should().Equal(4, 7, 8);
        status.Stopped.Should().BeEmpty();
    }

    private static (IReadOnlyList<ShardRow> Rows, CampaignStatus Status) Run(
        RunSpec spec,
        Func<long, int, bool>? spoils = null,
        Func<long, Fault>? fault = null,
        Func<Blueprint, Blueprint>? blueprint = null,
        bool wire = false
    )
    {
        var storage = new MemoryStorage();
        using var world = new World(
            storage,
            new() { Wire = wire, Setup = s => SetupOf(s, spoils ?? ((_, _) => false), fault ?? (_ => Fault.None), blueprint ?? (b => b)) }
        );
        var status = world.Carry(spec);
        (status.InFlight, status.Open).Should().Be((0, 0));
        var rows = Runs.Rows(storage);
        rows.Where(r => r.Status != RowStatus.Retried)
            .Select(r => r.Index)
            .Should()
            .Equal(Enumerable.Range(0, (int)spec.Count).Select(i => (long)i), "every index has one row of its own");
        return (rows, status);
    }

    private static RunSetup SetupOf(
        RunSpec spec,
        Func<long, int, bool> spoils,
        Func<long, Fault> fault,
        Func<Blueprint, Blueprint> blueprint
    )
    {
        var setup = Setups.Of(spec);
        return setup with
        {
            Human = new Spoiling(setup.Human, spoils),
            Blueprints = new Setups.Source((index, _) => blueprint(Setups.Sampled(spec, index))),
            Verifiers = new Dictionary<string, Verifier>(StringComparer.Ordinal)
            {
                ["loans"] = setup.Verifiers["loans"].With(new Check(fault)),
            },
        };
    }

    private sealed class Spoiling(IChatModel inner, Func<long, int, bool> spoils) : IChatModel
    {
        public string Name => inner.Name;

        public object? Open(DialogueOpening opening) => inner.Open(opening);

        public async ValueTask<ModelResponse> Respond(ModelRequest request, CancellationToken cancellationToken)
        {
            var response = await inner.Respond(request, cancellationToken);
            return request.Step == 0 && spoils(request.Dialogue.Index, request.Dialogue.Attempt)
                ? response with
                {
                    Message = response.Message with { Content = $"{response.Message.Content} {Spoiled}" },
                }
                : response;
        }
    }

    private sealed class Calling(IChatModel inner, long index, ToolCall call) : IChatModel
    {
        public string Name => inner.Name;

        public object? Open(DialogueOpening opening) => inner.Open(opening);

        public async ValueTask<ModelResponse> Respond(ModelRequest request, CancellationToken cancellationToken)
        {
            var response = await inner.Respond(request, cancellationToken);
            return request.Step == 0 && request.Dialogue.Index == index
                ? response with
                {
                    Message = new Message { Role = MessageRole.Assistant, ToolCalls = [call] },
                }
                : response;
        }
    }

    private sealed class Check(Func<long, Fault> fault) : ICheck
    {
        public void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts)
        {
            if (trace.Conversation.Messages[0].Content!.Contains(Spoiled, StringComparison.Ordinal))
                verdicts.Add(Failed("human", Fault.Human));
            if (fault(trace.Blueprint.Index) is not Fault.None and var whose)
                verdicts.Add(Failed(whose.ToString().ToLowerInvariant(), whose));
        }

        private static Verdict Failed(string check, Fault fault) =>
            new()
            {
                Stage = "test",
                Check = check,
                Kind = CheckKind.Exact,
                Outcome = Outcome.Fail,
                Fault = fault,
            };
    }
}
