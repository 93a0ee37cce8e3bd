using ConvoSynth.Export.Examples;

namespace ConvoSynth.Export.Losses;

/// <summary>Counts what a format cannot hold: the examples that are left out for it, and the parts that are dropped.</summary>
/// <param name="holds">What the format holds.</param>
/// <param name="lossy">Whether an example whose masks are lost is written all the same.</param>
internal sealed class LossTally(Holds holds, bool lossy)
{
    public const string Masks = "answers to learn nothing from, for which the format has no mask";
    public const string ParallelCalls = "several calls in one message";
    public const string TextArguments = "arguments that are no JSON object";
    public const string TextBesideCalls = "words beside calls";
    public const string Reasoning = "reasoning";
    public const string CallIds = "ids of calls";
    public const string Tail = "messages after the last one to learn from";

    private readonly SortedDictionary<string, long> _leftOut = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _dropped = new(StringComparer.Ordinal);

    /// <summary>Rows and examples that the export does not have, by reason.</summary>
    public IReadOnlyDictionary<string, long> LeftOut => _leftOut;

    /// <summary>Parts of messages that the written examples do not have, by kind.</summary>
    public IReadOnlyDictionary<string, long> Dropped => _dropped;

    public void LeaveOut(string reason) => Add(_leftOut, reason, 1);

    public void Drop(string what, long count)
    {
        if (count > 0)
            Add(_dropped, what, count);
    }

    /// <summary>
    /// Whether the example may be written. What is lost then is counted. An example of which training would learn what it must not, or
    /// whose calls the format cannot hold, is left out and counted.
    /// </summary>
    public bool Admits(Example example)
    {
        if (Reason(example) is { } reason)
        {
            LeaveOut(reason);
            return false;
        }

        if (!holds.HasFlag(Holds.Masks))
            Drop(Masks, example.Masked);
        if (!holds.HasFlag(Holds.TextBesideCalls))
            Drop(TextBesideCalls, example.Messages.Count(m => m.Calls.Count > 0 && !string.IsNullOrEmpty(m.Text)));
        if (!holds.HasFlag(Holds.Reasoning))
            Drop(Reasoning, example.Messages.Count(m => m.Reasoning is not null));
        if (!holds.HasFlag(Holds.CallIds))
            Drop(CallIds, example.Messages.Sum(m => m.Calls.Count));
        return true;
    }

    private string? Reason(Example example)
    {
        if (!holds.HasFlag(Holds.Masks) && !lossy && example.Masked > 0)
            return Masks;
        if (!holds.HasFlag(Holds.ParallelCalls) && example.Messages.Any(m => m.Calls.Count > 1))
            return ParallelCalls;
        var hasText = example.Messages.Any(m => m.Calls.Any(c => c.Arguments.ValueKind != System.Text.Json.JsonValueKind.Object));
        return !holds.HasFlag(Holds.TextArguments) && hasText ? TextArguments : null;
    }

    private static void Add(SortedDictionary<string, long> counts, string key, long count) =>
        counts[key] = counts.GetValueOrDefault(key) + count;
}
