using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Verification.Evidence;
using ConvoSynth.Verification.Language;

namespace ConvoSynth.Verification.Checks;

/// <summary>
/// <c>claims.permission</c>: the acts that the agent calls possible are possible. It fails a sentence that states an act as possible or a
/// row as eligible, although no write that it can mean is allowed. A guard forbids the write, or the write is allowed once and was made
/// already. The finding is only unsure if the sentence does not name the row, the verb fits any change, or the act is only offered. An
/// offer of one of the person's own rows (a payment method), with which a guard forbids the write, is unsure as well. So is a request for
/// a yes to a write that the tool then refuses.
/// </summary>
internal sealed class ClaimsPermission(Pack pack) : ICheck
{
    private static readonly CheckName Name = new("claims", "permission", CheckKind.Language);

    // The human's answer, and a question back with its answer.
    private const int NextWrite = 4;

    private readonly ActWords _acts = ActWords.Of(pack);
    private readonly IReadOnlyList<BoundRule> _once = new RuleBook(pack).Of("once", "tools");

    // Verbs of two or more words: "send back" differs from "send".
    private readonly (string[] Words, ulong Tools)[] _phrases =
    [
        .. pack
            .Domain.Acts.Values.SelectMany(a => a.Verbs.Where(v => v.Contains(' ', StringComparison.Ordinal)), (a, v) => (Verb: v, a.Tool))
            .Where(p => pack.Tools.Find(p.Tool) is { Writes: true })
            .GroupBy(p => p.Verb, StringComparer.Ordinal)
            .Select(g => (g.Key.Split(' '), g.Aggregate(0UL, (all, p) => all | ActWords.Of(pack).MaskOf(pack.Tools.Find(p.Tool)!)))),
    ];

    public void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts)
    {
        var findings = new Findings(Name, verdicts);
        var rows = trace.SpokenRows;
        for (var i = 0; i < trace.Conversation.Messages.Length; i++)
        {
            if (trace.AgentSpeech.At(i) is { } text)
                Judge(trace, rows, text, i, ref findings);
        }

        OfferedChoices.Judge(trace, ref findings);
        findings.Close();
    }

    private void Judge(Trace trace, SpokenRows rows, AgentText text, int message, ref Findings findings)
    {
        foreach (var sentence in text.Sentences)
        {
            List<SpokenRow>? named = null;
            for (var i = sentence.FirstWord; i < sentence.LastWord; i++)
            {
                var act = _acts[text[text.Words[i]]];
                if ((act.Done | act.Plain | act.Noun) == 0)
                    continue;
                named ??= rows.In(text, sentence, message);
                if (_phrases.FirstOrDefault(p => IsPhrase(text, i, p.Words)) is { Tools: > 0 } phrase)
                    act = act with { Plain = phrase.Tools };
                var form = PermissionForms.Of(text, sentence, i, act, named, out var tools);
                if (form == PermissionForm.None || Forbidden(trace, rows, text, sentence, i, tools, named, message) is not { } found)
                    continue;
                // "A loan can be renewed twice" is a rule. Only a pronoun such as "it" or "this" refers to a row named above.
                if (!found.IsNamed && (form == PermissionForm.Stated || act.Plain != 0) && !Refers(text, sentence))
                    continue;
                // "Adjust anything" and "make changes" may refer to the proposal, as long as no write was made.
                if (
                    !found.IsNamed
                    && form == PermissionForm.Offered
                    && (act.Plain == 0 || _acts.IsVague(text[text.Words[i]]))
                    && !trace.Calls.Any(c => c.Wrote && c.Message < message)
                )
                    continue;
                if (IsQuoted(text, text.Words[i]))
                    continue;
                var said = $"the agent speaks of what {found.Reason} in this state: \"{text.Quote(sentence)}\"";
                if (form == PermissionForm.Stated && found.IsNamed && !_acts.IsVague(text[text.Words[i]]))
                    findings.Fail(Fault.Agent, message, said);
                else if (!IsMadeNext(trace, tools, message))
                    findings.Unsure(message, said);
                break;
            }
        }
    }

    // The offer was of the write that follows the human's answer, whose guards hold; a verb of two acts made another of it.
    private bool IsMadeNext(Trace trace, ulong tools, int message)
    {
        foreach (var call in trace.Calls)
        {
            if (call.Message > message && call.Wrote)
                return call.Message <= message + NextWrite && call.Broken.Count == 0 && (_acts.MaskOf(call.Tool!) & tools) != 0;
        }

        return false;
    }

    // A literal clause of the policy permits nothing: "I can't renew it, because of our rule: a loan can be renewed twice".
    private bool IsQuoted(AgentText text, TextWord word)
    {
        foreach (var clause in pack.Policy.Clauses)
        {
            var words = clause.Text.TrimEnd('.');
            var at = text.Text.IndexOf(words, StringComparison.OrdinalIgnoreCase);
            while (at >= 0 && at + words.Length < word.End)
                at = text.Text.IndexOf(words, at + 1, StringComparison.OrdinalIgnoreCase);
            if (at >= 0 && at <= word.Start)
                return true;
        }

        return false;
    }

    // The writes of the verb at a word. "Send" alone fits any object; "send back" does not.
    private ulong PlainAt(AgentText text, int at) =>
        _phrases.FirstOrDefault(p => IsPhrase(text, at, p.Words)) is { Tools: > 0 } phrase ? phrase.Tools
        : _acts.IsVague(text[text.Words[at]]) ? 0
        : _acts[text[text.Words[at]]].Plain;

    private static bool IsPhrase(AgentText text, int at, string[] words)
    {
        for (var i = 0; i < words.Length; i++)
        {
            if (at + i >= text.Words.Count || !text[text.Words[at + i]].Equals(words[i], StringComparison.OrdinalIgnoreCase))
                return false;
        }

        return true;
    }

    private static bool Refers(AgentText text, TextSentence sentence)
    {
        for (var i = sentence.FirstWord; i < sentence.LastWord; i++)
        {
            if (
                text[text.Words[i]]
                is "it"
                    or "It"
                    or "this"
                    or "This"
                    or "that"
                    or "That"
                    or "these"
                    or "These"
                    or "them"
                    or "they"
                    or "They"
                    or "both"
                    or "Both"
                    or "you"
                    or "You"
            )
                return true;
        }

        return false;
    }

    // The rows that the clause names; if none, those of the sentence; if none, the last one named before it in the message.
    private (string Reason, bool IsNamed)? Forbidden(
        Trace trace,
        SpokenRows rows,
        AgentText text,
        TextSentence sentence,
        int at,
        ulong tools,
        List<SpokenRow> named,
        int message
    )
    {
        // "I can cancel the order with the lamp and return order 1": the rows behind another verb are that verb's.
        for (var i = at + 1; i < sentence.LastWord; i++)
        {
            if (PlainAt(text, i) is var other && other != 0 && (other & tools) == 0)
            {
                if (named.Count > 0 && named.TrueForAll(r => r.At > text.Words[i].Start))
                    return null;
                named = named.FindAll(r => r.At < text.Words[i].Start);
                break;
            }
        }

        var clause = named.FindAll(r => text.Words.Any(w => w.Start <= r.End - 1 && w.End >= r.End && w.Clause == text.Words[at].Clause));
        var about = Served(clause.Count > 0 ? clause : named, tools);
        var isNamed = about.Count > 0;
        // "I can change the address" may mean the human's own address, if the sentence names no row.
        if (!isNamed && _acts[text[text.Words[at]]].Plain != 0 && Narrowed(text, sentence, at, tools).Any(t => Target(t) is null))
            return null;
        for (var s = text.Words[at].Sentence - 1; s >= 0 && about.Count == 0; s--)
        {
            if (Served(rows.In(text, text.Sentences[s], message), tools) is { Count: > 0 } before)
                about = [before[^1]];
        }

        string? reason = null;
        foreach (var (row, may) in about)
        {
            if (!row.IsShown)
                return null;
            foreach (var tool in Narrowed(text, sentence, at, may))
            {
                if (Forbids(trace, tool, row.Row, message) is not { } clauseOf)
                    return null;
                reason ??= $"clause {clauseOf} forbids for {EntityRows.Text(row.Row.Key)} ({tool.Name})";
            }
        }

        return reason is null ? null : (reason, isNamed);
    }

    private List<(SpokenRow Row, ulong Tools)> Served(List<SpokenRow> rows, ulong tools)
    {
        var served = new List<(SpokenRow, ulong)>();
        foreach (var row in rows)
        {
            var may = 0UL;
            for (var t = 0; t < _acts.Writes.Count; t++)
            {
                if ((tools & (1UL << t)) != 0 && Target(_acts.Writes[t]) == row.Row.Entity)
                    may |= 1UL << t;
            }

            if (may != 0)
                served.Add((row, may));
        }

        return served;
    }

    // The target of a tool: the first owned row among its arguments.
    private EntitySpec? Target(ToolSpec tool)
    {
        foreach (var meaning in PackMeaning.Of(pack).Arguments(tool))
        {
            if (meaning.Names is { Parent: null } entity && entity.Name != pack.Domain.Who)
                return pack.Rows.IsOwned(entity) ? entity : null;
        }

        return null;
    }

    // Of several writes that share a verb, those whose objects the clause names. For a noun that fits any change ("changes (e.g. of the
    // address)"), the whole sentence decides.
    private IEnumerable<ToolSpec> Narrowed(AgentText text, TextSentence sentence, int at, ulong tools)
    {
        var isNoun = _acts[text[text.Words[at]]].Plain == 0;
        for (var i = sentence.FirstWord; i < sentence.LastWord; i++)
        {
            var objects = _acts[text[text.Words[i]]].Object & tools;
            if (objects != 0 && (isNoun || text.Words[i].Clause == text.Words[at].Clause))
                tools = objects;
        }

        return _acts.Writes.Where((_, t) => (tools & (1UL << t)) != 0);
    }

    // A guard on a row that another argument names is still open: the slot to which a booking moves.
    private bool IsOpen(ToolSpec tool, GuardSpec guard, JsonMap arguments)
    {
        foreach (var meaning in PackMeaning.Of(pack).Arguments(tool))
        {
            if (
                meaning.Names is { } entity
                && arguments[meaning.Parameter.Name].IsNull
                && guard.Parameters.Any(p => p.Input == GuardInput.Row && p.Name == entity.Name)
            )
                return true;
        }

        return false;
    }

    private string? Forbids(Trace trace, ToolSpec tool, EntityRow row, int message)
    {
        var arguments = JsonMap.Empty;
        var db = trace.StateBefore(message);
        foreach (var meaning in PackMeaning.Of(pack).Arguments(tool))
        {
            if (meaning.Names == row.Entity && !meaning.Parameter.IsList)
                arguments = arguments.With(meaning.Parameter.Name, row.Key);
            else if (meaning.Names?.Name == pack.Domain.Who && pack.Rows.Owner(db, row) is { } owner)
                arguments = arguments.With(meaning.Parameter.Name, owner.Key);
        }

        foreach (var guard in tool.Guards)
        {
            if (guard.DependsOnRowsOnly && !IsOpen(tool, guard, arguments) && RefusedState.Holds(pack, db, tool, guard, arguments) == false)
                return guard.Clause;
        }

        foreach (var rule in _once)
        {
            if (
                rule.Tools.Contains(tool.Name)
                && trace.Calls.Any(c =>
                    c.Message < message && c.Wrote && rule.Tools.Contains(c.Tool!.Name) && WriteFacts.Concerns(c, EntityRows.Text(row.Key))
                )
            )
                return rule.Clause.Number;
        }

        return null;
    }
}
