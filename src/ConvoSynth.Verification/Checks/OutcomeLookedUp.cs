using System.Collections.Immutable;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Verification.Evidence;

namespace ConvoSynth.Verification.Checks;

/// <summary>
/// <c>outcome.looked-up</c>: a value that stands only in another record of the human is written after a call that shows this record.
/// Before it, the value can only be a guess, even if it is right.
/// </summary>
internal sealed class OutcomeLookedUp : ICheck
{
    private static readonly CheckName Name = new("outcome", "looked-up");

    public void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts)
    {
        if (trace.Blueprint.Twist?.Elsewhere is not { } elsewhere)
            return;
        var findings = new Findings(Name, verdicts);
        var write = trace.Blueprint.Actions[elsewhere.Write];
        var isShown = false;
        foreach (var call in trace.Calls)
        {
            if (!isShown && call.Wrote && IsOf(call, write, elsewhere))
            {
                findings.Fail(
                    Fault.Agent,
                    call.Message,
                    $"{call.Call.Name} takes {elsewhere.Parameter} from {elsewhere.Entity} {elsewhere.Key}, which no call has shown"
                );
                break;
            }

            isShown |= call.Succeeded && Shows(call, elsewhere);
        }

        findings.Close();
    }

    private static bool IsOf(TraceCall call, GoldAction write, ValueElsewhere elsewhere) =>
        call.Tool!.Name == write.Tool && call.Arguments?[elsewhere.Parameter] == write.Arguments[elsewhere.Parameter];

    private static bool Shows(TraceCall call, ValueElsewhere elsewhere) =>
        call.Tool is { Kind: ToolKind.Read } tool
        && tool.Reveals.Contains(elsewhere.Entity)
        && JsonSearch.ShowsId(call.Result.Value, EntityRows.Text(elsewhere.Key));
}
