using System.Text.Encodings.Web;
using System.Text.Json;

namespace ConvoSynth.Review.Pages;

/// <summary>JSON as a person reads it.</summary>
internal static class ShownJson
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The text with line breaks and indents if it is JSON; else as it is.</summary>
    public static string Of(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return JsonSerializer.Serialize(document.RootElement, Indented);
        }
        // A lone surrogate is JSON, but no text that can be written.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return text;
        }
    }
}
