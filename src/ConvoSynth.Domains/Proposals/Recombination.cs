using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains.Environments;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Sampling;

namespace ConvoSynth.Domains.Proposals;

/// <summary>
/// Joins two finished tasks of one person: the calls of the first, then those of the second, are executed from the base again. What the
/// first changes may forbid, undo or falsify the second; such a pair is refused with the conflict.
/// </summary>
public sealed class Recombination(Pack pack)
{
    private readonly MustFail _mustFail = new(pack);
    private readonly RecombinationConflicts _conflicts = new(pack);
    private readonly JoinedScenario _scenario = new(pack);

    /// <summary>The person of a finished task; null if none of its calls names a row of one.</summary>
    public string? PersonOf(Blueprint blueprint) =>
        NamedRows
            .Found(pack, [.. Calls(blueprint)])
            .Select(r => pack.Rows.Owner(pack.BaseView, r)?.Identity)
            .FirstOrDefault(o => o is not null);

    /// <summary>A function of both tasks, the name and the seed.</summary>
    public Recombined Join(Blueprint first, Blueprint second, string id, long index, Seed seed)
    {
        if ((NotJoinable(first) ?? NotJoinable(second)) is { } form)
            return Conflict("form", form);
        if (PersonOf(first) is not { } person || person != PersonOf(second))
            return Conflict("person", $"the tasks {first.Id} and {second.Id} are of two people");
        var run = new JoinedRun(pack);
        if ((run.Play(first, isFirst: true) ?? run.Play(second, isFirst: false)) is { } failed)
            return new(null, failed);
        if (_conflicts.Between(first, second, run) is { } conflict)
            return new(null, conflict);
        var scenario = _scenario.Of(first, second, run);
        var joined = first with
        {
            Id = id,
            Index = index,
            Seed = seed.ToString(),
            Intent = $"{first.Intent}+{second.Intent}",
            Shape = first.Shape.EndsWith("+combined", StringComparison.Ordinal) ? first.Shape : $"{first.Shape}+combined",
            Slice = Slices.Composite,
            FamilyId = id,
            Depth = first.Depth + second.Depth,
            Scenario = scenario,
            Instruction = InstructionWriter.Write(scenario, first.Persona, seed.For("instruction")),
            Actions = [.. run.Actions],
            AcceptedEndStates = States(first, second, run),
            Outputs = [.. first.Outputs, .. second.Outputs.Select(o => o with { GroundedBy = run.Place(o.GroundedBy) })],
            Refusals = [.. first.Refusals, .. second.Refusals.Select(r => r with { GroundedBy = run.Place(r.GroundedBy) })],
            ClausesHeld = Union(first.ClausesHeld, second.ClausesHeld),
            ClausesBroken = Union(first.ClausesBroken, second.ClausesBroken),
            Proposal = first.Proposal ?? second.Proposal,
        };
        return (InstructionCheck.Problem(pack, joined) ?? Survivor(joined)) is { } problem ? Conflict("task", problem) : new(joined, null);
    }

    private string? Survivor(Blueprint joined) => _mustFail.Survivor(joined, []) is { } survivor ? $"{survivor} would pass" : null;

    private string? NotJoinable(Blueprint task) =>
        !task.Patch.IsEmpty || task.Twist is not null ? $"the task {task.Id} changes the data, or its conversation, before it begins"
        : task.Scenario.Requests.IsEmpty ? $"the task {task.Id} has no scenario"
        : task.Actions.Any(a => pack.Tools.Find(a.Tool) is null or { Kind: ToolKind.Transfer })
            ? $"the task {task.Id} hands the conversation over"
        : null;

    // Each pair of accepted ways, executed one after the other. A way that fails after the other's is none.
    private ImmutableArray<EndState> States(Blueprint first, Blueprint second, JoinedRun run)
    {
        var states = ImmutableArray.CreateBuilder<EndState>();
        states.Add(new("gold", run.Diff, [.. run.Actions.Where(a => a.Writes).Select(a => new PlannedWrite(a.Tool, a.Arguments))]));
        foreach (var one in first.AcceptedEndStates)
        {
            foreach (var other in second.AcceptedEndStates)
            {
                var environment = new DialogueEnvironment(pack);
                ImmutableArray<PlannedWrite> writes = [.. one.Writes, .. other.Writes];
                if (writes.Any(w => environment.Call(pack.Tools.Find(w.Tool)!, w.Arguments).IsError))
                    continue;
                var diff = pack.Canon.Canonical(environment.Diff());
                if (!states.Any(s => s.Diff.Equals(diff)))
                    states.Add(new($"tie:{one.Name}:{other.Name}", diff, writes));
            }
        }

        return states.ToImmutable();
    }

    private IEnumerable<ReadCall> Calls(Blueprint blueprint) =>
        blueprint
            .Actions.Where(a => pack.Tools.Find(a.Tool) is not null)
            .Select(a => new ReadCall(pack.Tools.Find(a.Tool)!, (JsonMap)a.Arguments));

    private static ImmutableArray<string> Union(ImmutableArray<string> one, ImmutableArray<string> other) =>
        [.. one.Union(other, StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private static Recombined Conflict(string kind, string message) => new(null, new(kind, message));
}
