using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.State;
using ConvoSynth.Domains.Environments;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Slicing;

/// <summary>
/// A task whose gold reads several things one after another that do not depend on each other, under a policy that asks for such calls in
/// one message. Independence is tried: in each order the calls show the same and end in the same state.
/// </summary>
internal sealed class ParallelCalls(Pack pack)
{
    private const int MaxTogether = 4;

    public Blueprint? Of(Blueprint task, SeededRandom random)
    {
        if (task.Shape.Contains("condition", StringComparison.Ordinal))
            return null;
        var groups = task.Scenario.Requests.SelectMany(r => Groups(task, r)).Where(g => AreIndependent(task, g)).ToImmutableArray();
        return groups.IsEmpty
            ? null
            : task with
            {
                Depth = task.Depth + groups.Length,
                Twist = new() { Together = groups, Amended = pack.Amendments[0] },
            };
    }

    // Reads of one wish that follow each other. The person's identity comes first, and a calculation needs what was read.
    private IEnumerable<ImmutableArray<int>> Groups(Blueprint task, Request request)
    {
        var group = ImmutableArray<int>.Empty;
        for (var a = request.FirstAction; a < Math.Min(request.FirstAction + request.ActionCount, task.Actions.Length); a++)
        {
            var fits = IsPlainRead(task.Actions[a]) && (group.IsEmpty || (group.Length < MaxTogether && !CallNeeds.Any(task, group, a)));
            if (fits)
                group = group.Add(a);
            if (group.Length > 1 && (!fits || a + 1 == request.FirstAction + request.ActionCount))
                yield return group;
            if (!fits)
                group = IsPlainRead(task.Actions[a]) ? [a] : [];
        }
    }

    private bool IsPlainRead(GoldAction action) =>
        pack.Tools.Find(action.Tool) is { Kind: ToolKind.Read, Calculates: false } && !pack.Domain.Identity.Any(i => i.Tool == action.Tool);

    private bool AreIndependent(Blueprint task, ImmutableArray<int> group)
    {
        StateDiff? end = null;
        foreach (var order in Orders(group))
        {
            var environment = new DialogueEnvironment(pack, task.Patch);
            foreach (var before in task.Actions.Take(group[0]))
                environment.Call(before.Tool, before.Arguments);
            foreach (var a in order)
            {
                if (environment.Call(task.Actions[a].Tool, task.Actions[a].Arguments).Text != task.Actions[a].Observation)
                    return false;
            }

            var diff = environment.Diff();
            if (end is not null && !end.Equals(diff))
                return false;
            end = diff;
        }

        return true;
    }

    private static IEnumerable<ImmutableArray<int>> Orders(ImmutableArray<int> group) =>
        group.Length < 2 ? [group] : group.SelectMany(first => Orders(group.Remove(first)).Select(rest => rest.Insert(0, first)));
}
