using ConvoSynth.Core;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Verification.Evidence;

namespace ConvoSynth.Verification.Language;

/// <summary>A write whose confirmation is weighed.</summary>
/// <param name="known">Index of the observation that first showed its row; -1 if none did.</param>
internal sealed class ConfirmedWrite(Trace trace, TraceCall call, int known, IReadOnlySet<string> details)
{
    private IReadOnlyList<WriteSlot>? _slots;

    public Trace Trace { get; } = trace;

    public TraceCall Call { get; } = call;

    public int Known { get; } = known;

    public IReadOnlyList<WriteSlot> Slots => _slots ??= WriteSlots.Of(Trace, Call, details);
}

/// <summary>
/// Weighs whether the human agreed to a write. The evidence is the dialogue itself: for each value that the rule names, the last message
/// with it and its speaker. It fails on a plain no, on a value that differs from the proposal, and on a write that was neither stated nor
/// agreed to. It passes on a clear yes to a question that follows all required values. Anything else is unsure.
/// </summary>
internal static class Confirmation
{
    /// <summary>
    /// Number of the human's last messages searched for the yes. Small talk may come between a yes and its write, but not half a
    /// dialogue.
    /// </summary>
    private const int MaxAnswers = 3;

    /// <summary>From this many details on, one choice may stay unsaid.</summary>
    private const int MinForGranted = 6;

    private static readonly CueSet Polite = new(["please", "then"]);
    private static readonly CueSet Refers = new(["it", "them", "both", "that", "this", "these", "those"]);

    public static (Outcome Outcome, string Why) Weigh(ConfirmedWrite write)
    {
        var trace = write.Trace;
        var answer = Turns.Last(trace, write.Call.Message, MessageRole.User);
        var question = Turns.Last(trace, answer, MessageRole.Assistant);
        if (trace.Said(answer) is not { } said || trace.Said(question) is not { } asked)
            return (Outcome.Unsure, "an empty message stands where the yes should");
        var reading = said.Reading;
        if (reading.IsPlainNo && !Reading.AsksForMore(asked))
            return (Outcome.Fail, $"the human's answer in message {answer} is a plain no");
        if (ChangedValue.Of(write, question, answer) is { } changed)
            return (Outcome.Fail, changed);
        if (OtherTry(write, answer) is { } tried)
            return (Outcome.Unsure, $"message {tried.Message} tried it with other values, and the service failed for no fault of theirs");

        if (OpenQuestion.In(trace, answer) is { } open)
            return (Outcome.Unsure, $"message {answer} asks \"{open}?\", and nothing is answered before the write");

        var why = Listened(write, question, answer);
        if (why is null)
            return (Outcome.Pass, "");
        for (
            int k = 1, a = answer;
            k < MaxAnswers && reading is { No: false, Condition: false } && trace.Said(a)!.Reading is { No: false, Condition: false };
            k++
        )
        {
            a = Turns.Last(trace, a, MessageRole.User);
            var q = Turns.Last(trace, a, MessageRole.Assistant);
            if (q < 0 || q < write.Known || trace.Said(a) is null)
                break;
            if (Listened(write, q, a) is null)
                return (Outcome.Pass, "");
        }

        if (reading.Languages == 0)
            return (Outcome.Unsure, $"the answer in message {answer} is in no language that is known here");
        if (reading is { Yes: false, Weak: false })
        {
            if (!IsStatedByAgent(write, answer))
                return (Outcome.Fail, $"the agent never stated it, and no yes stands in message {answer}");
            if (NewIn(write, answer) is { } slot)
                return (
                    Outcome.Fail,
                    $"{slot.Name} was first said in message {answer}, which holds no yes, so that the agent cannot have stated it before"
                );
        }

        return (Outcome.Unsure, why);
    }

    // One yes covers one set of values: a try that failed by itself is repeated as it was.
    private static TraceCall? OtherTry(ConfirmedWrite write, int answer) =>
        write.Trace.Calls.FirstOrDefault(c =>
            c.IsInjected
            && c.Message > answer
            && c.Message < write.Call.Message
            && c.Tool == write.Call.Tool
            && c.Arguments is { } tried
            && tried != write.Call.Arguments
            && write.Slots.All(s => s is not { IsTarget: true, Row.Parent: null } || JsonSearch.Shows(tried, s.Value))
        );

    // Null if the message is a clear yes to a question after all required values were said; else the gap.
    private static string? Listened(ConfirmedWrite write, int question, int answer)
    {
        var trace = write.Trace;
        if (trace.Said(answer) is not { } said || trace.Said(question) is not { } asked)
            return "an empty message stands where the yes should";
        if (!said.Reading.Yes && !AsksForAct(write, asked, said))
            return $"no clear yes stands in message {answer}";
        if (said.Reading.No)
            return $"message {answer} says yes and no";
        if (said.Reading.Condition)
            return $"the yes of message {answer} depends on something";
        if (!Reading.Asks(asked))
            return $"message {question} asks for no yes";
        if (DeniedOffer.In(trace, write.Call, question))
            return $"message {question} says that it will not be done";
        int required = 0,
            byAgent = 0;
        WriteSlot? unsaid = null;
        foreach (var slot in write.Slots)
        {
            if (!slot.IsRequired)
                continue;
            required++;
            if (IsGivenOtherwise(slot, asked, said))
                return $"message {question} speaks of {slot.Name} and does not give it as {Short(slot)}";
            if (IsSaid(trace, slot, answer, MessageRole.Assistant))
            {
                byAgent++;
            }
            else if (!IsSaid(trace, slot, answer, MessageRole.User))
            {
                // Among many details one choice may stay unsaid: a list of flights implies that the trip is one way.
                if (unsaid is not null || slot is not { Type: "enum", Meaning.Parameter.Schema: { } schema } || schema["enum"].IsNull)
                    return Unsaid(slot, answer);
                unsaid = slot;
            }
        }

        if (unsaid is not null && required < MinForGranted)
            return Unsaid(unsaid, answer);
        if (byAgent * 2 < required)
            return "the agent stated less than half of what it changes";
        if (IsOnlyOf(write, answer) is { } other)
            return $"all that the agent stated of it belongs to the write of message {other.Message}";
        return IsAbout(write, question, answer) ? null : $"message {question} does not speak of it";
    }

    // One yes may cover several writes if the agent listed them all. Values that an earlier write after the yes has too show no second one.
    private static TraceCall? IsOnlyOf(ConfirmedWrite write, int answer)
    {
        var earlier = write.Trace.Calls.Where(c => c.Wrote && c.Message > answer && c.Message < write.Call.Message).ToArray();
        if (earlier.Length == 0)
            return null;
        var own = write.Slots.Where(s => s.IsRequired && !Array.Exists(earlier, c => JsonSearch.Shows(c.Arguments!, s.Value))).ToArray();
        return own.Length == 0 || Array.Exists(own, s => IsSaid(write.Trace, s, answer, MessageRole.Assistant)) ? null : earlier[^1];
    }

    // "Please cancel it" in answer to "Shall I cancel order 1?". Both use the act's own verb; the answer begins a sentence with it and
    // refers to the row.
    private static bool AsksForAct(ConfirmedWrite write, SpokenText asked, SpokenText said)
    {
        var acts = ActWords.Of(write.Trace.Pack);
        return Reading.AsksForYes(asked)
            && Has(asked, false)
            && Has(said, true)
            && !Denied.MayBe(said.Words)
            && (Refers.IsIn(said.Words) || write.Slots.Any(s => s.IsTarget && s.In(said)));

        bool Has(SpokenText text, bool begins) =>
            AgentText.Of(text.Text) is var read
            && read.Words.Where(
                    (w, i) =>
                        !begins
                        || i == read.Sentences[w.Sentence].FirstWord
                        || Polite.IsIn($" {read[read.Words[i - 1]].ToString().ToLowerInvariant()} ")
                )
                .Any(w => (acts[read[w]].Plain & acts.MaskOf(write.Call.Tool!)) != 0);
    }

    // The question labels the value, and neither question nor answer contains it.
    private static bool IsGivenOtherwise(WriteSlot slot, SpokenText asked, SpokenText said)
    {
        if (slot.Meaning is not { } meaning || slot.IsTarget || slot.Type == "enum" || slot.Value is JsonMap)
            return false;
        var label = meaning.Field?.Label ?? meaning.Parameter.Name;
        if (meaning.Names is { } entity)
            label = entity.Label;
        return asked.Has(SpokenText.Phrase(label)) && !slot.In(asked) && !slot.In(said);
    }

    private static bool IsSaid(Trace trace, WriteSlot slot, int before, MessageRole role)
    {
        var messages = trace.Conversation.Messages;
        for (var i = before - 1; i >= 0; i--)
        {
            if (messages[i].Role == role && trace.Said(i) is { } said && slot.In(said))
                return true;
        }

        return false;
    }

    // Question, answer or the agent's previous message name the row. Otherwise they contain another value of the write, and no other row
    // of its kind was named since this one.
    private static bool IsAbout(ConfirmedWrite write, int question, int answer)
    {
        if (write.Slots.Count == 0)
            return true;
        var trace = write.Trace;
        var before = Turns.Last(trace, question, MessageRole.Assistant);
        WriteSlot? target = null;
        var any = false;
        foreach (var slot in write.Slots)
        {
            if (slot.IsTarget)
                target ??= slot;
            if (!slot.In(trace.Said(question)!) && !slot.In(trace.Said(answer)!) && (before < 0 || !slot.In(trace.Said(before)!)))
                continue;
            if (slot.IsTarget)
                return true;
            any = true;
        }

        return any && (target is null || IsLastNamed(write, target, question));
    }

    private static bool IsLastNamed(ConfirmedWrite write, WriteSlot target, int before)
    {
        if (target.Row is not { Parent: null } row)
            return false;
        var pack = write.Trace.Pack;
        var view = write.Trace.View;
        if (pack.Rows.Owner(view, row) is not { } owner)
            return false;
        string[] kin =
        [
            .. pack
                .Rows.OwnedBy(view, row.Entity, owner)
                .Where(r => r.Identity != row.Identity)
                .Select(r => SpokenText.Padded(EntityRows.Text(r.Key))),
        ];
        for (var i = before; i >= 0; i--)
        {
            if (write.Trace.Said(i) is not { } said)
                continue;
            if (target.In(said))
                return true;
            if (Array.Exists(kin, said.Has))
                return false;
        }

        return false;
    }

    private static bool IsStatedByAgent(ConfirmedWrite write, int before)
    {
        if (write.Slots.Count == 0)
            return true;
        foreach (var slot in write.Slots)
        {
            if (IsSaid(write.Trace, slot, before, MessageRole.Assistant))
                return true;
        }

        return false;
    }

    // Numbers, amounts and dates only, since they have one reading.
    private static WriteSlot? NewIn(ConfirmedWrite write, int answer)
    {
        foreach (var slot in write.Slots)
        {
            if (slot is not { IsRequired: true, Type: "count" or "money" or "date" } || !slot.In(write.Trace.Said(answer)!))
                continue;
            if (!IsSaid(write.Trace, slot, answer, MessageRole.Assistant) && !IsSaid(write.Trace, slot, answer, MessageRole.User))
                return slot;
        }

        return null;
    }

    private static string Unsaid(WriteSlot slot, int answer) =>
        $"{slot.Name} {Short(slot)} was not said before the yes of message {answer}";

    private static string Short(WriteSlot slot) =>
        slot.Value.ToString() is { Length: > 60 } text ? text[..60] + "…" : slot.Value.ToString();
}
