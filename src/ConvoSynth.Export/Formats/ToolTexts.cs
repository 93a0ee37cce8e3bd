using System.Buffers;
using System.Text;
using System.Text.Json;
using ConvoSynth.Export.Files;

namespace ConvoSynth.Export.Formats;

/// <summary>Lists of tools as JSON text without line breaks. Rows of a pack have the same list, so the last one is kept.</summary>
internal static class ToolTexts
{
    [ThreadStatic]
    private static (byte[] Tools, string Wrapped, string Bare)? _last;

    public static string Wrapped(ReadOnlyMemory<byte> tools) => Of(tools).Wrapped;

    public static string Bare(ReadOnlyMemory<byte> tools) => Of(tools).Bare;

    private static (byte[] Tools, string Wrapped, string Bare) Of(ReadOnlyMemory<byte> tools)
    {
        if (_last is { } last && last.Tools.AsSpan().SequenceEqual(tools.Span))
            return last;
        using var list = JsonDocument.Parse(tools.IsEmpty ? "[]"u8.ToArray() : tools);
        var all = list.RootElement.EnumerateArray().ToArray();
        var made = (tools.ToArray(), Text(all), Text(all.Select(tool => tool.GetProperty("function"u8))));
        _last = made;
        return made;
    }

    private static string Text(IEnumerable<JsonElement> elements)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, JsonText.Options))
        {
            json.WriteStartArray();
            foreach (var element in elements)
                element.WriteTo(json);
            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
