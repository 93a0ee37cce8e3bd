using System.Text.Json;

namespace ConvoSynth.Serve.NemoGym;

/// <summary>
/// NeMo Gym's aggregate of verified rollouts: mean, largest, smallest, median and standard deviation of the reward, in all and for each
/// task. Excluded rollouts are counted and have no part in it.
/// </summary>
internal static class RewardMetrics
{
    private const string TaskIndex = "_ng_task_index";

    public static void Write(Utf8JsonWriter json, IEnumerable<JsonElement> responses)
    {
        var byTask = new SortedDictionary<long, List<double>>();
        var excluded = 0;
        foreach (var response in responses)
        {
            if (response.TryGetProperty("_ng_failure_class", out _))
            {
                excluded++;
                continue;
            }

            if (!response.TryGetProperty("reward", out var reward) || reward.ValueKind != JsonValueKind.Number)
                continue;
            var task = response.TryGetProperty(TaskIndex, out var index) && index.TryGetInt64(out var number) ? number : 0;
            if (!byTask.TryGetValue(task, out var rewards))
                byTask[task] = rewards = [];
            rewards.Add(reward.GetDouble());
        }

        json.WriteStartObject();
        json.WriteStartArray("group_level_metrics"u8);
        foreach (var (task, rewards) in byTask)
        {
            json.WriteStartObject();
            json.WriteNumber(TaskIndex, task);
            WriteStatistics(json, rewards);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        double[] all = [.. byTask.Values.SelectMany(r => r)];
        json.WriteStartObject("agent_metrics"u8);
        if (all.Length > 0)
            WriteStatistics(json, all);
        json.WriteNumber("excluded"u8, excluded);
        json.WriteEndObject();
        json.WriteStartObject("key_metrics"u8);
        if (all.Length > 0)
            json.WriteNumber("mean/reward"u8, all.Average());
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteStatistics(Utf8JsonWriter json, IReadOnlyCollection<double> rewards)
    {
        double[] sorted = [.. rewards.Order()];
        var mean = sorted.Average();
        var middle = sorted.Length / 2;
        json.WriteNumber("mean/reward"u8, mean);
        json.WriteNumber("max/reward"u8, sorted[^1]);
        json.WriteNumber("min/reward"u8, sorted[0]);
        json.WriteNumber("median/reward"u8, sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2);
        // Of a sample, as pandas has it; one rollout has none, which is told as 0.
        json.WriteNumber("std/reward"u8, sorted.Length < 2 ? 0 : Math.Sqrt(sorted.Sum(r => (r - mean) * (r - mean)) / (sorted.Length - 1)));
    }
}
