using ConvoSynth.Core;

namespace ConvoSynth.Domains.Sampling;

/// <summary>
/// Identifies a visit of a cell. A cell's rows take turns, so tasks that share intent, shape and row are bounded without counters.
/// Bound: if n rows begin a cell's tasks, V visits take each row at most ⌈V / n⌉ times at their first try. No row repeats before all
/// others have had a turn.
/// </summary>
/// <param name="Visit">From 0: how often the cell occurred before.</param>
/// <param name="Order">Seeds the order of the rows, which differs in every round.</param>
public readonly record struct Turn(long Visit, Seed Order)
{
    // If a row leads to no task, a distant row in the order replaces it: near ones have visits of their own.
    private const long Stride = 7919;

    /// <summary>The row whose turn it is; a further attempt takes another row.</summary>
    public T Pick<T>(IReadOnlyList<T> rows, int attempt)
    {
        var count = rows.Count;
        var at = Visit + (attempt * Stride);
        var random = Order.For(at / count).Random();
        var start = random.Next(count);
        // Steps whose length shares no factor with the count reach every row exactly once.
        var step = 1 + random.Next(count);
        while (Common(step, count) != 1)
            step++;
        return rows[(int)((start + (at % count * step)) % count)];
    }

    private static long Common(long a, long b) => b == 0 ? a : Common(b, a % b);
}
