using System.Collections.Immutable;
using System.Text.Json;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;

namespace ConvoSynth.Core.Tests;

/// <summary>Which verdicts decide under which profile.</summary>
public sealed class ProfileTests
{
    private static readonly ImmutableArray<Verdict> Rewarded = [Verdict("tau-bench.end-state", Outcome.Pass)];

    [Theory]
    [InlineData("format.schema", CheckKind.Exact, "tau-bench")]
    [InlineData("replay.observations", CheckKind.Exact, "tau-bench")]
    [InlineData("outcome.end-state", CheckKind.Exact, "tau-bench")]
    [InlineData("outcome.outputs-words", CheckKind.Language, "exact", "tau-bench", "apigen-mt")]
    [InlineData("policy.guards", CheckKind.Exact, "tau-bench", "apigen-mt")]
    [InlineData("claims.claims", CheckKind.Language, "exact", "tau-bench", "apigen-mt")]
    [InlineData("committee.correctness", CheckKind.Judge, "exact", "tau-bench", "apigen-mt")]
    [InlineData("conversation.stopped", CheckKind.Exact, "tau-bench")]
    [InlineData("human.out-of-scope", CheckKind.Exact, "tau-bench")]
    [InlineData("human.leak", CheckKind.Exact, "tau-bench", "apigen-mt")]
    public void A_row_meets_the_profiles_under_which_the_check_that_failed_decides_nothing(
        string check,
        CheckKind kind,
        params string[] met
    )
    {
        foreach (var outcome in new[] { Outcome.Fail, Outcome.Unsure })
        {
            var row = Of([Verdict("format.roles", Outcome.Pass), Verdict(check, outcome, kind)]) with { Reward = Rewarded };

            row.Passes.Should().Equal(met, "{0} is {1}", check, outcome);
        }
    }

    [Fact]
    public void A_check_that_was_skipped_keeps_no_profile_away() =>
        (
            Of([Verdict("outcome.refusal", Outcome.Skipped), Verdict("claims.claims", Outcome.Skipped, CheckKind.Language)]) with
            {
                Reward = Rewarded,
            }
        )
            .Passes.Should()
            .Equal("strict", "exact", "tau-bench", "apigen-mt");

    [Fact]
    public void The_reward_is_tau_benchs_alone_and_is_not_earned_unless_it_was_worked_out()
    {
        var row = Of([Verdict("format.roles", Outcome.Pass)]);

        (row with { Reward = [Verdict("tau-bench.end", Outcome.Fail)] }).Passes.Should().Equal("strict", "exact", "apigen-mt");
        row.Passes.Should().Equal("strict", "exact", "apigen-mt");
    }

    [Theory]
    [InlineData(Profile.Strict, RowStatus.Rejected, "claims.claims")]
    [InlineData(Profile.Exact, RowStatus.Undecided, "procedure.identify")]
    [InlineData(Profile.TauBench, RowStatus.Rejected, "tau-bench.outputs")]
    [InlineData(Profile.ApigenMt, RowStatus.Accepted)]
    public void The_status_is_decided_by_the_checks_of_the_profile_that_the_run_accepts_by(
        Profile accept,
        string status,
        params string[] reasons
    )
    {
        var unlike = new[]
        {
            Verdict("claims.claims", Outcome.Fail, CheckKind.Language),
            Verdict("procedure.identify", Outcome.Unsure),
            Verdict("outcome.end-state", Outcome.Pass),
        };
        var row = Of([.. unlike]) with { Accept = accept, Reward = [Verdict("tau-bench.outputs", Outcome.Fail)] };

        row.Status.Should().Be(status);
        row.RejectReasons.Should().Equal(status == RowStatus.Rejected ? reasons : []);
        row.UndecidedReasons.Should().Equal(status == RowStatus.Undecided ? reasons : []);
        row.Passes.Should().Equal(["apigen-mt"], "what a row meets does not depend on what the run accepts by");
    }

    [Theory]
    [InlineData(Profile.Strict)]
    [InlineData(Profile.Exact)]
    [InlineData(Profile.TauBench)]
    [InlineData(Profile.ApigenMt)]
    public void The_environments_fault_rejects_under_every_profile(Profile accept)
    {
        var row = Of([Verdict("claims.claims", Outcome.Fail, CheckKind.Language) with { Fault = Fault.Environment }]) with
        {
            Accept = accept,
            Reward = Rewarded,
        };

        row.Status.Should().Be(RowStatus.Rejected);
        row.RejectReasons.Should().Equal("claims.claims");
        row.Passes.Should().BeEmpty();
    }

    [Fact]
    public void Names_are_those_of_specs_and_of_rows()
    {
        foreach (var profile in Profiles.All)
        {
            JsonSerializer.Serialize(profile).Should().Be($"\"{Profiles.NameOf(profile)}\"");
            Profiles.Named(Profiles.NameOf(profile)).Should().Be(profile);
        }

        Profiles.Named("lenient").Should().BeNull();
    }

    internal static Trajectory Of(ImmutableArray<Verdict> verdicts) =>
        new()
        {
            Id = "",
            Index = 0,
            Attempt = 0,
            Blueprint = null!,
            Conversation = null!,
            Diff = null!,
            Models = Json.Null,
            PromptHashes = "",
            Verdicts = verdicts,
        };

    private static Verdict Verdict(string name, Outcome outcome, CheckKind kind = CheckKind.Exact) =>
        new()
        {
            Stage = name.Split('.')[0],
            Check = name.Split('.')[1],
            Kind = kind,
            Outcome = outcome,
        };
}
