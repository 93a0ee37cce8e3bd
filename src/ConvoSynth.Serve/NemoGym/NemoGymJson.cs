using System.Text.Json;
using ConvoSynth.Serve.Episodes;
using ConvoSynth.Serve.Frames;
using ConvoSynth.Serve.Rewards;

namespace ConvoSynth.Serve.NemoGym;

/// <summary>NeMo Gym's answer to <c>/verify</c>: the request, and what its episode earned.</summary>
internal static class NemoGymJson
{
    // The same keys in every task: the stages of the checks.
    private static readonly string[] Stages =
    [
        "format",
        "replay",
        "environment",
        "outcome",
        "policy",
        "procedure",
        "claims",
        "grounding",
        "human",
        "conversation",
    ];

    private static readonly string[] Ours = ["reward", "reward_components", "excluded", "components", "failed", "_ng_failure_class"];

    /// <summary>
    /// <c>reward</c> must be a number there. A rollout that must not be trained on has 0 and <c>_ng_failure_class</c>: the collector puts
    /// it into the file of failures, which no aggregate reads.
    /// </summary>
    public static void WriteVerified(Utf8JsonWriter json, JsonElement body, Episode episode, EpisodeReward reward)
    {
        json.WriteStartObject();
        foreach (var field in body.EnumerateObject())
        {
            if (!Ours.Contains(field.Name))
                field.WriteTo(json);
        }

        if (!body.TryGetProperty("task_id", out _))
            json.WriteString("task_id"u8, episode.Task.Id);
        WriteReward(json, reward);
        json.WriteEndObject();
    }

    public static void WriteReward(Utf8JsonWriter json, EpisodeReward reward)
    {
        json.WriteNumber("reward"u8, reward.Value ?? 0.0);
        json.WriteStartObject("reward_components"u8);
        foreach (var stage in Stages)
        {
            var failed = reward.Components.Any(c => !c.Value && c.Key.StartsWith($"{stage}.", StringComparison.Ordinal));
            json.WriteNumber(stage, failed ? 0.0 : 1.0);
        }

        json.WriteEndObject();
        EpisodeJson.WriteReward(json, reward);
        if (reward.Excluded is not null)
            json.WriteString("_ng_failure_class"u8, "excluded"u8);
    }
}
