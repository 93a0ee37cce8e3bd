using System.Globalization;
using ConvoSynth.Runs.Rows;

namespace ConvoSynth.Benchmarks.Shards;

/// <summary>Repeats the rows of some dialogues as often as needed, each with its own id and in a new order in every round.</summary>
internal sealed class RepeatedRows(ShardRow[] rows)
{
    public IEnumerable<ShardRow> Take(long count)
    {
        for (long i = 0; i < count; i++)
        {
            var (round, place) = Math.DivRem(i, rows.Length);
            // A step that shares no factor with the length reaches each row once per round.
            var row = rows[(int)(((place * Step(round)) + round) % rows.Length)];
            yield return row with
            {
                Id = Id(i),
                Index = i,
            };
        }
    }

    public static string Id(long index) => string.Create(CultureInfo.InvariantCulture, $"bench/{index}/0");

    private long Step(long round)
    {
        var step = 1 + (round * 7919);
        while (Greatest(step, rows.Length) != 1)
            step++;
        return step;
    }

    private static long Greatest(long a, long b) => b == 0 ? a : Greatest(b, a % b);
}
