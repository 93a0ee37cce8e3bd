using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.State;
using ConvoSynth.Domains.Environments;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Proposals;
using ConvoSynth.Domains.Sampling;

namespace ConvoSynth.Rehearsal.Tests;

/// <summary>Two finished tasks of one person as one.</summary>
public sealed class RecombinationTests
{
    private static readonly Seed Run = new(11);

    [Theory]
    [InlineData("library", 300, 15)]
    [InlineData("retail", 300, 15)]
    public async Task A_joined_task_ends_in_its_state_by_its_calls_and_in_the_dialogue_of_an_agent_that_follows_them(
        string domain,
        int sampled,
        int wanted
    )
    {
        var pack = PackLoading.Load(RepositoryRoot.At("blueprints", domain));
        var (joined, conflicts) = Joined(pack, sampled, wanted);

        joined.Should().HaveCount(wanted, string.Join(", ", conflicts));
        foreach (var task in joined)
        {
            Executed(pack, task).Should().Be(task.AcceptedEndStates[0].Diff, task.Id);
            var played = await Playing.Play(pack, task, 5);
            task.AcceptedEndStates.Should().Contain(s => s.Diff.Equals(pack.Canon.Canonical(played.Diff)), task.Id);
            task.Scenario.Facts.Select(f => f.Slot).Should().OnlyHaveUniqueItems(task.Id);
        }
    }

    [Fact]
    public void Tasks_that_hinder_each_other_are_refused_with_the_conflict_by_name()
    {
        var pack = PackLoading.Load(RepositoryRoot.At("blueprints", "retail"));
        var sampler = new BlueprintSampler(pack);
        var recombination = new Recombination(pack);
        var task = Enumerable
            .Range(0, 200)
            .Select(i => sampler.Sample(Run, i, twins: false))
            .First(t => t.Patch.IsEmpty && t.Actions.Count(a => a.Tool == "cancel_pending_order") == 1 && t.Outputs.IsEmpty);
        var cancelled = task.Actions.First(a => a.Writes);

        var twice = recombination.Join(task, task, "retail/twice", 0, Run);

        twice.Blueprint.Should().BeNull();
        twice.Conflict!.Kind.Should().Be("guard");
        twice.Conflict.Message.Should().Contain(cancelled.Arguments.ToString()).And.Contain("after the first task's calls");
    }

    private static (List<Blueprint> Joined, SortedDictionary<string, int> Conflicts) Joined(Pack pack, int sampled, int wanted)
    {
        var (sampler, recombination) = (new BlueprintSampler(pack), new Recombination(pack));
        var people = Enumerable
            .Range(0, sampled)
            .Select(i => sampler.Sample(Run, i, twins: false))
            .GroupBy(t => recombination.PersonOf(t) ?? "", StringComparer.Ordinal)
            .Where(g => g.Key.Length > 0);
        var (joined, conflicts) = (new List<Blueprint>(), new SortedDictionary<string, int>(StringComparer.Ordinal));
        foreach (var (one, other) in people.SelectMany(p => p.SelectMany(a => p.Where(b => b.Id != a.Id).Select(b => (a, b)))))
        {
            if (joined.Count == wanted)
                break;
            var made = recombination.Join(one, other, $"{pack.Name}/joined/{joined.Count}", joined.Count, Run.For(joined.Count));
            if (made.Blueprint is { } task)
                joined.Add(task);
            else
                conflicts[made.Conflict!.Kind] = conflicts.GetValueOrDefault(made.Conflict.Kind) + 1;
        }

        return (joined, conflicts);
    }

    private static StateDiff Executed(Pack pack, Blueprint task)
    {
        var environment = new DialogueEnvironment(pack);
        foreach (var action in task.Actions)
            environment.Call(pack.Tools.Find(action.Tool)!, action.Arguments).Text.Should().Be(action.Observation, task.Id);
        return pack.Canon.Canonical(environment.Diff());
    }
}
