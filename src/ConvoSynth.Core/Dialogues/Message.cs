using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace ConvoSynth.Core.Dialogues;

/// <summary>
/// The speaker, in the terms of the OpenAI chat format: <c>user</c> is the simulated human, <c>assistant</c> the agent, <c>tool</c> an
/// observation.
/// </summary>
[JsonConverter(typeof(JsonStringEnumConverter<MessageRole>))]
public enum MessageRole
{
    [JsonStringEnumMemberName("system")]
    System,

    [JsonStringEnumMemberName("user")]
    User,

    [JsonStringEnumMemberName("assistant")]
    Assistant,

    [JsonStringEnumMemberName("tool")]
    Tool,
}

/// <summary>One tool call. <see cref="Arguments"/> is the model's text, byte for byte, even if it is not JSON.</summary>
public sealed record ToolCall(string Id, string Name, string Arguments);

/// <summary>A model's reasoning. It is opaque and goes only to the endpoint that made it.</summary>
/// <param name="Endpoint">Name of that endpoint.</param>
/// <param name="Items">The items to send back, unchanged.</param>
/// <param name="Text">The human-readable part; null if the provider shows none.</param>
public sealed record Reasoning(string Endpoint, Json Items, string? Text);

/// <summary>
/// Fields of an answer that this program does not know. They go back unchanged, only to the endpoint that made them; rows leave them out.
/// </summary>
/// <param name="Endpoint">Name of that endpoint.</param>
/// <param name="Items">In the format of its protocol.</param>
public sealed record KeptFields(string Endpoint, Json Items);

/// <summary>One message of a dialogue.</summary>
public sealed record Message
{
    public required MessageRole Role { get; init; }

    /// <summary>The text; null for an assistant message that only calls tools.</summary>
    public string? Content { get; init; }

    public ImmutableArray<ToolCall> ToolCalls { get; init; } = [];

    /// <summary>For role <c>tool</c>: the call that this observation answers.</summary>
    public string? ToolCallId { get; init; }

    /// <summary>For role <c>tool</c>: the tool's name.</summary>
    public string? Name { get; init; }

    /// <summary>The model's thoughts before this message, if its endpoint shows them.</summary>
    public Reasoning? Reasoning { get; init; }

    /// <summary>Unknown fields to send back to the endpoint; null if there are none.</summary>
    public KeptFields? Kept { get; init; }

    public static Message User(string content) => new() { Role = MessageRole.User, Content = content };

    public static Message Assistant(string content) => new() { Role = MessageRole.Assistant, Content = content };

    public static Message Calls(params ImmutableArray<ToolCall> calls) => new() { Role = MessageRole.Assistant, ToolCalls = calls };

    public static Message Observation(ToolCall call, string content) =>
        new()
        {
            Role = MessageRole.Tool,
            ToolCallId = call.Id,
            Name = call.Name,
            Content = content,
        };
}

/// <summary>A tool as offered to the agent. <see cref="Parameters"/> is a JSON Schema of type object.</summary>
public sealed record ToolDefinition(string Name, string Description, Json Parameters);

/// <summary>Tokens of one or more model responses; zero if a model reports none.</summary>
/// <param name="InputTokens">The whole prompt, cached or not.</param>
/// <param name="CachedTokens">The part of the input that was read from the provider's prompt cache.</param>
public sealed record Usage(long InputTokens, long CachedTokens, long OutputTokens, long ReasoningTokens)
{
    public static Usage None { get; } = new(0, 0, 0, 0);

    /// <summary>
    /// The part of the input that was written to the provider's prompt cache. Omitted from JSON if zero: earlier rows and journals have
    /// no such field.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long CacheWriteTokens { get; init; }

    public static Usage operator +(Usage a, Usage b) =>
        new(
            a.InputTokens + b.InputTokens,
            a.CachedTokens + b.CachedTokens,
            a.OutputTokens + b.OutputTokens,
            a.ReasoningTokens + b.ReasoningTokens
        )
        {
            CacheWriteTokens = a.CacheWriteTokens + b.CacheWriteTokens,
        };
}

/// <summary>Why a model stopped.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FinishReason>))]
public enum FinishReason
{
    [JsonStringEnumMemberName("stop")]
    Stop,

    [JsonStringEnumMemberName("tool_calls")]
    ToolCalls,

    [JsonStringEnumMemberName("length")]
    Length,

    [JsonStringEnumMemberName("content_filter")]
    ContentFilter,

    /// <summary>The provider's model declined to answer; the message is its refusal.</summary>
    [JsonStringEnumMemberName("refusal")]
    Refusal,

    /// <summary>Neither text nor calls.</summary>
    [JsonStringEnumMemberName("empty")]
    Empty,

    /// <summary>Several calls in one message although one was allowed.</summary>
    [JsonStringEnumMemberName("extra_calls")]
    ExtraCalls,

    /// <summary>The endpoint rejected the prompt as longer than the model's context. There is no message.</summary>
    [JsonStringEnumMemberName("context_length")]
    ContextLength,

    /// <summary>The endpoint's content filter rejected the prompt. There is no message.</summary>
    [JsonStringEnumMemberName("prompt_filter")]
    PromptFilter,
}
