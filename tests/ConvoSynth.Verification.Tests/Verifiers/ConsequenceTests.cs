using ConvoSynth.Core;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Verification.Verifiers;

namespace ConvoSynth.Verification.Tests;

/// <summary>The consequences of faults under each profile.</summary>
public sealed class ConsequenceTests
{
    private static readonly RunSpec Spec = new()
    {
        RunId = "run",
        Domains = ["loans"],
        Count = 1,
        Seed = 1,
        FurtherAttempts = 1,
    };

    [Theory]
    [InlineData(Profile.Strict, Consequence.TryAgain)]
    [InlineData(Profile.Exact, Consequence.TryAgain)]
    [InlineData(Profile.TauBench, Consequence.Stand)]
    [InlineData(Profile.ApigenMt, Consequence.Stand)]
    public void A_humans_fault_spoils_no_row_that_the_profile_accepts(Profile accept, Consequence expected) =>
        Of(accept, rewarded: true, Failed("human.leak", Fault.Human)).Should().Be(expected);

    [Theory]
    [InlineData(Profile.Strict)]
    [InlineData(Profile.Exact)]
    [InlineData(Profile.TauBench)]
    [InlineData(Profile.ApigenMt)]
    public void A_rejected_row_is_tried_again_for_its_humans_fault_whichever_check_found_it(Profile accept)
    {
        // The human asked for another act, and the agent did it.
        var verdicts = new[] { Failed("outcome.end-state", Fault.Agent), Failed("human.words", Fault.Human, CheckKind.Language) };

        Of(accept, rewarded: false, verdicts).Should().Be(Consequence.TryAgain);
        Of(accept, rewarded: false, verdicts, attempt: 1).Should().Be(Consequence.Stand, "no further attempt is allowed");
    }

    [Theory]
    [InlineData(Profile.Strict, Consequence.QuarantineFamily)]
    [InlineData(Profile.Exact, Consequence.QuarantineFamily)]
    [InlineData(Profile.TauBench, Consequence.Stand)]
    [InlineData(Profile.ApigenMt, Consequence.Stand)]
    public void Only_a_check_that_decides_puts_a_family_in_quarantine(Profile accept, Consequence expected)
    {
        Of(accept, rewarded: true, Failed("policy.guards", Fault.Blueprint)).Should().Be(expected);
        Of(accept, rewarded: true, Failed("policy.guards", Fault.Blueprint), Failed("outcome.writes", Fault.Agent)).Should().Be(expected);
    }

    [Theory]
    [InlineData(Profile.Strict)]
    [InlineData(Profile.Exact)]
    [InlineData(Profile.TauBench)]
    [InlineData(Profile.ApigenMt)]
    public void The_environments_fault_stops_the_domain_under_every_profile(Profile accept) =>
        Of(accept, rewarded: true, Failed("claims.claims", Fault.Environment, CheckKind.Language), Failed("human.leak", Fault.Human))
            .Should()
            .Be(Consequence.StopDomain);

    [Fact]
    public void What_is_unsure_accuses_nobody() =>
        Of(Profile.Strict, rewarded: true, Failed("human.words", Fault.Human, CheckKind.Language) with { Outcome = Outcome.Unsure })
            .Should()
            .Be(Consequence.Stand);

    private static Consequence Of(Profile accept, bool rewarded, params Verdict[] verdicts) => Of(accept, rewarded, verdicts, attempt: 0);

    private static Consequence Of(Profile accept, bool rewarded, Verdict[] verdicts, int attempt) =>
        Consequences.Of(
            Spec with
            {
                Accept = accept,
            },
            new()
            {
                Id = "",
                Index = 0,
                Attempt = attempt,
                Blueprint = null!,
                Conversation = null!,
                Diff = null!,
                Models = Json.Null,
                PromptHashes = "",
                Accept = accept,
                Verdicts = [.. verdicts],
                Reward = [Failed("tau-bench.end-state", Fault.Agent) with { Outcome = rewarded ? Outcome.Pass : Outcome.Fail }],
            }
        );

    private static Verdict Failed(string name, Fault fault, CheckKind kind = CheckKind.Exact) =>
        new()
        {
            Stage = name.Split('.')[0],
            Check = name.Split('.')[1],
            Kind = kind,
            Outcome = Outcome.Fail,
            Fault = fault,
        };
}
