using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Serve.Rewards;

namespace ConvoSynth.Serve.Tests;

public sealed class RewardTests
{
    private static readonly Verdict Pass = Of(Outcome.Pass, CheckKind.Exact);

    [Theory]
    [InlineData(RewardRule.Exact, CheckKind.Exact, Outcome.Fail, Fault.Agent, 0.0)]
    [InlineData(RewardRule.Exact, CheckKind.Exact, Outcome.Unsure, Fault.None, 1.0)]
    [InlineData(RewardRule.Exact, CheckKind.Language, Outcome.Fail, Fault.Agent, 1.0)]
    [InlineData(RewardRule.Exact, CheckKind.Exact, Outcome.Fail, Fault.Human, null)]
    [InlineData(RewardRule.Exact, CheckKind.Exact, Outcome.Fail, Fault.Endpoint, null)]
    [InlineData(RewardRule.Exact, CheckKind.Exact, Outcome.Fail, Fault.Blueprint, null)]
    [InlineData(RewardRule.Exact, CheckKind.Language, Outcome.Fail, Fault.Environment, null)]
    [InlineData(RewardRule.Strict, CheckKind.Language, Outcome.Fail, Fault.Agent, 0.0)]
    [InlineData(RewardRule.Strict, CheckKind.Language, Outcome.Fail, Fault.Human, null)]
    [InlineData(RewardRule.Strict, CheckKind.Language, Outcome.Unsure, Fault.None, null)]
    [InlineData(RewardRule.TauBench, CheckKind.Exact, Outcome.Fail, Fault.Agent, 1.0)]
    [InlineData(RewardRule.TauBench, CheckKind.Exact, Outcome.Fail, Fault.Human, 1.0)]
    [InlineData(RewardRule.TauBench, CheckKind.Exact, Outcome.Fail, Fault.Environment, null)]
    public void A_verdict_decides_the_reward_as_its_rule_says(RewardRule rule, CheckKind kind, Outcome outcome, Fault fault, double? reward)
    {
        var earned = EpisodeReward.Of(rule, Trajectory(Of(outcome, kind) with { Fault = fault }));

        earned.Value.Should().Be(reward);
        (earned.Excluded is null).Should().Be(reward is not null);
    }

    [Fact]
    public void The_reward_of_tau_bench_reads_its_own_conditions()
    {
        var failed = Trajectory(Pass) with { Reward = [Of(Outcome.Fail, CheckKind.Exact) with { Fault = Fault.Agent }] };

        EpisodeReward.Of(RewardRule.TauBench, failed).Value.Should().Be(0);
        EpisodeReward.Of(RewardRule.Exact, failed).Value.Should().Be(1);
    }

    [Fact]
    public void Another_partys_fault_excludes_although_the_agent_failed_too()
    {
        var both = Trajectory(
            Of(Outcome.Fail, CheckKind.Exact) with
            {
                Fault = Fault.Agent,
            },
            Of(Outcome.Fail, CheckKind.Exact) with
            {
                Fault = Fault.Human,
                Check = "other",
            }
        );

        EpisodeReward.Of(RewardRule.Exact, both).Excluded.Should().StartWith("human: ");
    }

    [Fact]
    public void Components_have_each_check_that_could_tell_once()
    {
        var reward = EpisodeReward.Of(
            RewardRule.Exact,
            Trajectory(Pass, Pass with { Outcome = Outcome.Fail }, Pass with { Check = "b", Outcome = Outcome.Unsure })
        );

        reward.Components.Select(c => (c.Key, c.Value)).Should().Equal(("stage.a", false), ("tau.end", true));
    }

    private static Verdict Of(Outcome outcome, CheckKind kind) =>
        new()
        {
            Stage = "stage",
            Check = "a",
            Kind = kind,
            Outcome = outcome,
            Evidence = "seen",
        };

    private static Trajectory Trajectory(params ImmutableArray<Verdict> verdicts) =>
        new()
        {
            Id = "r/0/0",
            Index = 0,
            Attempt = 0,
            Blueprint = null!,
            Conversation = null!,
            Diff = null!,
            Verdicts = verdicts,
            Models = Json.Null,
            PromptHashes = "",
            Reward = [Pass with { Stage = "tau", Check = "end" }],
        };
}
