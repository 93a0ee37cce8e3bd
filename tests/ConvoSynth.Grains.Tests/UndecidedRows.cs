using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Grains.Campaign;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Setups;
using ConvoSynth.Runs.Storage;
using ConvoSynth.Verification;
using ConvoSynth.Verification.Verifiers;

namespace ConvoSynth.Grains.Tests;

/// <summary>Undecided rows, and runs that accept by another profile than the strict one.</summary>
public sealed class UndecidedRows
{
    private static readonly RunSpec Spec = Setups.Spec with { FaultRate = 0 };

    [Theory]
    [InlineData(false, null)]
    [InlineData(true, 3UL)]
    public void An_undecided_row_has_shards_and_counts_of_its_own(bool wire, ulong? seed)
    {
        var (storage, status) = Run(Spec, [Unsure(4), Unsure(20)], wire, seed);

        var reader = new RunReader(Runs.Folder(storage));
        var undecided = reader.Rows(ShardSet.Undecided).ToArray();
        undecided.Select(r => r.Index).Should().Equal(4, 20);
        foreach (var row in undecided)
        {
            (row.Status, row.Accept, row.RejectReasons.Count).Should().Be((RowStatus.Undecided, "strict", 0));
            row.UndecidedReasons.Should().Equal("test.words");
            row.Passes.Should().Equal("exact", "tau-bench", "apigen-mt");
        }

        reader.Rows(ShardSet.Rejected).Should().BeEmpty("what is undecided is no negative");
        reader
            .Rows(ShardSet.Accepted)
            .Should()
            .HaveCount(38)
            .And.OnlyContain(r => r.Status == RowStatus.Accepted && r.UndecidedReasons.Count == 0 && r.Passes.Count == 4);
        reader.Manifest.Commits.Should().Contain(c => c.Accepted != null && c.Undecided != null && c.Rejected == null);
        (reader.Manifest.AcceptedRows, reader.Manifest.UndecidedRows, reader.Manifest.RejectedRows).Should().Be((38, 2, 0));
        (status.Counts.Accepted, status.Counts.Undecided, status.Counts.Rejected, status.Counts.Failed, status.Counts.Done)
            .Should()
            .Be((38, 2, 0, 0, 40));
        status.Counts.UndecidedReasons.Should().Equal(new Tally("test.words", 2));
        status.Counts.Reasons.Should().BeEmpty();
        status.Counts.Intents.Where(t => t.Name.EndsWith(": undecided", StringComparison.Ordinal)).Sum(t => t.Count).Should().Be(2);
    }

    [Fact]
    public void An_undecided_row_of_a_family_in_quarantine_is_rejected_and_meets_no_profile()
    {
        var (storage, status) = Run(
            Spec,
            [new(3, "test.blueprint", CheckKind.Exact, Outcome.Fail, Fault.Blueprint), Unsure(6)],
            blueprint: b => b with { FamilyId = $"family-{b.Index % 3}" }
        );

        var row = Runs.Rows(storage)[6];
        row.Status.Should().Be(RowStatus.Rejected);
        row.RejectReasons.Should().Equal("quarantined");
        row.UndecidedReasons.Should().BeEmpty();
        row.Passes.Should().BeEmpty();
        status.Counts.Undecided.Should().Be(0);
    }

    [Fact]
    public void A_profile_accepts_what_only_other_checks_hold_against_a_row()
    {
        var (storage, status) = Run(
            Spec with
            {
                Accept = Profile.Exact,
            },
            [
                new(1, "test.words", CheckKind.Language, Outcome.Fail, Fault.Agent),
                Unsure(2),
                new(3, "test.exact", CheckKind.Exact, Outcome.Unsure, Fault.None),
            ]
        );

        var rows = Runs.Rows(storage);
        rows.Should().OnlyContain(r => r.Accept == "exact");
        (rows[1].Status, rows[2].Status, rows[3].Status).Should().Be((RowStatus.Accepted, RowStatus.Accepted, RowStatus.Undecided));
        rows[1].Passes.Should().Equal("exact", "tau-bench", "apigen-mt");
        rows[1].RejectReasons.Should().BeEmpty();
        rows[3].UndecidedReasons.Should().Equal("test.exact");
        (status.Counts.Accepted, status.Counts.Undecided).Should().Be((39, 1));
    }

    [Fact]
    public void Under_tau_bench_the_rows_have_the_benchmarks_conditions_beside_the_checks()
    {
        var spec = Setups.Spec with { FaultRate = 0.6, Accept = Profile.TauBench, FurtherAttempts = 0 };

        var (storage, _) = Run(spec, []);

        var rows = Runs.Rows(storage);
        rows.Select(r => r.Verdicts.Count(IsOfTheBenchmark)).Should().AllBeEquivalentTo(3);
        rows.Should().OnlyContain(r => (r.Status == RowStatus.Accepted) == r.Passes.Contains("tau-bench"));
        rows.Should().OnlyContain(r => r.RejectReasons.All(n => n.StartsWith("tau-bench.", StringComparison.Ordinal)));
        rows.Should()
            .Contain(r => r.Status == RowStatus.Rejected)
            .And.Contain(r => r.Status == RowStatus.Accepted && !r.Passes.Contains("strict"));
    }

    [Theory]
    [InlineData(Profile.Strict, 1)]
    [InlineData(Profile.ApigenMt, 0)]
    public void A_humans_fault_is_tried_again_only_where_the_profile_does_not_accept_the_row(Profile accept, int retried)
    {
        var (storage, status) = Run(Spec with { Accept = accept }, [new(4, "human.leak", CheckKind.Exact, Outcome.Fail, Fault.Human)]);

        status.Counts.Retried.Should().Be(retried * Spec.FurtherAttempts);
        new RunReader(Runs.Folder(storage)).Find(4)!.Status.Should().Be(retried > 0 ? RowStatus.Rejected : RowStatus.Accepted);
    }

    private static bool IsOfTheBenchmark(ReadOnlyMemory<byte> verdict) => Json.Parse(verdict.Span)["stage"].Text == TauBenchOutcome.Stage;

    private static Finding Unsure(long index) => new(index, "test.words", CheckKind.Language, Outcome.Unsure, Fault.None);

    private static (MemoryStorage Storage, CampaignStatus Status) Run(
        RunSpec spec,
        Finding[] found,
        bool wire = false,
        ulong? seed = null,
        Func<Blueprint, Blueprint>? blueprint = null
    )
    {
        var storage = new MemoryStorage();
        using var world = new World(
            storage,
            new()
            {
                Wire = wire,
                Seed = seed,
                Setup = Of,
            }
        );
        var status = world.Carry(spec);
        (status.Error, status.Open).Should().Be((null, 0));
        return (storage, status);

        RunSetup Of(RunSpec run)
        {
            var setup = Setups.Of(run);
            return setup with
            {
                Blueprints = new Setups.Source((index, _) => (blueprint ?? (b => b))(Setups.Sampled(run, index))),
                Verifiers = new Dictionary<string, Verifier>(StringComparer.Ordinal)
                {
                    ["loans"] = setup.Verifiers["loans"].With(new Check(found)),
                },
            };
        }
    }

    private sealed record Finding(long Index, string Name, CheckKind Kind, Outcome Outcome, Fault Fault)
    {
        public Verdict Verdict =>
            new()
            {
                Stage = Name.Split('.')[0],
                Check = Name.Split('.')[1],
                Kind = Kind,
                Outcome = Outcome,
                Fault = Fault,
            };
    }

    private sealed class Check(Finding[] found) : ICheck
    {
        public void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts) =>
            verdicts.AddRange(found.Where(f => f.Index == trace.Blueprint.Index).Select(f => f.Verdict));
    }
}
