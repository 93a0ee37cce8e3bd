using System.Text.Encodings.Web;
using System.Text.Json;

namespace ConvoSynth.Export.Files;

/// <summary>How exports spell JSON.</summary>
public static class JsonText
{
    /// <summary>Text in any script stands as it is: only what JSON demands is escaped.</summary>
    public static JsonWriterOptions Options { get; } =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>The same spelling for nodes.</summary>
    public static JsonSerializerOptions NodeOptions { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
