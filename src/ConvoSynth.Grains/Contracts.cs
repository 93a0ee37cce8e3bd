using System.Text.Encodings.Web;
using System.Text.Json;

namespace ConvoSynth.Grains;

/// <summary>How messages between grains are written when they leave a process.</summary>
public static class Contracts
{
    public static JsonSerializerOptions Json { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
