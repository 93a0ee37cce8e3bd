using System.Buffers;
using ConvoSynth.Core;
using ConvoSynth.Domains;

namespace ConvoSynth.Synthesis;

/// <summary>
/// A clause that only a person or a model can judge, with what shows that it applies in a dialogue, a call of one of its tools that went through, and what shows that it was kept.
/// </summary>
internal sealed class JudgedClause
{
    private readonly BoundRule _rule;
    private readonly SearchValues<string>? _when;
    private readonly SearchValues<string>? _agent;
    private readonly SearchValues<string>? _human;
    private readonly IReadOnlySet<string> _after;
    private readonly string? _whole;

    public JudgedClause(RuleBook book, BoundRule rule)
    {
        _rule = rule;
        _when = Cues(rule.Options["when"]);
        var clear = rule.Options["clear"];
        _agent = Cues(clear["agent"]);
        _human = Cues(clear["human"]);
        _whole = clear["whole"].Text;
        _after = clear["after"].IsNull ? new HashSet<string>() : book.Tools(clear["after"], "rules.yaml: after");
    }

    /// <summary>Unsure for each call to which the clause applies and of which nothing shows that it was kept.</summary>
    public void Judge(Trace trace, ref Findings findings)
    {
        foreach (var call in trace.Calls)
        {
            if (!call.Succeeded || call.Tool is not { } tool || !_rule.Tools.Contains(tool.Name)) continue;
            if (_when is not null && FirstWith(trace, _when, MessageRole.User, call.Message) is null) continue;
            if (!IsKept(trace, call)) findings.Unsure(call.Message, $"nothing shows that {tool.Name}({call.Call.Arguments}) keeps to {_rule.Quote}");
        }
    }

    private bool IsKept(Trace trace, TraceCall call)
    {
        if (_agent is not null && FirstWith(trace, _agent, MessageRole.Assistant, call.Message) is not null) return true;
        // What the agent put into the human's mouth is not the human's.
        if (_human is not null && FirstWith(trace, _human, MessageRole.User, call.Message) is { } said && !(FirstWith(trace, _human, MessageRole.Assistant, call.Message) < said)) return true;
        if (_whole is not null && IsWhole(trace, call)) return true;
        foreach (var earlier in trace.Calls)
        {
            if (earlier.Message >= call.Message) return false;
            if (earlier.Succeeded && _after.Contains(earlier.Call.Name)) return true;
        }

        return false;
    }

    // The argument names every row of its kind that the written row holds: nothing can be missing.
    private bool IsWhole(Trace trace, TraceCall call)
    {
        var arguments = PackMeaning.Of(trace.Pack).Arguments(call.Tool!);
        EntityRow? holder = null;
        foreach (var argument in arguments)
        {
            var value = call.Arguments![argument.Parameter.Name];
            if (argument.Names is { Parent: null } root && value is JsonText or JsonNumber) holder = trace.Pack.Rows.Find(trace.View, root, value) ?? holder;
            if (argument.Parameter.Name == _whole && value is JsonList named && argument.Names is { } entity && holder?.Entity.Name == entity.Parent)
                return EntityRows.Within(holder!, entity).All(r => named.Items.Contains(r.Key));
        }

        return false;
    }

    private static int? FirstWith(Trace trace, SearchValues<string> cues, MessageRole role, int before)
    {
        for (var i = 0; i < before; i++)
        {
            if (trace.Conversation.Messages[i].Role == role && trace.Said(i) is { } said && said.Words.AsSpan().ContainsAny(cues)) return i;
        }

        return null;
    }

    // A cue is the beginning of words: "compensat".
    private static SearchValues<string>? Cues(Json cues) => cues.IsNull ? null
        : SearchValues.Create([.. (cues is JsonList list ? list.Items : [cues]).Select(c => SpokenText.Padded(c.Text ?? "").TrimEnd())], StringComparison.Ordinal);
}
