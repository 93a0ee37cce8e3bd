using System.Text.Json;

namespace ConvoSynth.Drills;

/// <summary>A line of the endpoint's log.</summary>
/// <param name="Key">Identifies the call, without the try.</param>
/// <param name="At">When the request arrived, in seconds since the endpoint started.</param>
/// <param name="Latency">The planted latency, in seconds.</param>
internal sealed record LoggedRequest(long Index, string Key, int Status, string? Failure, double At, double Latency)
{
    public bool IsAnswer => Status == 200 && Failure is null or "content-filter" or "length";

    public static IEnumerable<LoggedRequest> Read(string path)
    {
        foreach (var line in File.ReadLines(path))
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            // A probe belongs to no dialogue.
            if (!root.TryGetProperty("index", out var index) || index.ValueKind != JsonValueKind.Number)
                continue;
            var key =
                $"{index.GetInt64()}/{root.GetProperty("attempt").GetInt32()}/{root.GetProperty("role").GetString()}/"
                + $"{root.GetProperty("step").GetInt32()}/{root.GetProperty("part").GetString()}";
            yield return new(
                index.GetInt64(),
                key,
                root.GetProperty("status").GetInt32(),
                root.GetProperty("failure").GetString(),
                root.GetProperty("at").GetDouble(),
                root.GetProperty("latency").GetDouble()
            );
        }
    }
}

/// <summary>The theoretical optimum.</summary>
internal static class Ideal
{
    /// <summary>The makespan of a list scheduler: jobs in order, each on the first free permit.</summary>
    public static double Makespan(IEnumerable<double> jobs, int slots)
    {
        var free = new PriorityQueue<double, double>();
        for (var i = 0; i < slots; i++)
            free.Enqueue(0, 0);
        var end = 0.0;
        foreach (var job in jobs)
        {
            var done = free.Dequeue() + job;
            free.Enqueue(done, done);
            end = Math.Max(end, done);
        }

        return end;
    }
}
