using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ConvoSynth.Core;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;

namespace ConvoSynth.Models.Protocols;

/// <summary>Writes a request body. Fields that the endpoint's own <c>body</c> sets are left to it.</summary>
internal sealed class BodyWriter : IDisposable
{
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    // The JSON writer reserves each text's longest form, several times its need. So bodies are written to a reused buffer and copied out.
    private const int MaxKept = 1 << 20;

    // Tools live as long as their packs, and their schemas are most of an agent's request: each is serialized once.
    private static readonly ConditionalWeakTable<Json, byte[]> Schemas = [];

    [ThreadStatic]
    private static BodyWriter? t_free;

    private readonly ArrayBufferWriter<byte> _buffer = new(1 << 14);
    private JsonMap? _extra;

    private BodyWriter() => Json = new(_buffer, Options);

    public Utf8JsonWriter Json { get; }

    /// <summary>Begins a body. A thread writes one body at a time.</summary>
    public static BodyWriter Begin(EndpointSpec spec)
    {
        var writer = t_free ?? new();
        t_free = null;
        writer._extra = spec.Body as JsonMap;
        writer.Json.WriteStartObject();
        return writer;
    }

    /// <summary>Whether the writer sets the field, and not the endpoint's own <c>body</c>.</summary>
    public bool Owns(string field) => _extra?.Contains(field) != true;

    public void Text(string field, string? value)
    {
        if (value is not null && Owns(field))
            Json.WriteString(field, value);
    }

    public void Number(string field, int value)
    {
        if (Owns(field))
            Json.WriteNumber(field, value);
    }

    public void Number(string field, double? value)
    {
        if (value is { } number && Owns(field))
            Json.WriteNumber(field, number);
    }

    public void Flag(string field, bool value)
    {
        if (Owns(field))
            Json.WriteBoolean(field, value);
    }

    public void Value(string field, Json value)
    {
        Json.WritePropertyName(field);
        Value(value);
    }

    /// <summary>All fields of an object; nothing for other values.</summary>
    public void Fields(Json fields)
    {
        if (fields is not JsonMap map)
            return;
        for (var i = 0; i < map.Count; i++)
            Value(map.Keys[i], map.Values[i]);
    }

    public void Value(Json value) => Json.WriteRawValue(value.ToString(), skipInputValidation: true);

    /// <summary>The tools, each in the protocol's form, and whether parallel calls are allowed.</summary>
    /// <param name="write">
    /// Writes one tool; its last argument is the strict parameters, null if they are not wanted or do not exist.
    /// </param>
    public void Tools(EndpointSpec spec, ImmutableArray<ToolDefinition> tools, Action<BodyWriter, ToolDefinition, Json?> write)
    {
        if (tools.IsEmpty)
            return;
        Json.WriteStartArray("tools"u8);
        foreach (var tool in tools)
            write(this, tool, spec.StrictTools ? StrictSchema.Of(tool.Parameters) : null);
        Json.WriteEndArray();

        // True is every server's default, and some models reject the field.
        if (!spec.ParallelToolCalls)
            Flag("parallel_tool_calls", false);
    }

    /// <summary>The fields of a tool that all protocols share.</summary>
    /// <param name="parameters">The protocol's name for the arguments' schema; empty for <c>parameters</c>.</param>
    public void Function(ToolDefinition tool, Json? strict, ReadOnlySpan<byte> parameters = default)
    {
        Json.WriteString("name"u8, tool.Name);
        Json.WriteString("description"u8, tool.Description);
        Json.WritePropertyName(parameters.IsEmpty ? "parameters"u8 : parameters);
        Json.WriteRawValue(
            Schemas.GetValue(strict ?? tool.Parameters, static s => Encoding.UTF8.GetBytes(s.ToString())),
            skipInputValidation: true
        );
    }

    /// <summary>The fields of an earlier turn's call that all protocols share.</summary>
    public void Call(EndpointSpec spec, ToolCall call)
    {
        Json.WriteString("name"u8, PastTurns.Name(call));
        Json.WriteString("arguments"u8, PastTurns.Arguments(spec, call));
    }

    /// <summary>The fields of an answer's schema that all protocols share.</summary>
    public void Schema(AnswerSchema answer)
    {
        Json.WriteString("name"u8, answer.Name);
        Json.WriteBoolean("strict"u8, true);
        Value("schema", answer.Schema);
    }

    public void Metadata(IReadOnlyList<KeyValuePair<string, string>> pairs)
    {
        if (pairs.Count == 0)
            return;
        Json.WriteStartObject("metadata");
        foreach (var (key, value) in pairs)
            Json.WriteString(key, value);
        Json.WriteEndObject();
    }

    /// <summary>Returns the whole body, with the endpoint's own fields at its end.</summary>
    public ReadOnlyMemory<byte> End()
    {
        for (var i = 0; i < _extra?.Count; i++)
            Value(_extra.Keys[i], _extra.Values[i]);
        Json.WriteEndObject();
        Json.Flush();
        var written = _buffer.WrittenSpan;
        var rented = ArrayPool<byte>.Shared.Rent(written.Length);
        written.CopyTo(rented);
        return rented.AsMemory(0, written.Length);
    }

    /// <summary>
    /// Returns a body to the pool. Thousands of bodies wait for answers at a time, and the collector would copy fresh ones repeatedly.
    /// Call it only if no reader remains; otherwise leave the body to the collector.
    /// </summary>
    public static void Release(ReadOnlyMemory<byte> body)
    {
        if (MemoryMarshal.TryGetArray(body, out var rented))
            ArrayPool<byte>.Shared.Return(rented.Array!);
    }

    public void Dispose()
    {
        if (_buffer.Capacity > MaxKept)
            return;
        _buffer.ResetWrittenCount();
        Json.Reset();
        t_free = this;
    }
}
