using System.Buffers;
using ConvoSynth.Core;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Formulas;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Verification.Evidence;

namespace ConvoSynth.Verification.Language;

/// <summary>
/// A clause that only a person or a model can judge, with the signals that it applies and the signals that it was kept. It applies only
/// to successful calls of its tools.
/// </summary>
internal sealed class JudgedClause
{
    private readonly BoundRule _rule;
    private readonly SearchValues<string>? _when;
    private readonly SearchValues<string>? _agent;
    private readonly SearchValues<string>? _human;
    private readonly SearchValues<string>[] _humanCues;
    private readonly IReadOnlySet<string> _after;
    private readonly RowCondition? _where;
    private readonly bool _mayAsk;
    private readonly CueSet[] _weighs;
    private readonly string? _whole;

    public JudgedClause(Pack pack, RuleBook book, BoundRule rule)
    {
        _rule = rule;
        _when = Cues(rule.Options["when"]);
        var clear = rule.Options["clear"];
        _agent = Cues(clear["agent"]);
        _human = Cues(clear["human"]);
        _humanCues = [.. List(clear["human"]).Select(c => Cues(c)!)];
        _where = rule.Options["where"].Text is { } where ? new(pack, where) : null;
        _mayAsk = clear["asked"].Flag == true;
        _whole = clear["whole"].Text;
        _weighs = [.. rule.Options["weighs"].Items.Select(w => new CueSet(w.Items.Select(c => c.Text ?? "")))];
        _after = clear["after"].IsNull ? new HashSet<string>() : book.Tools(clear["after"], "rules.yaml: after");
    }

    /// <summary>Unsure for each call to which the clause applies and without a signal that it was kept.</summary>
    public void Judge(Trace trace, ref Findings findings)
    {
        if (_weighs.Length > 0)
            JudgeWords(trace, ref findings);
        foreach (var call in trace.Calls)
        {
            if (!call.Succeeded || call.Tool is not { } tool || !_rule.Tools.Contains(tool.Name))
                continue;
            if (_where is not null && !(Target(trace, call) is { } row && _where.Holds(trace.StateBefore(call.Message), row)))
                continue;
            if (_when is not null && FirstWith(trace, _when, MessageRole.User, call.Message) is null)
                continue;
            if (!IsKept(trace, call))
                findings.Unsure(call.Message, $"nothing shows that {tool.Name}({call.Call.Arguments}) keeps to {_rule.Quote}");
        }
    }

    private bool IsKept(Trace trace, TraceCall call)
    {
        if (_agent is not null && FirstWith(trace, _agent, MessageRole.Assistant, call.Message) is not null)
            return true;
        if (Array.Exists(_humanCues, cue => IsHumansOwn(trace, cue, call.Message)))
            return true;
        if (_human is not null && _mayAsk && IsAgreed(trace, call.Message))
            return true;
        if (_whole is not null && IsWhole(trace, call))
            return true;
        foreach (var earlier in trace.Calls)
        {
            if (earlier.Message >= call.Message)
                return false;
            if (earlier.Succeeded && _after.Contains(earlier.Call.Name))
                return true;
        }

        return false;
    }

    // A cue that the agent used first is not the human's own word. An agent that quotes a clause on certificates leaves them others.
    private bool IsHumansOwn(Trace trace, SearchValues<string> cue, int before) =>
        FirstWith(trace, cue, MessageRole.User, before) is { } said
        && (_mayAsk || !(FirstWith(trace, cue, MessageRole.Assistant, before) < said));

    // The agent's own words have the cue, and the human agrees after them.
    private bool IsAgreed(Trace trace, int before)
    {
        if (FirstWith(trace, _human!, MessageRole.Assistant, before) is not { } said)
            return false;
        for (var i = said + 1; i < before; i++)
        {
            if (trace.Conversation.Messages[i].Role == MessageRole.User && trace.Said(i) is { Reading.Yes: true })
                return true;
        }

        return false;
    }

    // The argument names every row of its kind that the written row holds, so none is missing.
    private bool IsWhole(Trace trace, TraceCall call)
    {
        var arguments = PackMeaning.Of(trace.Pack).Arguments(call.Tool!);
        EntityRow? holder = null;
        foreach (var argument in arguments)
        {
            var value = call.Arguments![argument.Parameter.Name];
            if (argument.Names is { Parent: null } root && value is JsonText or JsonNumber)
                holder = trace.Pack.Rows.Find(trace.View, root, value) ?? holder;
            if (
                argument.Parameter.Name == _whole
                && value is JsonList named
                && argument.Names is { } entity
                && holder?.Entity.Name == entity.Parent
            )
                return EntityRows.Within(holder!, entity).All(r => named.Items.Contains(r.Key));
        }

        return false;
    }

    // A sentence with a cue from each list discusses the subject of the clause, unless it is a question or a refusal.
    private void JudgeWords(Trace trace, ref Findings findings)
    {
        for (var i = 0; i < trace.Conversation.Messages.Length; i++)
        {
            if (trace.AgentSpeech.At(i) is not { } text || !Array.TrueForAll(_weighs, w => w.IsIn(trace.Said(i)!.Words)))
                continue;
            foreach (var sentence in text.Sentences)
            {
                var quote = text.Quote(sentence);
                if (sentence.IsQuestion || text.Refuses(sentence) || !Array.TrueForAll(_weighs, w => w.IsIn(text.PaddedOf(sentence))))
                    continue;
                findings.Unsure(i, $"the agent weighs what {_rule.Quote} is about: \"{quote}\"");
                break;
            }
        }
    }

    // The owned row that the call names.
    private static EntityRow? Target(Trace trace, TraceCall call)
    {
        foreach (var meaning in PackMeaning.Of(trace.Pack).Arguments(call.Tool!))
        {
            if (
                meaning.Names is { Parent: null } entity
                && entity.Name != trace.Pack.Domain.Who
                && trace.Pack.Rows.Find(trace.StateBefore(call.Message), entity, call.Arguments![meaning.Parameter.Name]) is { } row
            )
                return row;
        }

        return null;
    }

    private static int? FirstWith(Trace trace, SearchValues<string> cues, MessageRole role, int before)
    {
        for (var i = 0; i < before; i++)
        {
            if (trace.Conversation.Messages[i].Role == role && trace.Said(i) is { } said && said.Words.AsSpan().ContainsAny(cues))
                return i;
        }

        return null;
    }

    // A cue matches the beginning of a word: "compensat".
    private static SearchValues<string>? Cues(Json cues) =>
        cues.IsNull
            ? null
            : SearchValues.Create([.. List(cues).Select(c => SpokenText.Padded(c.Text ?? "").TrimEnd())], StringComparison.Ordinal);

    private static IEnumerable<Json> List(Json cues) =>
        cues is JsonList list ? list.Items
        : cues.IsNull ? []
        : [cues];
}
