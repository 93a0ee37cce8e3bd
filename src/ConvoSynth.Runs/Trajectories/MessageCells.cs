using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json;
using ConvoSynth.Core;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Dialogues.Sessions;

namespace ConvoSynth.Runs.Trajectories;

/// <summary>
/// The messages of a row: one JSON document each, in OpenAI's chat format, with arguments as objects (text that is not an object stays
/// text). The system message comes first. A closing message that consists of an end mark alone (stop, or out of scope) is a signal and is
/// left out.
/// </summary>
internal sealed record MessageCells(IReadOnlyList<ReadOnlyMemory<byte>> Messages, IReadOnlyList<ReadOnlyMemory<byte>> Meta, Usage Usage)
{
    private static readonly ReadOnlyMemory<byte> SystemMeta = """{"train":false}"""u8.ToArray();
    private static readonly CellCache<(bool Train, string? Model, FinishReason? Finish)> UsualMeta = new();

    /// <param name="shown">Endpoints whose reasoning appears in rows.</param>
    public static MessageCells Of(Conversation conversation, ImmutableArray<string> shown)
    {
        var messages = new List<ReadOnlyMemory<byte>>(conversation.Messages.Length + 1) { SystemCells.Of(conversation.System) };
        var meta = new List<ReadOnlyMemory<byte>>(conversation.Messages.Length + 1) { SystemMeta };
        var usage = Usage.None;
        for (var i = 0; i < conversation.Messages.Length; i++)
        {
            var message = conversation.Messages[i];
            usage += conversation.Meta[i].Usage ?? Usage.None;
            var content = message.Content;
            if (message.Role == MessageRole.User && content is not null)
            {
                content = DialogueSession.WithoutMark(content).Trim();
                if (content.Length == 0 && i == conversation.Messages.Length - 1)
                    continue;
            }

            var reasoning = message.Reasoning is { Text.Length: > 0 } said && shown.Contains(said.Endpoint) ? said.Text : null;
            messages.Add(Cells.Written((message, content, reasoning), static (w, m) => Write(w, m.message, m.content, m.reasoning)));
            meta.Add(MetaCell(conversation.Meta[i]));
        }

        return new(messages, meta, usage);
    }

    private static ReadOnlyMemory<byte> MetaCell(MessageMeta meta) =>
        meta is { Reason: null, Note: null, Usage: null, ArgumentOrigins.IsEmpty: true, Needed: null }
            ? UsualMeta.Of((meta.Train, meta.Model, meta.Finish), meta, static m => Cells.Of(m, CoreJson.Default.MessageMeta))
            : Cells.Of(meta, CoreJson.Default.MessageMeta);

    private static void Write(Utf8JsonWriter writer, Message message, string? content, string? reasoning)
    {
        writer.WriteStartObject();
        writer.WriteString(
            "role"u8,
            message.Role switch
            {
                MessageRole.User => "user"u8,
                MessageRole.Assistant => "assistant"u8,
                MessageRole.Tool => "tool"u8,
                _ => "system"u8,
            }
        );
        if (message.ToolCallId is { } id)
            writer.WriteString("tool_call_id"u8, id);
        if (message.Name is { } name)
            writer.WriteString("name"u8, name);
        if (reasoning is not null)
            writer.WriteString("reasoning_content"u8, Whole(reasoning));
        if (content is not null || message.ToolCalls.IsEmpty)
            writer.WriteString("content"u8, content ?? "");
        if (!message.ToolCalls.IsEmpty)
        {
            writer.WriteStartArray("tool_calls"u8);
            foreach (var call in message.ToolCalls)
            {
                writer.WriteStartObject();
                writer.WriteString("id"u8, call.Id);
                writer.WriteString("type"u8, "function"u8);
                writer.WriteStartObject("function"u8);
                writer.WriteString("name"u8, call.Name);
                writer.WritePropertyName("arguments"u8);
                if (Json.TryParse(call.Arguments, out var arguments, out _) && arguments is JsonMap)
                    writer.WriteRawValue(call.Arguments, skipInputValidation: true);
                else
                    writer.WriteStringValue(Whole(call.Arguments));
                writer.WriteEndObject();
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    // A lone surrogate has no UTF-8 form; the replacement character marks its place.
    internal static string Whole(string text) =>
        string.Create(
            text.Length,
            text,
            (span, source) =>
            {
                source.CopyTo(span);
                for (var i = 0; i < span.Length; i++)
                {
                    if (char.IsHighSurrogate(span[i]) && i + 1 < span.Length && char.IsLowSurrogate(span[i + 1]))
                        i++;
                    else if (char.IsSurrogate(span[i]))
                        span[i] = '\uFFFD';
                }
            }
        );
}

/// <summary>System messages are the same in every row of a pack, so their bytes are cached.</summary>
internal static class SystemCells
{
    private static readonly ConditionalWeakTable<string, object> Made = [];

    public static ReadOnlyMemory<byte> Of(string system) =>
        (ReadOnlyMemory<byte>)
            Made.GetValue(
                system,
                static text =>
                    Cells.Written(
                        text,
                        static (w, t) =>
                        {
                            w.WriteStartObject();
                            w.WriteString("role"u8, "system"u8);
                            w.WriteString("content"u8, t);
                            w.WriteEndObject();
                        }
                    )
            );
}

/// <summary>
/// The tools in OpenAI's format. Most dialogues of a pack offer the same tools, so the last list per first tool is cached.
/// </summary>
internal static class ToolCells
{
    private static readonly ConditionalWeakTable<ToolDefinition, object> Made = [];
    private static readonly ConditionalWeakTable<ToolDefinition, Listed> Lists = [];

    public static ReadOnlyMemory<byte> Of(ImmutableArray<ToolDefinition> tools)
    {
        if (tools.IsEmpty)
            return default;
        if (Lists.TryGetValue(tools[0], out var last) && IsSame(last.Tools, tools))
            return last.Cell;
        var cell = Cells.Written(
            tools,
            static (writer, all) =>
            {
                writer.WriteStartArray();
                foreach (var tool in all)
                    writer.WriteRawValue(((ReadOnlyMemory<byte>)Made.GetValue(tool, Cell)).Span, skipInputValidation: true);
                writer.WriteEndArray();
            }
        );
        Lists.AddOrUpdate(tools[0], new(tools, cell));
        return cell;
    }

    private static bool IsSame(ImmutableArray<ToolDefinition> a, ImmutableArray<ToolDefinition> b)
    {
        if (a.Length != b.Length)
            return false;
        for (var i = 0; i < a.Length; i++)
        {
            if (!ReferenceEquals(a[i], b[i]))
                return false;
        }

        return true;
    }

    private static object Cell(ToolDefinition tool) =>
        TrajectoryRows.Bytes(
            Json.Map(
                ("type", "function"),
                ("function", Json.Map(("name", tool.Name), ("description", tool.Description), ("parameters", tool.Parameters)))
            )
        );

    private sealed record Listed(ImmutableArray<ToolDefinition> Tools, ReadOnlyMemory<byte> Cell);
}
