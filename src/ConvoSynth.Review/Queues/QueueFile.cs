using System.Text.Json;
using ConvoSynth.Review.Tables;

namespace ConvoSynth.Review.Queues;

/// <summary>The queues of a run: a small file beside its decisions, and without it the queues that the run's own figures suggest.</summary>
internal sealed class QueueFile(string run)
{
    private const int MostChecks = 40;
    private const int MostQueues = 200;

    private readonly string _path = Path.Combine(run, "review", "queues.json");

    /// <exception cref="ReviewException">The file is damaged.</exception>
    public IReadOnlyList<ReviewQueue> Read(RunCounts counts)
    {
        if (!File.Exists(_path))
            return Suggested(counts);
        try
        {
            var queues = JsonSerializer.Deserialize(File.ReadAllBytes(_path), QueueJson.Default.IReadOnlyListReviewQueue);
            if (queues is not null && Problem(queues) is null)
                return queues;
        }
        catch (JsonException)
        {
            // Told below.
        }

        throw new ReviewException($"{_path} holds no queues; mend it, or delete it for the usual ones");
    }

    /// <exception cref="ReviewException">A queue is wrong, or the file cannot be written.</exception>
    public void Write(IReadOnlyList<ReviewQueue> queues)
    {
        if (Problem(queues) is { } problem)
            throw new ReviewException(problem);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
            var partial = $"{_path}.{Environment.ProcessId}.partial";
            File.WriteAllBytes(partial, JsonSerializer.SerializeToUtf8Bytes(queues, QueueJson.Default.IReadOnlyListReviewQueue));
            File.Move(partial, _path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ReviewException($"the queues were not kept: {e.Message}");
        }
    }

    private static string? Problem(IReadOnlyList<ReviewQueue> queues) =>
        queues.Count > MostQueues ? $"there are {queues.Count} queues; a run has at most {MostQueues}"
        : queues.Select(q => q.Problem()).FirstOrDefault(p => p is not null) is { } problem ? problem
        : queues.GroupBy(q => q.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice
            ? $"two queues are named \"{twice.Key}\""
        : null;

    // Undecided rows and those of all failed checks weigh the same; one row in ten is a control.
    private static IReadOnlyList<ReviewQueue> Suggested(RunCounts counts)
    {
        var checks = counts.Checks("fail").Take(MostChecks).ToArray();
        return
        [
            Queue("undecided", new() { Status = "undecided", Sort = "random" }, 4),
            .. counts.Judges().Count > 1
                ? [Queue("judges split", new() { Split = "any", Sort = "random" }, 1)]
                : Array.Empty<ReviewQueue>(),
            Queue("controls", new() { Planted = "control", Sort = "random" }, 1),
            .. checks.Select(c =>
                Queue(
                    c.Name,
                    new()
                    {
                        Check = c.Name,
                        Outcome = "fail",
                        Sort = "random",
                    },
                    Math.Round(4.0 / checks.Length, 3)
                )
            ),
            Queue("random", new() { Sort = "random" }, 0),
            Queue("longest", new() { Sort = "longest" }, 0),
            Queue("costliest", new() { Sort = "costliest" }, 0),
        ];
    }

    private static ReviewQueue Queue(string name, RowView view, double share) => new(name, view.Query(), Share: share);
}
