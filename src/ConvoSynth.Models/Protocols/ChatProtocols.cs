using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;

namespace ConvoSynth.Models.Protocols;

/// <summary>A request before it has a protocol's form.</summary>
public sealed record Prompt
{
    public required string System { get; init; }

    public required IReadOnlyList<Message> Messages { get; init; }

    public ImmutableArray<ToolDefinition> Tools { get; init; } = [];

    /// <summary>The answer's schema; null for free text.</summary>
    public AnswerSchema? Answer { get; init; }

    /// <summary>Identifies the dialogue; sent only to the test endpoint.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Metadata { get; init; } = [];
}

/// <summary>The JSON Schema of an answer, in the strict subset.</summary>
public sealed record AnswerSchema(string Name, Json Schema);

/// <summary>A response, independent of its protocol.</summary>
/// <param name="Model">The model that the response names; empty if it names none.</param>
public sealed record ChatAnswer(Message Message, FinishReason Finish, string Model, Usage Usage)
{
    /// <summary>The tier that served the request; null if the response does not say.</summary>
    public string? ServiceTier { get; init; }

    /// <summary>The label of a fault that the test endpoint planted; ignored from any other endpoint.</summary>
    public string? PlantedFault { get; init; }

    /// <summary>Whether the server left thoughts in the text; they have been removed from the message.</summary>
    public bool LeaksThoughts { get; init; }

    /// <summary>Whether the answer has thoughts only: the model stopped before it spoke, and may speak if it is asked again.</summary>
    public bool IsThoughtsOnly => Finish == FinishReason.Empty && (LeaksThoughts || !string.IsNullOrWhiteSpace(Message.Reasoning?.Text));

    /// <summary>Whether the endpoint refused the prompt as filtered or too long: the same prompt, or a longer one, fails again.</summary>
    public bool IsPromptRefused => Finish is FinishReason.ContextLength or FinishReason.PromptFilter;

    /// <summary>The server's message about a prompt that it refused. It may quote the prompt, so it is never shown.</summary>
    public string RefusalWords { get; init; } = "";
}

/// <summary>
/// A form of requests and responses; a new one needs a class here and a value of <see cref="EndpointProtocol"/>. The bytes are a function
/// of the arguments, since the journal identifies a request by their hash.
/// </summary>
public interface IChatProtocol
{
    /// <summary>
    /// The request's body. Parts that repeat between requests come first. The memory is pooled and belongs to the caller until it is
    /// returned or dropped.
    /// </summary>
    ReadOnlyMemory<byte> Write(EndpointSpec spec, Prompt prompt);

    /// <summary>
    /// Why a body is not a whole response of this protocol, as the end of "answered with …". Null if it is whole: then <see cref="Read"/>
    /// accepts it with any content.
    /// </summary>
    string? Problem(ReadOnlySpan<byte> body, out Usage usage);

    /// <summary>Parses a response. The arguments of calls stay the model's text, character for character.</summary>
    ChatAnswer Read(EndpointSpec spec, string body);
}

public static class ChatProtocols
{
    private static readonly ChatProtocol Chat = new();
    private static readonly ResponsesProtocol Responses = new();
    private static readonly MessagesProtocol Messages = new();

    public static IChatProtocol Of(EndpointProtocol protocol) =>
        protocol switch
        {
            EndpointProtocol.Chat => Chat,
            EndpointProtocol.Responses => Responses,
            EndpointProtocol.Messages => Messages,
            _ => throw new ArgumentOutOfRangeException(nameof(protocol), protocol, "the protocol is none of chat, responses, messages"),
        };
}
