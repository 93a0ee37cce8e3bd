using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Proposals;

namespace ConvoSynth.Rehearsal.FakeOpenAI.Scripts;

/// <summary>A right proposal, and what is needed to break it.</summary>
/// <param name="Blueprint">The blueprint that a run makes of it.</param>
/// <param name="Forbidden">Finds a proposal whose call a guard forbids; null where there is none.</param>
/// <param name="Stranger">The key of a row of another person.</param>
internal sealed record ScriptedProposal(
    Pack Pack,
    Seed Seed,
    Proposal Right,
    Blueprint Blueprint,
    Func<Proposal?> Forbidden,
    string? Stranger
);

/// <summary>Breaks right proposals. Each way is wrong by construction, and asks no check whether it is.</summary>
internal static class ProposalBreaks
{
    public const string Json = "json";
    public const string Tool = "tool";
    public const string Argument = "argument";
    public const string Row = "row";
    public const string Guard = "guard";
    public const string Idle = "idle";
    public const string Nothing = "nothing";
    public const string Output = "output";
    public const string Fact = "fact";
    public const string Leak = "leak";

    private const string Wrong = "no such value";

    public static ImmutableArray<string> All { get; } = [Json, Tool, Argument, Row, Guard, Idle, Nothing, Output, Fact, Leak];

    /// <summary>The text of a broken proposal; null if this proposal cannot be broken in this way.</summary>
    public static string? Broken(ScriptedProposal proposal, string fault) =>
        fault == Json ? Text(proposal.Right)[..^2]
        : Changed(proposal, fault) is { } changed ? Text(changed)
        : null;

    public static string Text(Proposal proposal) =>
        ((JsonMap)proposal.ToJson()).With("thought", "This proposer follows a script.").ToString();

    private static Proposal? Changed(ScriptedProposal proposal, string fault)
    {
        var right = proposal.Right;
        switch (fault)
        {
            case Tool when right.Actions is [var first, ..]:
                return right with { Actions = right.Actions.SetItem(0, first with { Tool = $"{first.Tool}_now" }) };
            case Argument when right.Actions is [var first, ..] && Core.Json.Parse(first.Arguments) is JsonMap { Count: > 0 } arguments:
                return With(right, arguments.With(arguments.Keys[0], Core.Json.List(arguments.Values[0])));
            case Row when Named(proposal) is var (name, key, arguments):
                return With(right, arguments.With(name, $"{key}9"));
            case Guard:
                return proposal.Forbidden();
            case Idle when Unchanging(proposal.Pack) is { } call:
                return right with { Actions = [call], Outputs = [] };
            case Nothing:
                return right with { Actions = [], Outputs = [] };
            case Output when !right.Outputs.IsEmpty:
                return right with { Outputs = right.Outputs.SetItem(0, right.Outputs[0] with { Value = Wrong }) };
            case Output when Named(proposal) is var (name, key, _):
                var field = proposal.Pack.Tools.Find(right.Actions[0].Tool)!.Parameter(name)!.Is!;
                return right with { Outputs = [new("which one it is", Wrong, field, key)] };
            case Fact when proposal.Blueprint.Scenario.Facts is [var proof, ..]:
                return right with { Instruction = right.Instruction.Replace(proof.Said, "…", StringComparison.Ordinal) };
            case Leak when proposal.Stranger is { } stranger:
                return right with { Instruction = $"{right.Instruction} A friend of yours has {stranger}." };
            default:
                return null;
        }
    }

    // The first argument that is the key of a row by itself.
    private static (string Name, string Key, JsonMap Arguments)? Named(ScriptedProposal proposal)
    {
        if (proposal.Right.Actions is not [var first, ..] || Core.Json.Parse(first.Arguments) is not JsonMap arguments)
            return null;
        foreach (var parameter in proposal.Pack.Tools.Find(first.Tool)!.Parameters)
        {
            if (
                parameter.Is is { } field
                && proposal.Pack.Domain.Find(field) is { Entity.Parent: null } named
                && named.Field.Path == named.Entity.Key
                && arguments[parameter.Name] is JsonText key
            )
                return (parameter.Name, key.Value, arguments);
        }

        return null;
    }

    private static Proposal With(Proposal right, JsonMap arguments) =>
        right with
        {
            Actions = right.Actions.SetItem(0, right.Actions[0] with { Arguments = arguments.ToString() }),
        };

    // A write that sets the fields of a row to what they hold already.
    private static ProposedCall? Unchanging(Pack pack)
    {
        foreach (var tool in pack.Tools.All.Where(t => t.Writes))
        {
            var fields = tool.Parameters.Select(p => p.Is is { } field ? pack.Domain.Find(field) : null).ToArray();
            if (
                fields.Any(f => f is null)
                || fields[0]!.Value.Entity is not { Parent: null } entity
                || fields.Length < 2
                || !fields.All(f => f!.Value.Entity.Name == entity.Name && f.Value.Field.Ref is null)
            )
                continue;
            foreach (var row in pack.Rows.All(pack.BaseView, entity))
            {
                var held = tool.Parameters.Zip(fields, (p, f) => KeyValuePair.Create(p.Name, row[f!.Value.Field.Path]));
                if (
                    held.All(h => !h.Value.IsNull && h.Value.Text is not "")
                    && pack.Guards.Broken(pack.BaseView, tool, JsonMap.Create(held)).Count == 0
                )
                    return new(tool.Name, JsonMap.Create(held).ToString());
            }
        }

        return null;
    }
}
