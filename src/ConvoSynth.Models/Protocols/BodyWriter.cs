using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using ConvoSynth.Core;

namespace ConvoSynth.Models;

/// <summary>Writes a request body. A field that the endpoint's own <c>body</c> sets is left to it.</summary>
internal sealed class BodyWriter : IDisposable
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly ArrayBufferWriter<byte> _buffer;
    private readonly JsonMap? _extra;

    public BodyWriter(EndpointSpec spec, Prompt prompt)
    {
        _extra = spec.Body as JsonMap;
        _buffer = new(Guess(prompt));
        Json = new(_buffer, Options);
        Json.WriteStartObject();
    }

    public Utf8JsonWriter Json { get; }

    /// <summary>Whether the field is ours to write.</summary>
    public bool Owns(string field) => _extra?.Contains(field) != true;

    public void Text(string field, string? value)
    {
        if (value is not null && Owns(field)) Json.WriteString(field, value);
    }

    public void Number(string field, int value)
    {
        if (Owns(field)) Json.WriteNumber(field, value);
    }

    public void Number(string field, double? value)
    {
        if (value is { } number && Owns(field)) Json.WriteNumber(field, number);
    }

    public void Flag(string field, bool value)
    {
        if (Owns(field)) Json.WriteBoolean(field, value);
    }

    public void Value(string field, Json value)
    {
        Json.WritePropertyName(field);
        Value(value);
    }

    public void Value(Json value) => Json.WriteRawValue(value.ToString(), skipInputValidation: true);

    public void Metadata(IReadOnlyList<KeyValuePair<string, string>> pairs)
    {
        if (pairs.Count == 0) return;
        Json.WriteStartObject("metadata");
        foreach (var (key, value) in pairs) Json.WriteString(key, value);
        Json.WriteEndObject();
    }

    /// <summary>The whole body, with the endpoint's own fields at its end.</summary>
    public ReadOnlyMemory<byte> End()
    {
        for (var i = 0; i < _extra?.Count; i++) Value(_extra.Keys[i], _extra.Values[i]);
        Json.WriteEndObject();
        Json.Flush();
        return _buffer.WrittenMemory;
    }

    public void Dispose() => Json.Dispose();

    // Near enough that the buffer seldom grows.
    private static int Guess(Prompt prompt)
    {
        var length = 1024 + prompt.System.Length;
        foreach (var tool in prompt.Tools) length += 200 + tool.Description.Length + tool.Parameters.ToString().Length;
        foreach (var message in prompt.Messages)
        {
            length += 100 + (message.Content?.Length ?? 0);
            foreach (var call in message.ToolCalls) length += 120 + call.Arguments.Length;
        }

        return length + (length / 16);
    }
}
