using System.Text.Encodings.Web;
using System.Text.Json;

namespace ConvoSynth.Grains;

/// <summary>JSON settings of messages that leave the process.</summary>
public static class Contracts
{
    public static JsonSerializerOptions Json { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
