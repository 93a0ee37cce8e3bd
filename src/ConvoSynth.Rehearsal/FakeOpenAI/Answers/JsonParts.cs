using System.Text;
using System.Text.Json;
using ConvoSynth.Rehearsal.FakeOpenAI.Scripts;

namespace ConvoSynth.Rehearsal.FakeOpenAI.Answers;

/// <summary>Parts of a body that both protocols share.</summary>
internal static class JsonParts
{
    // The value of a model that is nearly sure of each token; invented, not measured.
    private const double Logprob = -0.01;

    public static void WriteLogprobs(this Utf8JsonWriter json, string text, int top)
    {
        json.WriteStartArray();
        foreach (var token in TextPieces.Of(text))
        {
            json.WriteStartObject();
            WriteToken(json, token);
            json.WriteStartArray("top_logprobs"u8);
            if (top > 0)
            {
                json.WriteStartObject();
                WriteToken(json, token);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    public static void WritePlantedFault(this Utf8JsonWriter json, Answer answer)
    {
        if (answer.PlantedFault is { } fault)
            json.WriteString(Reply.PlantedFaultField, fault);
    }

    private static void WriteToken(Utf8JsonWriter json, string token)
    {
        json.WriteString("token"u8, token);
        json.WriteNumber("logprob"u8, Logprob);
        json.WriteStartArray("bytes"u8);
        foreach (var value in Encoding.UTF8.GetBytes(token))
            json.WriteNumberValue(value);
        json.WriteEndArray();
    }
}
