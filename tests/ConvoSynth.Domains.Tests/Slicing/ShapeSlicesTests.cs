using System.Globalization;
using System.Text.RegularExpressions;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.State;
using ConvoSynth.Domains.Environments;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Sampling;
using ConvoSynth.Domains.Slicing;

namespace ConvoSynth.Domains.Tests.Slicing;

/// <summary>Tasks whose difficulty lies in how people talk: by another record, off the subject, without an end, on a condition.</summary>
public sealed class ShapeSlicesTests
{
    private static readonly Seed Run = new(9);
    private static readonly Lazy<Pack> Loaded = new(() => PackLoading.Load(RepositoryRoot.At("blueprints/retail")));
    private static readonly Lazy<SlicedSampler> Sampler = new(() => new(new(Loaded.Value), shares: null));

    private static Pack Retail => Loaded.Value;

    [Fact]
    public void A_value_of_another_record_is_said_by_that_record_and_shown_by_a_read_that_nothing_else_needs()
    {
        foreach (var task in Sliced(Slices.OtherRecord))
        {
            var elsewhere = task.Twist!.Elsewhere!;
            var value = task.Actions[elsewhere.Write].Arguments[elsewhere.Parameter];
            task.Instruction.Should().Contain("the same ").And.NotContain(value.Text);
            task.Scenario.Facts.Should().NotContain(f => f.Value == value, task.Id);
            elsewhere.Reads.Should().NotBeEmpty().And.OnlyContain(r => r < elsewhere.Write && !task.Actions[r].Writes, task.Id);
            elsewhere.Reads.Should().Contain(r => task.Actions[r].Observation.Contains(value.Text!, StringComparison.Ordinal), task.Id);
            Executed(task).Should().Be(task.AcceptedEndStates[0].Diff, task.Id);
        }
    }

    [Fact]
    public void The_value_of_the_record_at_hand_is_allowed_and_ends_elsewhere()
    {
        foreach (var task in Sliced(Slices.OtherRecord))
        {
            var (wrong, at) = (task.Twist!.Tempting.Should().ContainSingle().Subject, task.Twist.Elsewhere!.Write);
            var environment = new DialogueEnvironment(Retail, task.Patch);
            foreach (var action in task.Actions.Select((a, i) => i == at ? wrong : new PlannedWrite(a.Tool, a.Arguments)))
                environment.Call(action.Tool, action.Arguments).IsError.Should().BeFalse(task.Id);
            task.AcceptedEndStates.Should().NotContain(s => s.Diff.Equals(Retail.Canon.Canonical(environment.Diff())), task.Id);
        }
    }

    [Fact]
    public void Small_talk_is_about_nothing_that_the_policy_or_a_tool_has()
    {
        var subjects = SmallTalks.All.ToDictionary(s => s.Name, StringComparer.Ordinal);
        foreach (var task in Sliced(Slices.OffSubject))
        {
            var talk = task.Twist!.OffSubject!;
            task.Instruction.Should().Contain(talk.Words);
            subjects[talk.Subject].Words.Should().Contain(talk.Words);
            subjects[talk.Subject].Cues.Should().AllSatisfy(c => Retail.Policy.Text.Should().NotContainEquivalentOf(c));
        }
    }

    [Fact]
    public void A_human_who_does_not_stop_asks_again_for_a_write_that_the_tool_would_make_once_more()
    {
        foreach (var task in Sliced(Slices.NoStop))
        {
            var lingering = task.Twist!.Lingering!.Value;
            lingering.Should().HaveCountGreaterThan(1).And.ContainSingle(l => l.Request != null);
            lingering.Should().AllSatisfy(l => task.Instruction.Should().Contain(l.Words));
            var environment = new DialogueEnvironment(Retail, task.Patch);
            foreach (var action in task.Actions)
                environment.Call(action.Tool, action.Arguments);
            environment.Call(task.Twist.Tempting[0].Tool, task.Twist.Tempting[0].Arguments).IsError.Should().BeFalse(task.Id);
        }
    }

    [Fact]
    public void The_value_of_the_answer_decides_whether_the_gold_writes()
    {
        var tasks = Sliced(Slices.DependsOnAnswer);
        tasks.Select(t => t.Twist!.Decision!.Suits).Should().Contain(true).And.Contain(false);
        foreach (var task in tasks)
        {
            var decision = task.Twist!.Decision!;
            task.Actions.Any(a => a.Writes).Should().Be(decision.Suits, task.Id);
            task.Scenario.Requests.Should().HaveCount(decision.Suits ? 2 : 1);
            Executed(task).Should().Be(task.AcceptedEndStates[0].Diff, task.Id);

            var output = task.Outputs.Should().ContainSingle().Subject;
            var limit = Limit(task.Instruction);
            var suits = limit.IsUpper ? output.Value.Number <= limit.Number : output.Value.Number >= limit.Number;
            suits.Should().Be(decision.Suits, $"{output.Value} is held against {task.Instruction}");
            output.GroundedBy.Should().BeLessThan(task.Scenario.Requests[0].FirstAction + task.Scenario.Requests[0].ActionCount);
        }
    }

    // "if it is at most $20", "if it is 3 at least".
    private static (bool IsUpper, double Number) Limit(string instruction)
    {
        var match = Regex.Match(instruction, @"f it is (?:at (?<side>most|least) \$(?<n>\d+)|(?<n>\d+) at (?<side>most|least))");
        match.Success.Should().BeTrue(instruction);
        return (match.Groups["side"].Value == "most", double.Parse(match.Groups["n"].Value, CultureInfo.InvariantCulture));
    }

    private static StateDiff Executed(Blueprint task)
    {
        var environment = new DialogueEnvironment(Retail, task.Patch);
        foreach (var action in task.Actions)
            environment.Call(action.Tool, action.Arguments).Text.Should().Be(action.Observation, task.Id);
        return Retail.Canon.Canonical(environment.Diff());
    }

    private static Blueprint[] Sliced(string slice)
    {
        var tasks = Enumerable.Range(0, 20).Select(i => Sampler.Value.Sliced(slice, Run, i)).OfType<Blueprint>().ToArray();
        tasks.Should().HaveCountGreaterThan(10, slice);
        return tasks;
    }
}
