using ConvoSynth.Core;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;
using ConvoSynth.Verification.Evidence;

namespace ConvoSynth.Verification.Language;

/// <summary>
/// Finds choices that the agent offers for a write although a guard forbids the write with them: another payment method, or the write
/// itself.
/// </summary>
internal static class OfferedChoices
{
    /// <summary>Words that offer a choice.</summary>
    // csharpier-ignore - a table of words is read by rows
    private static readonly CueSet Choice = new([
        "specify", "choose", "select", "prefer", "which", "options", "e g", "refund method", "refund payment method", "payment method for",
        "you can use", "you could use", "you may use",
    ]);

    // Tests the person's other rows (payment methods): the agent may not offer a row with which a guard forbids the next write.
    public static void Judge(Trace trace, ref Findings findings)
    {
        var from = 0;
        foreach (var call in trace.Calls)
        {
            if (call.Tool is not { Writes: true } tool || call.Arguments is not JsonMap made)
                continue;
            var db = trace.StateBefore(call.Message);
            foreach (var meaning in PackMeaning.Of(trace.Pack).Arguments(tool))
            {
                if (
                    meaning.Parameter.IsList
                    || meaning.Names is not { } inner
                    || inner.Parent != trace.Pack.Domain.Who
                    || call.Owners.Count == 0
                    || trace.Pack.Rows.Find(db, trace.Pack.Domain.Entity(trace.Pack.Domain.Who), call.Owners[0]) is not { } person
                )
                    continue;
                foreach (var row in EntityRows.Within(person, inner))
                {
                    var other = made.With(meaning.Parameter.Name, row.Key);
                    if (
                        row.Key == made[meaning.Parameter.Name]
                        || tool.Guards.FirstOrDefault(g =>
                            trace.Pack.Guards.Test(db, tool, g, other) == false && trace.Pack.Guards.Test(db, tool, g, made) != false
                        )
                            is not { } guard
                    )
                        continue;
                    if (Offer(trace, EntityRows.Text(row.Key), from, call.Message) is { } at)
                        findings.Unsure(
                            at.Message,
                            $"the agent offers {EntityRows.Text(row.Key)} for {tool.Name}, "
                                + $"which clause {guard.Clause} forbids: \"{at.Quote}\""
                        );
                }
            }

            from = call.Message;
        }

        foreach (var call in trace.Calls)
        {
            if (call is { Succeeded: false, Tool.Writes: true, Broken.Count: > 0 } && Proposal(trace, call) is { } at)
                findings.Unsure(
                    at,
                    $"the agent asks for a yes to {call.Call.Name}({call.Call.Arguments}), which clause {call.Broken[0].Clause} "
                        + "forbids; the tool stopped it"
                );
        }
    }

    // A sentence with the key, in a message that asks, and an offer of a choice in that sentence or up to three before it.
    private static (int Message, string Quote)? Offer(Trace trace, string key, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            if (
                trace.AgentSpeech.At(i) is not { } text
                || trace.Said(i) is not { } said
                || !Reading.Asks(said)
                || !FieldValues.ContainsToken(text.Text, key)
            )
                continue;
            for (var s = 0; s < text.Sentences.Count; s++)
            {
                var quote = text.Quote(text.Sentences[s]);
                if (text.Refuses(text.Sentences[s]) || !FieldValues.ContainsToken(quote, key))
                    continue;
                for (var above = s; above >= Math.Max(0, s - 3); above--)
                {
                    if (Choice.IsIn(text.PaddedOf(text.Sentences[above])))
                        return (i, quote);
                }
            }
        }

        return null;
    }

    // The agent's question to which the human agreed right before the call.
    private static int? Proposal(Trace trace, TraceCall call)
    {
        if (
            call.Message < 2
            || trace.Conversation.Messages[call.Message - 1].Role != MessageRole.User
            || trace.Said(call.Message - 1) is not { Reading: { Yes: true, No: false } }
        )
            return null;
        return
            trace.Conversation.Messages[call.Message - 2].Role == MessageRole.Assistant
            && trace.Said(call.Message - 2) is { } asked
            && Reading.Asks(asked)
            ? call.Message - 2
            : null;
    }
}
