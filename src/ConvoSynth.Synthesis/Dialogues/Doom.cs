using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using ConvoSynth.Core;
using ConvoSynth.Domains;
using ConvoSynth.Models;

namespace ConvoSynth.Synthesis;

/// <summary>
/// Whether a dialogue under way can no longer be accepted, whatever comes. It looks with the verifier's own checks, and only with those whose findings
/// stay when messages are added: each decides about a message by that message and the ones before it. To them comes a write that no plan has and
/// whose changes no accepted end state has (<see cref="LostWrites"/>). So whatever is stopped would have been rejected at its end.
/// </summary>
public sealed class Doom
{
    private static readonly ConditionalWeakTable<Pack, Doom> Made = [];

    private readonly Pack _pack;
    private readonly IReadOnlyList<ICheck> _lasting;

    private Doom(Pack pack)
    {
        _pack = pack;
        var book = new RuleBook(pack);
        var lasting = new List<ICheck> { new PolicyGuards(), new ConversationLoops() };
        if (book.Of("identify") is { Count: > 0 } identify)
            lasting.Add(new ProcedureIdentify(pack, identify));
        if (book.Of("order", "then") is { Count: > 0 } order)
            lasting.Add(new ProcedureOrder(book, order));
        if (book.Of("once", "tools") is { Count: > 0 } once)
            lasting.Add(new ProcedureOnce(pack, once));
        if (book.Of("alone", "tools") is { Count: > 0 } alone)
            lasting.Add(new ProcedureAlone(alone));
        _lasting = lasting;
    }

    /// <summary>Of a pack; made once.</summary>
    public static Doom Of(Pack pack) => Made.GetValue(pack, static p => new(p));

    /// <summary>
    /// Why a dialogue is rejected in which the human's response ended so; null where it ended as a message does. An agent's is answered as an environment would, but a human
    /// who says nothing of their own is no customer, and another attempt has another.
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

    /// <summary>Why a dialogue is rejected in which this message stands; null where nothing in it says so.</summary>
    public static string? OfWords(Message message) =>
        TemplateMarks.Find(message) is { } leak ? $"{FormatMarkup.FullName}: {FormatMarkup.Evidence(leak)}"
        : message.Role == MessageRole.User && ClosingMark.StandsInside(message.Content) ? $"{HumanMark.FullName}: {HumanMark.Evidence}"
        : null;

    /// <summary>Why a dialogue that begins with these messages is rejected however it goes on; null where it may yet be accepted.</summary>
    public string? Reason(Blueprint blueprint, IReadOnlyList<Message> messages)
    {
        var trace = Trace.Run(
            _pack,
            blueprint,
            new()
            {
                System = "",
                Tools = [],
                Messages = [.. messages],
                Meta = [],
                End = DialogueEnd.Limit,
            }
        );
        var verdicts = ImmutableArray.CreateBuilder<Verdict>();
        if (messages is [.., { Role: MessageRole.Assistant } last] && OfWords(last) is { } leak)
            return leak;
        foreach (var check in _lasting)
            check.Run(trace, verdicts);
        foreach (var verdict in verdicts)
        {
            if (verdict.Outcome == Outcome.Fail)
                return $"{verdict.Stage}.{verdict.Check}: {verdict.Evidence}";
        }

        return LostWrites.Find(trace) is { } write
            ? $"outcome.writes: {write.Call.Name}({write.Call.Arguments}) is in no accepted plan, and no accepted end state has what it changed"
            : null;
    }
}
