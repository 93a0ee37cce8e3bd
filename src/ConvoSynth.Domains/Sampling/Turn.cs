using ConvoSynth.Core;

namespace ConvoSynth.Domains;

/// <summary>
/// Which visit of a cell this is. A cell's rows take turns, so that the tasks which share intent, shape and row are capped without anybody keeping count: of n rows
/// that begin a cell's tasks, V visits take none more than ⌈V / n⌉ times at their first try, and none comes again before all were there.
/// </summary>
/// <param name="Visit">From 0: how often the cell came up before.</param>
/// <param name="Order">Decides the order of the rows, another one in every round.</param>
public readonly record struct Turn(long Visit, Seed Order)
{
    // A row that does not lead to a task gives way to one far off in the order: the near ones have visits of their own.
    private const long Stride = 7919;

    /// <summary>The row whose turn it is; a further try takes another.</summary>
    public T Pick<T>(IReadOnlyList<T> rows, int attempt)
    {
        var count = rows.Count;
        var at = Visit + (attempt * Stride);
        var random = Order.For(at / count).Random();
        var start = random.Next(count);
        // Steps of a length that shares no factor with the count come by every row once.
        var step = 1 + random.Next(count);
        while (Common(step, count) != 1)
            step++;
        return rows[(int)((start + (at % count * step)) % count)];
    }

    private static long Common(long a, long b) => b == 0 ? a : Common(b, a % b);
}
