using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Sessions;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Models.Speech;
using ConvoSynth.Verification.Checks;
using ConvoSynth.Verification.Evidence;

namespace ConvoSynth.Verification.Verifiers;

/// <summary>
/// The early stop: decides whether a dialogue in progress can no longer be accepted, whatever follows. It uses only those checks of the
/// verifier whose findings survive further messages, because each judges a message by that message and the earlier ones. It adds writes
/// that are in no plan and whose changes are in no accepted end state (<see cref="LostWrites"/>). Full verification would reject every
/// dialogue that it stops.
/// </summary>
public sealed class EarlyStopChecks : IEarlyStop
{
    private static readonly ConditionalWeakTable<Pack, EarlyStopChecks> Made = [];

    private readonly IReadOnlyList<(ICheck Check, Concern Concerns)> _lasting;

    // Whether an agent's message can give a check a new finding: the index of the message, and its calls.
    private delegate bool Concern(Trace trace, int message, ReadOnlySpan<TraceCall> calls);

    private EarlyStopChecks(Pack pack)
    {
        var book = new RuleBook(pack);
        var lasting = new List<(ICheck, Concern)>
        {
            (new PolicyGuards(), Succeeds),
            (new ConversationLoops(), static (trace, message, _) => ConversationLoops.MayClose(trace, message)),
        };
        if (book.Of("identify") is { Count: > 0 } identify)
            lasting.Add((new ProcedureIdentify(pack, identify), Succeeds));
        if (book.Of("order", "then") is { Count: > 0 } order)
            lasting.Add((new ProcedureOrder(book, order), Succeeds));
        if (book.Of("once", "tools") is { Count: > 0 } once)
            lasting.Add((new ProcedureOnce(pack, once), Succeeds));
        if (book.Of("alone", "tools") is { Count: > 0 } alone)
            lasting.Add((new ProcedureAlone(alone), static (_, _, calls) => calls.Length > 0));
        _lasting = lasting;
    }

    /// <summary>The early stop of a pack; created once and cached.</summary>
    public static EarlyStopChecks Of(Pack pack) => Made.GetValue(pack, static p => new(p));

    /// <summary>
    /// Why a dialogue is rejected if the human's response has this finish reason; null for a complete message. An agent's incomplete
    /// response is answered as a real environment would. A human who says nothing of their own is no customer, and another attempt has
    /// another human.
    /// </summary>
    public static string? OfHuman(FinishReason finish) =>
        finish switch
        {
            FinishReason.Stop => null,
            FinishReason.Length => "conversation.length: the human's response was cut off",
            FinishReason.ContentFilter => "conversation.content-filter: the human's response was held back",
            FinishReason.Refusal => "conversation.refusal: the human's model declined to play its part",
            FinishReason.Empty => "conversation.empty-turns: the human's model said nothing",
            _ => "human.calls: the human's model called a tool",
        };

    /// <summary>Why a dialogue that contains this message is rejected; null if the message gives no reason.</summary>
    public static string? OfWords(Message message) =>
        TemplateMarks.Find(message) is { } leak ? $"{FormatMarkup.FullName}: {FormatMarkup.Evidence(leak)}"
        : message.Role == MessageRole.User && ClosingMark.StandsInside(message.Content) ? $"{HumanMark.FullName}: {HumanMark.Evidence}"
        : null;

    /// <inheritdoc/>
    public string? AfterHuman(Message message, FinishReason finish) => OfWords(message) ?? OfHuman(finish);

    /// <inheritdoc/>
    /// <remarks>
    /// Each check judges a message by that message and the earlier ones, so a check that the last message cannot concern is left out.
    /// </remarks>
    public string? AfterAgent(Trace trace, int from)
    {
        var verdicts = ImmutableArray.CreateBuilder<Verdict>();
        if (trace.Conversation.Messages[^1] is { Role: MessageRole.Assistant } text && OfWords(text) is { } leak)
            return leak;
        var first = trace.Calls.Count;
        while (first > 0 && trace.Calls[first - 1].Message >= from)
            first--;
        TraceCall[] calls = [.. trace.Calls.Skip(first)];
        foreach (var (check, concerns) in _lasting)
        {
            if (concerns(trace, from, calls))
                check.Run(trace, verdicts);
        }

        foreach (var verdict in verdicts)
        {
            if (verdict.Outcome == Outcome.Fail)
                return $"{verdict.Stage}.{verdict.Check}: {verdict.Evidence}";
        }

        return Succeeds(trace, from, calls) && LostWrites.Find(trace) is { } write
            ? $"outcome.writes: {write.Call.Name}({write.Call.Arguments}) is in no accepted plan, "
                + "and no accepted end state has what it changed"
            : null;
    }

    private static bool Succeeds(Trace trace, int message, ReadOnlySpan<TraceCall> calls)
    {
        foreach (var call in calls)
        {
            if (call.Succeeded)
                return true;
        }

        return false;
    }
}
