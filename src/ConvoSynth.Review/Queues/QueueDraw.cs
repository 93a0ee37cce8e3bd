using ConvoSynth.Core;
using ConvoSynth.Review.Decisions;
using ConvoSynth.Review.Tables;

namespace ConvoSynth.Review.Queues;

/// <summary>Draws the rows that wait for a reviewer.</summary>
internal sealed class QueueDraw(RunTables tables, Standing standing, string reviewer)
{
    /// <summary>How many rows of a queue wait for this reviewer.</summary>
    public long Open(ReviewQueue queue) => tables.Count(queue.Rows, Done(queue));

    /// <summary>The waiting rows of a queue, first the next; as many as a page has.</summary>
    public IEnumerable<string> Rows(ReviewQueue queue) => tables.Page(queue.Rows, Done(queue)).Select(line => line.Id);

    /// <summary>
    /// The rows to try next over all queues: priority by priority, in each the queues in a drawn order that follows their shares. A draw is
    /// a function of the reviewer and of how many rows the reviewer has done, so a page that was fetched ahead shows the row that comes.
    /// </summary>
    /// <param name="except">The row at hand; it counts as done.</param>
    public IEnumerable<string> Rows(IReadOnlyList<ReviewQueue> queues, string? except)
    {
        var done = standing.By(reviewer);
        var draw = done.Count + (except is null || done.Contains(except) ? 0 : 1);
        var random = new Seed(0).For(reviewer).For(draw).Random();
        foreach (var priority in queues.Where(q => q.Share > 0).GroupBy(q => q.Priority).OrderBy(g => g.Key))
        {
            var left = priority.ToList();
            while (left.Count > 0)
            {
                var queue = Draw(left, random);
                left.Remove(queue);
                foreach (var row in Rows(queue))
                    yield return row;
            }
        }
    }

    private IReadOnlyCollection<string> Done(ReviewQueue queue) => standing.DoneFor(reviewer, queue.Reviews);

    private static ReviewQueue Draw(List<ReviewQueue> queues, SeededRandom random)
    {
        var at = random.NextDouble() * queues.Sum(q => q.Share);
        foreach (var queue in queues)
        {
            at -= queue.Share;
            if (at < 0)
                return queue;
        }

        return queues[^1];
    }
}
