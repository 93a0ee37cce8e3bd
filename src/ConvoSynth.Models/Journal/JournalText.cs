using System.Text.Json;
using System.Text.Json.Serialization;
using ConvoSynth.Core.Campaigns;

namespace ConvoSynth.Models.Journal;

/// <summary>
/// The stored form of an answer: the call's record as one line of JSON, then the body as received. The key and the request hash are
/// stored beside it, so that a lookup parses nothing.
/// </summary>
public static class JournalText
{
    public static string Write(JournaledCall call) =>
        $"{JsonSerializer.Serialize(call.Call, JournalTextJson.Default.ModelCall)}\n{call.Body}";

    /// <exception cref="FormatException">The text is not in the form that <see cref="Write"/> makes.</exception>
    public static JournaledCall Read(CallKey key, string requestHash, string text)
    {
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        try
        {
            return JsonSerializer.Deserialize(text.AsSpan(0, Math.Max(end, 0)), JournalTextJson.Default.ModelCall) is { } call
                ? new()
                {
                    Key = key,
                    RequestHash = requestHash,
                    Body = text[(end + 1)..],
                    Call = call,
                }
                : throw new FormatException($"the journal's answer to {key} does not say what the call took");
        }
        catch (JsonException e)
        {
            throw new FormatException($"the journal's answer to {key} does not say what the call took: {e.Message}", e);
        }
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(ModelCall))]
internal sealed partial class JournalTextJson : JsonSerializerContext;
