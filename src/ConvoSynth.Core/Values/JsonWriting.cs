using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ConvoSynth.Core;

internal static class JsonWriting
{
    internal static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    public static string Compact(Json value) => value is JsonMap map ? map.CachedText() : CompactUncached(value);

    public static string CompactUncached(Json value) => ToText(value, canonical: false);

    public static string Canonical(Json value) => ToText(value, canonical: true);

    public static void Write(Utf8JsonWriter writer, Json value, bool canonical)
    {
        switch (value)
        {
            case JsonNull:
                writer.WriteNullValue();
                break;
            case JsonBoolean boolean:
                writer.WriteBooleanValue(boolean.Value);
                break;
            case JsonNumber number:
                writer.WriteRawValue(number.Spelled(canonical), skipInputValidation: true);
                break;
            case JsonText text:
                writer.WriteStringValue(text.Value);
                break;
            case JsonList list:
                writer.WriteStartArray();
                foreach (var item in list.Span)
                    Write(writer, item, canonical);
                writer.WriteEndArray();
                break;
            case JsonMap map when !canonical && map.TextIfCached is { } text:
                writer.WriteRawValue(text, skipInputValidation: true);
                break;
            case JsonMap map:
                WriteMap(writer, map, canonical);
                break;
        }
    }

    private static void WriteMap(Utf8JsonWriter writer, JsonMap map, bool canonical)
    {
        writer.WriteStartObject();
        if (canonical)
        {
            foreach (var key in map.Keys.Order(StringComparer.Ordinal))
            {
                writer.WritePropertyName(key);
                Write(writer, map[key], canonical);
            }
        }
        else
        {
            for (var i = 0; i < map.Count; i++)
            {
                writer.WritePropertyName(map.Keys[i]);
                Write(writer, map.Values[i], canonical);
            }
        }

        writer.WriteEndObject();
    }

    private static string ToText(Json value, bool canonical)
    {
        var scratch = Scratch.Take();
        try
        {
            Write(scratch.Writer, value, canonical);
            scratch.Writer.Flush();
            return Encoding.UTF8.GetString(scratch.Buffer.WrittenSpan);
        }
        finally
        {
            scratch.Release();
        }
    }

    // A cache of buffers; no content passes from one text to the next.
    private sealed class Scratch
    {
        [ThreadStatic]
        private static Scratch? t_free;

        public ArrayBufferWriter<byte> Buffer { get; } = new(4096);

        public Utf8JsonWriter Writer { get; }

        private Scratch() => Writer = new(Buffer, Options);

        public static Scratch Take()
        {
            var scratch = t_free ?? new();
            t_free = null;
            return scratch;
        }

        public void Release()
        {
            if (Buffer.Capacity > 1 << 20)
                return;
            Buffer.ResetWrittenCount();
            Writer.Reset();
            t_free = this;
        }
    }
}

/// <summary>Lets System.Text.Json serialize <see cref="Json"/> inside records.</summary>
public sealed class JsonValueConverter : JsonConverter<Json>
{
    public override bool HandleNull => true;

    public override bool CanConvert(Type typeToConvert) => typeof(Json).IsAssignableFrom(typeToConvert);

    public override Json Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => JsonReading.Read(ref reader);

    public override void Write(Utf8JsonWriter writer, Json value, JsonSerializerOptions options) =>
        JsonWriting.Write(writer, value ?? Json.Null, canonical: false);
}
