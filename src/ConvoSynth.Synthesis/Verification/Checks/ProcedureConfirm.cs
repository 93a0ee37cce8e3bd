using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Domains;

namespace ConvoSynth.Synthesis;

/// <summary>
/// <c>procedure.confirm</c>: the part of confirmation that structure decides. Since the row to be written was first known, the agent spoke and the
/// human answered before the write; before that answer the agent named the row or a value of the write in some way; a detail that the rule names was
/// not first said in the answer; where each write needs a yes of its own, a human message came since the last write. Whether the agent
/// asked, and whether the answer was a yes, is judged apart.
/// </summary>
internal sealed class ProcedureConfirm(IReadOnlyList<BoundRule> rules) : ICheck
{
    private static readonly CheckName Name = new("procedure", "confirm");

    private readonly (BoundRule Rule, HashSet<string> Details, bool Each)[] _rules =
    [
        .. rules.Select(r => (r, r.Options["details"].Items.Select(d => d.Text ?? "").ToHashSet(StringComparer.Ordinal), r.Options["yes"].Text == "each")),
    ];

    public void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts)
    {
        var findings = new Findings(Name, verdicts);
        foreach (var (rule, details, each) in _rules)
        {
            var lastWrite = -1;
            foreach (var call in trace.Calls)
            {
                if (!call.Wrote || !rule.Tools.Contains(call.Tool!.Name)) continue;
                var answer = Last(trace, call.Message, MessageRole.User);
                var question = Last(trace, answer, MessageRole.Assistant);
                var known = FirstKnown(trace, call);
                if (question < 0 || question < known)
                    findings.Fail(Fault.Agent, call.Message, $"{call.Tool.Name}({call.Call.Arguments}) was done without a word to the human since its row was known; {rule.Quote}");
                else if (each && answer < lastWrite)
                    findings.Fail(Fault.Agent, call.Message, $"{call.Tool.Name}({call.Call.Arguments}) follows the write of message {lastWrite} without a yes of its own; {rule.Quote}");
                else if (!IsMentioned(trace, call, known, answer))
                    findings.Fail(Fault.Agent, call.Message, $"{call.Tool.Name}({call.Call.Arguments}): since its row was known and before message {answer}, the agent never spoke of what it changes; {rule.Quote}");
                else if (SaidOnlyIn(trace, call, answer, details) is { } detail)
                    findings.Fail(Fault.Agent, call.Message, $"{call.Tool.Name}({call.Call.Arguments}): {detail} was first said in message {answer}, so that the agent cannot have stated it before; {rule.Quote}");
                lastWrite = call.Message;
            }
        }

        findings.Close();
    }

    // The last message before an index in which the role hands over the turn; -1 where there is none.
    private static int Last(Trace trace, int before, MessageRole role)
    {
        var messages = trace.Conversation.Messages;
        for (var i = before - 1; i >= 0; i--)
        {
            if (messages[i].Role == role && (role == MessageRole.User || Speech.IsAgentTurn(messages[i]))) return i;
        }

        return -1;
    }

    private static bool IsMentioned(Trace trace, TraceCall call, int after, int before)
    {
        var mentions = Mentions.Of(trace, call);
        if (!mentions.Any) return true;
        var messages = trace.Conversation.Messages;
        for (var i = before - 1; i > after; i--)
        {
            if (Speech.IsAgentTurn(messages[i]) && mentions.In(messages[i].Content!)) return true;
        }

        return false;
    }

    // When the last of the written rows that the arguments name was first seen.
    private static int FirstKnown(Trace trace, TraceCall call)
    {
        var known = -1;
        foreach (var meaning in PackMeaning.Of(trace.Pack).Arguments(call.Tool!))
        {
            if (meaning.Names is null || call.Arguments![meaning.Parameter.Name] is not { IsNull: false } value) continue;
            if (value is not JsonList list)
            {
                known = Math.Max(known, FirstKnown(trace, call, meaning.Names, value));
                continue;
            }

            foreach (var item in list.Span) known = Math.Max(known, FirstKnown(trace, call, meaning.Names, item));
        }

        return known;
    }

    // A number that the human gave, or a list of numbers, shows no row: what counts is the first read of the row itself, where there was one.
    private static int FirstKnown(Trace trace, TraceCall call, EntitySpec entity, Json key)
    {
        var id = EntityRows.Text(key);
        if (!call.Writes.Any(w => w.Key == id)) return -1;
        var named = int.MaxValue;
        foreach (var earlier in trace.Calls)
        {
            if (earlier.Message >= call.Message) break;
            if (!earlier.Succeeded || earlier.Observation < 0 || !JsonSearch.ShowsId(earlier.Result.Value, id)) continue;
            if (earlier.Tool!.Reveals.Contains(entity.Name)) return earlier.Observation;
            named = Math.Min(named, earlier.Observation);
        }

        return named == int.MaxValue ? -1 : named;
    }

    // Numbers, amounts and dates only: they have one reading.
    private static string? SaidOnlyIn(Trace trace, TraceCall call, int answer, HashSet<string> details)
    {
        if (details.Count == 0) return null;
        foreach (var meaning in PackMeaning.Of(trace.Pack).Arguments(call.Tool!))
        {
            var parameter = meaning.Parameter;
            if (!details.Contains(parameter.Name) && (parameter.Is is null || !details.Contains(parameter.Is))) continue;
            if (call.Arguments![parameter.Name] is not (JsonNumber or JsonText) || meaning.TypeOf(call.Arguments[parameter.Name]) is not ("count" or "money" or "date")) continue;
            var value = call.Arguments[parameter.Name];
            var type = meaning.TypeOf(value);
            var messages = trace.Conversation.Messages;
            if (!FieldValues.Says(messages[answer].Content ?? "", type, value)) continue;
            var before = false;
            for (var i = 0; i < answer && !before; i++) before = messages[i] is { Role: not MessageRole.Tool, Content: { } text } && FieldValues.Says(text, type, value);
            if (!before) return $"{parameter.Name} {FieldValues.Say(type, value)}";
        }

        return null;
    }
}
