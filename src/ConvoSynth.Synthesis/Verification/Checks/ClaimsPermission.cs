using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Domains;

namespace ConvoSynth.Synthesis;

/// <summary>
/// <c>claims.permission</c>: what the agent says may be done to a row may be done to it. An act that is said to be possible, or that the row is said to be eligible for, while
/// every write it can mean is forbidden by a guard or was made already and is allowed once, fails; where the row is not named beside it, the verb fits any change or it is only offered, it is unsure. So is a payment method
/// or another row of the person's own that is offered for a write which it would forbid, and a yes that is asked for what the tool then refuses.
/// </summary>
internal sealed class ClaimsPermission(Pack pack) : ICheck
{
    /// <summary>How far before the act the words that permit it may stand.</summary>
    private const int Farthest = 8;

    private static readonly CheckName Name = new("claims", "permission", CheckKind.Language);

    /// <summary>What puts a choice before the human.</summary>
    private static readonly CueSet Choice = new(["specify", "choose", "select", "prefer", "which", "options", "e g", "refund method", "refund payment method", "payment method for", "you can use", "you could use", "you may use"]);

    private readonly ActWords _acts = ActWords.Of(pack);
    private readonly IReadOnlyList<BoundRule> _once = new RuleBook(pack).Of("once", "tools");

    // Verbs of two words and more: "send back" is not "send".
    private readonly (string[] Words, ulong Tools)[] _phrases = [.. pack.Domain.Acts.Values.SelectMany(a => a.Verbs.Where(v => v.Contains(' ', StringComparison.Ordinal)), (a, v) => (Verb: v, a.Tool))
        .Where(p => pack.Tools.Find(p.Tool) is { Writes: true }).GroupBy(p => p.Verb, StringComparer.Ordinal).Select(g => (g.Key.Split(' '), g.Aggregate(0UL, (all, p) => all | ActWords.Of(pack).MaskOf(pack.Tools.Find(p.Tool)!)))) ];

    private enum Form { None, Offered, Stated }

    public void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts)
    {
        var findings = new Findings(Name, verdicts);
        var rows = new SpokenRows(trace);
        for (var i = 0; i < trace.Conversation.Messages.Length; i++)
        {
            if (trace.AgentSpeech.At(i) is { } text) Judge(trace, rows, text, i, ref findings);
        }

        JudgeChoices(trace, ref findings);
        foreach (var call in trace.Calls)
        {
            if (call is { Succeeded: false, Tool.Writes: true, Broken.Count: > 0 } && !PlanMatch.IsGold(trace, call) && Proposal(trace, call) is { } at)
                findings.Unsure(at, $"the agent asks for a yes to {call.Call.Name}({call.Call.Arguments}), which clause {call.Broken[0].Clause} forbids; the tool stopped it");
        }

        findings.Close();
    }

    // Another row of the person's own that the agent offers for the next write, and with which a guard would forbid it: a payment method.
    private void JudgeChoices(Trace trace, ref Findings findings)
    {
        var from = 0;
        foreach (var call in trace.Calls)
        {
            if (call.Tool is not { Writes: true } tool || call.Arguments is not JsonMap made) continue;
            var db = trace.StateBefore(call.Message);
            foreach (var meaning in PackMeaning.Of(pack).Arguments(tool))
            {
                if (meaning.Parameter.IsList || meaning.Names is not { } inner || inner.Parent != pack.Domain.Who || call.Owners.Count == 0 || pack.Rows.Find(db, pack.Domain.Entity(pack.Domain.Who), call.Owners[0]) is not { } person) continue;
                foreach (var row in EntityRows.Within(person, inner))
                {
                    var other = made.With(meaning.Parameter.Name, row.Key);
                    if (row.Key == made[meaning.Parameter.Name] || tool.Guards.FirstOrDefault(g => pack.Guards.Test(db, tool, g, other) == false && pack.Guards.Test(db, tool, g, made) != false) is not { } guard) continue;
                    if (Offer(trace, EntityRows.Text(row.Key), from, call.Message) is { } at)
                        findings.Unsure(at.Message, $"the agent offers {EntityRows.Text(row.Key)} for {tool.Name}, which clause {guard.Clause} forbids: \"{at.Quote}\"");
                }
            }

            from = call.Message;
        }
    }

    // A sentence that has the key in a message that asks, and offers a choice in it or in a line above.
    private static (int Message, string Quote)? Offer(Trace trace, string key, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            if (trace.AgentSpeech.At(i) is not { } text || trace.Said(i) is not { } said || !Reading.Asks(said) || !FieldValues.ContainsToken(text.Text, key)) continue;
            for (var s = 0; s < text.Sentences.Count; s++)
            {
                var quote = text.Quote(text.Sentences[s]);
                if (text.Refuses(text.Sentences[s]) || !FieldValues.ContainsToken(quote, key)) continue;
                for (var above = s; above >= Math.Max(0, s - 3); above--)
                {
                    if (Choice.IsIn(SpokenText.Padded(text.Quote(text.Sentences[above])))) return (i, quote);
                }
            }
        }

        return null;
    }

    // The agent's question that the human said yes to right before the call.
    private static int? Proposal(Trace trace, TraceCall call)
    {
        if (call.Message < 2 || trace.Conversation.Messages[call.Message - 1].Role != MessageRole.User || trace.Said(call.Message - 1) is not { Reading: { Yes: true, No: false } }) return null;
        return trace.Conversation.Messages[call.Message - 2].Role == MessageRole.Assistant && trace.Said(call.Message - 2) is { } asked && Reading.Asks(asked) ? call.Message - 2 : null;
    }

    private void Judge(Trace trace, SpokenRows rows, AgentText text, int message, ref Findings findings)
    {
        foreach (var sentence in text.Sentences)
        {
            List<SpokenRow>? named = null;
            for (var i = sentence.FirstWord; i < sentence.LastWord; i++)
            {
                var act = _acts[text[text.Words[i]]];
                if ((act.Done | act.Plain | act.Noun) == 0) continue;
                named ??= rows.In(text, sentence, message);
                if (_phrases.FirstOrDefault(p => IsPhrase(text, i, p.Words)) is { Tools: > 0 } phrase) act = act with { Plain = phrase.Tools };
                var form = FormOf(text, sentence, i, act, named, out var tools);
                if (form == Form.None || Forbidden(trace, rows, text, sentence, i, tools, named, message) is not { } found) continue;
                // "A loan can be renewed twice" is a rule; of the row above speaks "it" or "this".
                if (!found.IsNamed && form == Form.Stated && !Refers(text, sentence)) continue;
                // "Adjust anything" and "make changes" may mean the proposal, as long as nothing was done.
                if (!found.IsNamed && form == Form.Offered && (act.Plain == 0 || _acts.IsVague(text[text.Words[i]])) && !trace.Calls.Any(c => c.Wrote && c.Message < message)) continue;
                var said = $"the agent speaks of what {found.Reason} in this state: \"{text.Quote(sentence)}\"";
                if (form == Form.Stated && found.IsNamed && !_acts.IsVague(text[text.Words[i]])) findings.Fail(Fault.Agent, message, said);
                else findings.Unsure(message, said);
                break;
            }
        }
    }

    private static bool IsPhrase(AgentText text, int at, string[] words)
    {
        for (var i = 0; i < words.Length; i++)
        {
            if (at + i >= text.Words.Count || !text[text.Words[at + i]].Equals(words[i], StringComparison.OrdinalIgnoreCase)) return false;
        }

        return true;
    }

    private static bool Refers(AgentText text, TextSentence sentence)
    {
        for (var i = sentence.FirstWord; i < sentence.LastWord; i++)
        {
            if (text[text.Words[i]] is "it" or "It" or "this" or "This" or "that" or "That" or "these" or "These" or "them" or "they" or "They" or "both" or "Both" or "you" or "You") return true;
        }

        return false;
    }

    // "can still be cancelled", "you can exchange", "eligible for a return"; "if you'd like to cancel", "would you like me to cancel".
    private static Form FormOf(AgentText text, TextSentence sentence, int at, ActWord act, List<SpokenRow> named, out ulong tools)
    {
        var words = text.Words;
        var clause = words[at].Clause;
        tools = 0;
        var from = at;
        while (from > sentence.FirstWord && words[from - 1].Clause == clause && at - from < Farthest) from--;
        var first = from;
        while (first > sentence.FirstWord && words[first - 1].Clause == clause) first--;
        for (var i = first; i < sentence.LastWord && words[i].Clause == clause; i++)
        {
            // A title may hold any word: "When Rivers Were Roads".
            if (named.Exists(n => n.At <= words[i].Start && n.End >= words[i].End)) continue;
            if (words[i].Is(WordRole.Not | WordRole.Unable | WordRole.Hedge) && !Is(i, "if")) return Form.None;
            if (Is(i, "only") || Is(i, "see") || Is(i, "whether") || (words[i].Is(WordRole.Condition) && !IsWish(i) && !words[i].Is(WordRole.Modal))) return Form.None;
        }

        var (can, be, permit, wish, @for) = (false, false, false, false, false);
        for (var i = from; i < at; i++)
        {
            can |= Is(i, "can") || Is(i, "could") || Is(i, "may");
            be |= Is(i, "be");
            @for |= Is(i, "for");
            permit |= words[i].Is(WordRole.Permit) || Is(i, "free") || Is(i, "open");
            // "You'd like me to …" only says again what the human wants.
            wish |= ((Is(i, "like") || Is(i, "want") || Is(i, "wish") || Is(i, "prefer")) && (sentence.IsQuestion || HasIf(i))) || Is(i, "happy") || Is(i, "glad") || Is(i, "ready");
        }

        // "switch to a return", "move quickly": what is done to no row.
        var isPlain = act.Plain != 0 && !(at + 1 < sentence.LastWord && Is(at + 1, "to")) && Leads();
        if (sentence.IsQuestion) return isPlain && Is(sentence.FirstWord, "would") && wish && Take(act.Plain, out tools) ? Form.Offered : Form.None;
        if (be && (can || permit) && act.Done != 0) return Take(act.Done, out tools) ? Form.Stated : Form.None;
        if (@for && permit && act.Noun != 0) return Take(act.Noun, out tools) ? Form.Stated : Form.None;
        if (isPlain && (can || permit)) return Take(act.Plain, out tools) ? Speaker() || wish ? Form.Offered : Form.Stated : Form.None;
        if (isPlain && wish) return Take(act.Plain, out tools) ? Form.Offered : Form.None;
        return (can || (wish && Made())) && act.Noun != 0 && act.Object == 0 && Take(act.Noun, out tools) ? Form.Offered : Form.None;

        bool Is(int i, string word) => text[words[i]].Equals(word, StringComparison.OrdinalIgnoreCase);

        bool IsWish(int i) => Is(i, "if") && i + 1 < words.Count && words[i + 1].Is(WordRole.Listener);

        bool HasIf(int before)
        {
            for (var i = sentence.FirstWord; i < before; i++)
            {
                if (IsWish(i)) return true;
            }

            return false;
        }

        // The verb stands right behind "to" or "can", but for words that only colour it.
        bool Leads()
        {
            var i = at - 1;
            while (i > from && (words[i].Is(WordRole.Adverb | WordRole.And) || words[i].Is(WordRole.Listener) || Is(i, "still") || Is(i, "only") || Is(i, "help") || Is(i, "ahead") || Is(i, "go") || Is(i, "even"))) i--;
            return i >= from && (Is(i, "to") || Is(i, "can") || Is(i, "could") || Is(i, "may"));
        }

        bool Speaker()
        {
            for (var i = from; i < at; i++)
            {
                if (words[i].Is(WordRole.Speaker)) return true;
            }

            return false;
        }

        // "make other changes"
        bool Made()
        {
            for (var i = from; i < at; i++)
            {
                if (Is(i, "make") || Is(i, "request")) return true;
            }

            return false;
        }

        static bool Take(ulong mask, out ulong taken) => (taken = mask) != 0;
    }

    // The rows that the clause, else the sentence, else the message before it names.
    private (string Reason, bool IsNamed)? Forbidden(Trace trace, SpokenRows rows, AgentText text, TextSentence sentence, int at, ulong tools, List<SpokenRow> named, int message)
    {
        var clause = named.FindAll(r => text.Words.Any(w => w.Start <= r.End - 1 && w.End >= r.End && w.Clause == text.Words[at].Clause));
        var about = Served(clause.Count > 0 ? clause : named, tools);
        var isNamed = about.Count > 0;
        for (var s = text.Words[at].Sentence - 1; s >= 0 && about.Count == 0; s--)
        {
            if (Served(rows.In(text, text.Sentences[s], message), tools) is { Count: > 0 } before) about = [before[^1]];
        }

        string? reason = null;
        foreach (var (row, may) in about)
        {
            if (!row.IsShown) return null;
            foreach (var tool in Narrowed(text, sentence, at, may))
            {
                if (Forbids(trace, tool, row.Row, message) is not { } clauseOf) return null;
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
                if ((tools & (1UL << t)) != 0 && Target(_acts.Writes[t]) == row.Row.Entity) may |= 1UL << t;
            }

            if (may != 0) served.Add((row, may));
        }

        return served;
    }

    // The first owned row that the tool takes: what it is done to.
    private EntitySpec? Target(ToolSpec tool)
    {
        foreach (var meaning in PackMeaning.Of(pack).Arguments(tool))
        {
            if (meaning.Names is { Parent: null } entity && entity.Name != pack.Domain.Who) return pack.Rows.IsOwned(entity) ? entity : null;
        }

        return null;
    }

    // Of several writes that share a verb, those whose objects the clause names; a noun that fits any change ("changes (e.g. of the address)") is told by the sentence.
    private IEnumerable<ToolSpec> Narrowed(AgentText text, TextSentence sentence, int at, ulong tools)
    {
        var isNoun = _acts[text[text.Words[at]]].Plain == 0;
        for (var i = sentence.FirstWord; i < sentence.LastWord; i++)
        {
            var objects = _acts[text[text.Words[i]]].Object & tools;
            if (objects != 0 && (isNoun || text.Words[i].Clause == text.Words[at].Clause)) tools = objects;
        }

        return _acts.Writes.Where((_, t) => (tools & (1UL << t)) != 0);
    }

    // A guard on a row that another argument would name is not decided yet: the slot that a booking is moved to.
    private bool IsOpen(ToolSpec tool, GuardSpec guard, JsonMap arguments)
    {
        foreach (var meaning in PackMeaning.Of(pack).Arguments(tool))
        {
            if (meaning.Names is { } entity && arguments[meaning.Parameter.Name].IsNull && guard.Parameters.Any(p => p.Input == GuardInput.Row && p.Name == entity.Name)) return true;
        }

        return false;
    }

    private string? Forbids(Trace trace, ToolSpec tool, EntityRow row, int message)
    {
        var arguments = JsonMap.Empty;
        var db = trace.StateBefore(message);
        foreach (var meaning in PackMeaning.Of(pack).Arguments(tool))
        {
            if (meaning.Names == row.Entity && !meaning.Parameter.IsList) arguments = arguments.With(meaning.Parameter.Name, row.Key);
            else if (meaning.Names?.Name == pack.Domain.Who && pack.Rows.Owner(db, row) is { } owner) arguments = arguments.With(meaning.Parameter.Name, owner.Key);
        }

        foreach (var guard in tool.Guards)
        {
            if (guard.DependsOnRowsOnly && !IsOpen(tool, guard, arguments) && pack.Guards.Test(db, tool, guard, arguments) == false) return guard.Clause;
        }

        foreach (var rule in _once)
        {
            if (rule.Tools.Contains(tool.Name) && trace.Calls.Any(c => c.Message < message && c.Wrote && rule.Tools.Contains(c.Tool!.Name) && WriteFacts.Concerns(c, EntityRows.Text(row.Key)))) return rule.Clause.Number;
        }

        return null;
    }
}
