using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains.Environments;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Proposals;

/// <summary>
/// A finished blueprint in the form of a proposal: as an example for a proposer, and for the test endpoint's proposer. Conditions,
/// refusals, computed answers and changed data have no place in that form.
/// </summary>
public static class BlueprintAsProposal
{
    /// <returns>Null if the task does not fit into the form.</returns>
    public static Proposal? Of(Pack pack, Blueprint blueprint)
    {
        var scenario = blueprint.Scenario;
        if (
            !blueprint.Patch.IsEmpty
            || blueprint.Twist is not null
            || !blueprint.Refusals.IsEmpty
            || scenario.Requests.IsEmpty
            || scenario.Requests.Any(r => r.Kind == RequestKind.Refuse || !r.Alternatives.IsEmpty)
            || scenario.Facts.Any(f => f.Disclosure == Disclosure.Never)
        )
            return null;
        var environment = new DialogueEnvironment(pack);
        var calls = new List<ReadCall>();
        foreach (var action in blueprint.Actions)
        {
            var tool = pack.Tools.Find(action.Tool)!;
            if (tool.Kind == ToolKind.Transfer)
                return null;
            calls.Add(new(tool, (JsonMap)action.Arguments));
            environment.Call(tool, action.Arguments);
        }

        var rows = NamedRows.Found(pack, calls);
        if (rows.Select(r => pack.Rows.Owner(pack.BaseView, r)).FirstOrDefault(o => o is not null) is not { } owner)
            return null;
        var answers = new List<ProposedAnswer>();
        foreach (var output in blueprint.Outputs)
        {
            if (Place(pack, environment.Db, rows, owner, output) is not var (field, key))
                return null;
            answers.Add(new(output.Label, output.Value.Text ?? output.Value.ToString(), field, key));
        }

        return new()
        {
            Reason = scenario.Reason,
            Instruction = blueprint.Instruction,
            Actions = [.. blueprint.Actions.Where(a => a.Writes).Select(a => new ProposedCall(a.Tool, a.Arguments.ToString()))],
            Outputs = [.. answers],
        };
    }

    // The field of a row that holds the answer in the end: of the rows that the calls name, then of all that the person has.
    private static (string Field, string Key)? Place(
        Pack pack,
        Db db,
        IReadOnlyList<EntityRow> named,
        EntityRow owner,
        ExpectedOutput output
    )
    {
        var all = pack
            .Domain.EntityOrder.Select(pack.Domain.Entity)
            .Where(e => e.Parent is null && pack.Rows.IsOwned(e))
            .SelectMany(e => pack.Rows.OwnedBy(db, e, owner));
        foreach (var row in named.Where(r => r.Parent is null).Concat(all))
        {
            if (pack.Rows.Find(db, row.Entity, row.Key) is not { } now)
                continue;
            foreach (var field in row.Entity.Fields.Values)
            {
                if (field.Type == output.Type && now[field.Path] == output.Value)
                    return ($"{row.Entity.Name}.{field.Path}", EntityRows.Text(row.Key));
            }
        }

        return null;
    }
}
