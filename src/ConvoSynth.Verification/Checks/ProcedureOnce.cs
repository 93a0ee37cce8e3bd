using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Verification.Evidence;

namespace ConvoSynth.Verification.Checks;

/// <summary>
/// <c>procedure.once</c>: at most one call of a rule's tools succeeds per row of its entity; without an entity, per dialogue.
/// </summary>
internal sealed class ProcedureOnce(Pack pack, IReadOnlyList<BoundRule> rules) : ICheck
{
    private static readonly CheckName Name = new("procedure", "once");

    private readonly (BoundRule Rule, EntitySpec? Per)[] _rules =
    [
        .. rules.Select(r => (r, r.Options["per"].Text is { } per ? pack.Domain.Entity(per) : null)),
    ];

    public void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts)
    {
        var findings = new Findings(Name, verdicts);
        foreach (var (rule, per) in _rules)
        {
            Dictionary<string, int>? seen = null;
            foreach (var call in trace.Calls)
            {
                if (!call.Succeeded || call.Tool is not { } tool || !rule.Tools.Contains(tool.Name))
                    continue;
                foreach (var row in RowsOf(call, per))
                {
                    if ((seen ??= new(StringComparer.Ordinal)).TryAdd(row, call.Message))
                        continue;
                    findings.Fail(Fault.Agent, call.Message, $"{tool.Name}({call.Call.Arguments}) after message {seen[row]}; {rule.Quote}");
                }
            }
        }

        findings.Close();
    }

    private List<string> RowsOf(TraceCall call, EntitySpec? per)
    {
        if (per is null)
            return [""];
        var rows = new List<string>(1);
        foreach (var meaning in PackMeaning.Of(pack).Arguments(call.Tool!))
        {
            if (meaning.Names?.Name != per.Name || call.Arguments![meaning.Parameter.Name] is not { IsNull: false } value)
                continue;
            if (value is JsonList list)
                rows.AddRange(list.Items.Select(EntityRows.Text).Distinct(StringComparer.Ordinal));
            else
                rows.Add(EntityRows.Text(value));
        }

        return rows;
    }
}
