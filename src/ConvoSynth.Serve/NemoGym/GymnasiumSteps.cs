using System.Text.Json;
using ConvoSynth.Serve.Episodes;
using ConvoSynth.Serve.Frames;
using ConvoSynth.Serve.Sessions;
using Microsoft.AspNetCore.Http;

namespace ConvoSynth.Serve.NemoGym;

/// <summary>
/// NeMo Gym's Gymnasium variant, in which a message without a call goes to the human: <c>POST /reset</c> with a row, and <c>POST
/// /step</c> with a response of the model, each of whose calls is carried out. Source: resources_servers/gymnasium/base.py.
/// </summary>
internal sealed class GymnasiumSteps(NemoGymRoutes sessions)
{
    /// <summary>Whether a body is of this variant: OpenEnv's routes have the same paths.</summary>
    public static bool Takes(JsonElement body) =>
        body.ValueKind == JsonValueKind.Object && body.TryGetProperty("responses_create_params", out _);

    public async Task Reset(HttpContext context, JsonElement body)
    {
        var opening = ResponseItems.OpeningOf(body);
        var session = await sessions.Begin(context, body, opening);
        var episode = session.Episode!;
        await HttpJson.Write(
            context,
            json =>
            {
                json.WriteStartObject();
                // A row that has the human's first words needs no observation.
                json.WriteString("observation"u8, opening is null ? episode.Opening : null);
                json.WritePropertyName("info"u8);
                EpisodeJson.WriteMetadata(json, episode);
                json.WriteEndObject();
            }
        );
    }

    public async Task Step(HttpContext context, JsonElement body)
    {
        var session = sessions.SessionIn(context);
        var response = Fields.Map(Fields.Required(body, "response", "body"), "body.response");
        var output = Fields.Required(response, "output", "body.response");
        var outputs = new List<(string CallId, string Output)>();
        string? said = null;
        foreach (var item in ResponseItems.Items(output))
        {
            if (session.Episode is { IsDone: true })
                break;
            if (ResponseItems.Is(item, "function_call"u8))
            {
                var move = await session.Act(
                    Fields.TextOf(Fields.Required(item, "name", "item"), "item.name"),
                    Fields.TextOf(Fields.Required(item, "arguments", "item"), "item.arguments")
                );
                outputs.Add((Fields.TextOf(Fields.Required(item, "call_id", "item"), "item.call_id"), move.Text));
            }
            else if (ResponseItems.Is(item, "message"u8) && ResponseItems.TextOf(item) is { Length: > 0 } text)
            {
                said = said is null ? text : $"{said}\n{text}";
            }
        }

        // Text beside calls is a thought aloud: the human hears a message that has no call.
        var answer = said is not null && outputs.Count == 0 ? (await session.Say(said)).Text : null;
        var episode = session.Episode!;
        await HttpJson.Write(
            context,
            json =>
            {
                json.WriteStartObject();
                json.WriteString("observation"u8, string.IsNullOrEmpty(answer) ? null : answer);
                json.WriteNumber("reward"u8, episode.Reward?.Value ?? 0.0);
                json.WriteBoolean("terminated"u8, episode.IsDone);
                json.WriteBoolean("truncated"u8, false);
                json.WriteStartObject("info"u8);
                json.WriteStartArray("tool_outputs"u8);
                foreach (var (id, text) in outputs)
                {
                    json.WriteStartObject();
                    json.WriteString("call_id"u8, id);
                    json.WriteString("output"u8, text);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteString("task_id"u8, episode.Task.Id);
                if (episode.Reward is { } reward)
                    EpisodeJson.WriteReward(json, reward);
                json.WriteEndObject();
                json.WriteEndObject();
            }
        );
    }
}
