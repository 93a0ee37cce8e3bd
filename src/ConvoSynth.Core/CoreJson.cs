using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.State;
using ConvoSynth.Core.Verdicts;

namespace ConvoSynth.Core;

/// <summary>JSON of Core's records: snake_case names, nulls left out; readable text through <see cref="Readable"/>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(Blueprint))]
[JsonSerializable(typeof(Trajectory))]
[JsonSerializable(typeof(Verdict))]
[JsonSerializable(typeof(World))]
[JsonSerializable(typeof(MessageMeta))]
[JsonSerializable(typeof(StateDiff))]
[JsonSerializable(typeof(EndState[]))]
[JsonSerializable(typeof(PlantedFault))]
[JsonSerializable(typeof(Usage))]
[JsonSerializable(typeof(PaidUsage))]
public sealed partial class CoreJson : JsonSerializerContext
{
    /// <summary>The context with an encoder that leaves text readable; rows and files are never embedded in HTML.</summary>
    public static CoreJson Readable { get; } =
        new(
            new JsonSerializerOptions
            {
                PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
                DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
                Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            }
        );
}
