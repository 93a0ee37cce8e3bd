using ConvoSynth.Runs.Rows;

namespace ConvoSynth.Review.Pages;

/// <summary>The messages of one place in two dialogues; one of them may have ended.</summary>
public sealed record TwinMessages(ShownMessage? Left, ShownMessage? Right)
{
    public bool IsSame =>
        Left is not null
        && Right is not null
        && Left.Role == Right.Role
        && Left.Text == Right.Text
        && Left.Calls.Select(c => (c.Name, c.Arguments)).SequenceEqual(Right.Calls.Select(c => (c.Name, c.Arguments)));
}

/// <summary>A text that two dialogues do not share: what is alike before, what differs, and what is alike after.</summary>
public sealed record TextDifference(string Before, string Left, string Right, string After)
{
    public static TextDifference Of(string left, string right)
    {
        if (left == right)
            return new(left, "", "", "");
        var shorter = Math.Min(left.Length, right.Length);
        var before = 0;
        while (before < shorter && left[before] == right[before])
            before++;
        // Whole words differ, and no surrogate pair is cut.
        while (before > 0 && !char.IsWhiteSpace(left[before - 1]))
            before--;
        var after = 0;
        while (after < shorter - before && left[^(after + 1)] == right[^(after + 1)])
            after++;
        while (after > 0 && !char.IsWhiteSpace(left[^after]))
            after--;
        return new(left[..before], left[before..^after], right[before..^after], left[^after..]);
    }
}

/// <summary>Two rows of one family side by side.</summary>
/// <param name="First">The place of the first message that differs; null if none does.</param>
/// <param name="FirstCall">The place of the first message whose calls differ; null if none does.</param>
public sealed record TwinComparison(
    RowDetails Left,
    RowDetails Right,
    TextDifference Task,
    IReadOnlyList<TwinMessages> Messages,
    int? First,
    int? FirstCall
)
{
    public static TwinComparison Of(RowDetails left, RowDetails right)
    {
        TwinMessages[] messages =
        [
            .. Enumerable
                .Range(0, Math.Max(left.Messages.Count, right.Messages.Count))
                .Select(i => new TwinMessages(left.Messages.ElementAtOrDefault(i), right.Messages.ElementAtOrDefault(i)))
                .Where(m => (m.Left ?? m.Right)!.Role != "system"),
        ];
        var (leftCalls, rightCalls) = (CallsOf(left), CallsOf(right));
        var call = Enumerable
            .Range(0, Math.Max(leftCalls.Length, rightCalls.Length))
            .FirstOrDefault(i => leftCalls.ElementAtOrDefault(i).Call != rightCalls.ElementAtOrDefault(i).Call, -1);
        var callAt = call < 0 ? null : leftCalls.ElementAtOrDefault(call).Message ?? rightCalls.ElementAtOrDefault(call).Message;
        return new(
            left,
            right,
            TextDifference.Of(left.Row.Instruction ?? "", right.Row.Instruction ?? ""),
            messages,
            PlaceOf(messages, m => !m.IsSame),
            PlaceOf(messages, m => callAt is not null && (m.Left ?? m.Right)!.Number == callAt)
        );
    }

    private static (string? Call, int? Message)[] CallsOf(RowDetails row) =>
        [.. row.Messages.SelectMany(m => m.Calls.Select(c => ((string?)$"{c.Name} {c.Arguments}", m.Number)))];

    private static int? PlaceOf(TwinMessages[] messages, Predicate<TwinMessages> takes) =>
        Array.FindIndex(messages, takes) is >= 0 and var place ? place : null;
}
