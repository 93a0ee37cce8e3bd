using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ConvoSynth.Core;

namespace ConvoSynth.Models;

/// <summary>Writes a request body. A field that the endpoint's own <c>body</c> sets is left to it.</summary>
internal sealed class BodyWriter : IDisposable
{
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    // A writer asks for room for the longest form of each text, several times what it needs; so bodies are written in a buffer that is kept, and copied out.
    private const int MostKept = 1 << 20;

    // Tools belong to packs and live as long; most of an agent's request is their schemas, and each is written out once.
    private static readonly ConditionalWeakTable<Json, byte[]> Schemas = [];

    [ThreadStatic]
    private static BodyWriter? t_free;

    private readonly ArrayBufferWriter<byte> _buffer = new(1 << 14);
    private JsonMap? _extra;

    private BodyWriter() => Json = new(_buffer, Options);

    public Utf8JsonWriter Json { get; }

    /// <summary>Begins a body. A thread writes one at a time.</summary>
    public static BodyWriter Begin(EndpointSpec spec)
    {
        var writer = t_free ?? new();
        t_free = null;
        writer._extra = spec.Body as JsonMap;
        writer.Json.WriteStartObject();
        return writer;
    }

    /// <summary>Whether the field is ours to write.</summary>
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

    /// <summary>All fields of an object; nothing where it is none.</summary>
    public void Fields(Json fields)
    {
        if (fields is not JsonMap map)
            return;
        for (var i = 0; i < map.Count; i++)
            Value(map.Keys[i], map.Values[i]);
    }

    public void Value(Json value) => Json.WriteRawValue(value.ToString(), skipInputValidation: true);

    /// <summary>The tools, each as the protocol has it, and whether several calls may come at once.</summary>
    /// <param name="write">Writes one, with its parameters in the strict form where that is wanted and there is one.</param>
    public void Tools(EndpointSpec spec, ImmutableArray<ToolDefinition> tools, Action<BodyWriter, ToolDefinition, Json?> write)
    {
        if (tools.IsEmpty)
            return;
        Json.WriteStartArray("tools"u8);
        foreach (var tool in tools)
            write(this, tool, spec.StrictTools ? StrictSchema.Of(tool.Parameters) : null);
        Json.WriteEndArray();

        // True is every server's default, and some models refuse to be told.
        if (!spec.ParallelToolCalls)
            Flag("parallel_tool_calls", false);
    }

    /// <summary>What a tool is in every protocol.</summary>
    /// <param name="parameters">The protocol's name for the schema of the arguments; empty for <c>parameters</c>.</param>
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

    /// <summary>What a call of an earlier turn is in every protocol.</summary>
    public void Call(EndpointSpec spec, ToolCall call)
    {
        Json.WriteString("name"u8, PastTurns.Name(call));
        Json.WriteString("arguments"u8, PastTurns.Arguments(spec, call));
    }

    /// <summary>What the form of an answer is in every protocol.</summary>
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

    /// <summary>The whole body, with the endpoint's own fields at its end.</summary>
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
    /// Gives a body back, for the bodies to come: thousands wait at a time for their answers, and what is new for each the collector would copy again and again.
    /// For one that is certainly read no more; any other may be left to the collector.
    /// </summary>
    public static void Release(ReadOnlyMemory<byte> body)
    {
        if (MemoryMarshal.TryGetArray(body, out var rented))
            ArrayPool<byte>.Shared.Return(rented.Array!);
    }

    public void Dispose()
    {
        if (_buffer.Capacity > MostKept)
            return;
        _buffer.ResetWrittenCount();
        Json.Reset();
        t_free = this;
    }
}
