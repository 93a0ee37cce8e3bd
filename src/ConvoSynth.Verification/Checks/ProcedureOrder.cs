using System.Collections.Frozen;
using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;
using ConvoSynth.Verification.Evidence;

namespace ConvoSynth.Verification.Checks;

/// <summary>
/// <c>procedure.order</c>: a tool succeeds only after another one succeeded in an earlier message. If both name a row by an argument of
/// the same meaning, it must be the same row.
/// </summary>
internal sealed class ProcedureOrder(RuleBook book, IReadOnlyList<BoundRule> rules) : ICheck
{
    private static readonly CheckName Name = new("procedure", "order");

    private readonly (BoundRule Rule, FrozenSet<string> First)[] _rules =
    [
        .. rules.Select(r => (r, book.Tools(r.Options["first"], $"rules.yaml: clause {r.Clause.Number}: first"))),
    ];

    public void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts)
    {
        var findings = new Findings(Name, verdicts);
        foreach (var (rule, first) in _rules)
        {
            foreach (var call in trace.Calls)
            {
                if (!call.Succeeded || call.Tool is not { } tool || !rule.Tools.Contains(tool.Name) || IsPrepared(trace, call, first))
                    continue;
                findings.Fail(
                    Fault.Agent,
                    call.Message,
                    $"{tool.Name}({call.Call.Arguments}) without "
                        + $"{string.Join(" or ", first.Order(StringComparer.Ordinal))} before it; {rule.Quote}"
                );
            }
        }

        findings.Close();
    }

    private static bool IsPrepared(Trace trace, TraceCall call, FrozenSet<string> first)
    {
        var shared = false;
        foreach (var parameter in call.Tool!.Parameters)
        {
            if (parameter.Is is null || !first.Any(f => trace.Pack.Tools.Find(f)!.Parameters.Any(p => p.Is == parameter.Is)))
                continue;
            shared = true;
            var value = call.Arguments![parameter.Name];
            if (
                value is JsonList list
                    ? !list.Items.All(i => Came(trace, call, first, parameter.Is, i))
                    : !Came(trace, call, first, parameter.Is, value)
            )
                return false;
        }

        return shared || Came(trace, call, first, null, Json.Null);
    }

    private static bool Came(Trace trace, TraceCall call, FrozenSet<string> first, string? @is, Json value)
    {
        foreach (var earlier in trace.Calls)
        {
            if (earlier.Message >= call.Message)
                return false;
            if (!earlier.Succeeded || earlier.Tool is not { } tool || !first.Contains(tool.Name))
                continue;
            if (@is is null || tool.Parameters.Any(p => p.Is == @is && Holds(earlier.Arguments![p.Name], value)))
                return true;
        }

        return false;
    }

    private static bool Holds(Json argument, Json value) => argument is JsonList list ? list.Items.Contains(value) : argument == value;
}
