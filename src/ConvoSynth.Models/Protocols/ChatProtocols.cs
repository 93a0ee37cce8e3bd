using System.Collections.Immutable;
using ConvoSynth.Core;

namespace ConvoSynth.Models;

/// <summary>What a model is asked, before it has the form of a protocol.</summary>
public sealed record Prompt
{
    public required string System { get; init; }

    public required IReadOnlyList<Message> Messages { get; init; }

    public ImmutableArray<ToolDefinition> Tools { get; init; } = [];

    /// <summary>The form of the answer; null for words.</summary>
    public AnswerSchema? Answer { get; init; }

    /// <summary>Sent to the test endpoint only: which dialogue this is.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Metadata { get; init; } = [];
}

/// <summary>The JSON Schema of an answer, in the strict subset.</summary>
public sealed record AnswerSchema(string Name, Json Schema);

/// <summary>What a response says, in words that do not depend on the protocol.</summary>
/// <param name="Model">The model that the response names; empty where it names none.</param>
public sealed record ChatAnswer(Message Message, FinishReason Finish, string Model, Usage Usage)
{
    /// <summary>The tier that served it; null where the response says nothing.</summary>
    public string? ServiceTier { get; init; }

    /// <summary>The label of a fault that the test endpoint planted; no other endpoint has a say in it.</summary>
    public string? PlantedFault { get; init; }

    /// <summary>Whether the server left the model's thoughts in the text; they have been taken out of the message.</summary>
    public bool LeaksThoughts { get; init; }

    /// <summary>Whether thoughts are all that came: the model stopped before it said anything, and may speak when it is asked again.</summary>
    public bool IsThoughtsOnly => LeaksThoughts && Finish == FinishReason.Empty;

    /// <summary>Whether the endpoint would not take the prompt at all, filtered or too long: the same prompt and more fares no better.</summary>
    public bool IsPromptRefused => Finish is FinishReason.ContextLength or FinishReason.PromptFilter;

    /// <summary>What the server said of a prompt that it did not take. It may quote the prompt, and is shown nowhere.</summary>
    public string RefusalWords { get; init; } = "";
}

/// <summary>
/// A form of requests and responses; another one is another class here and another value of <see cref="EndpointProtocol"/>. Bytes are a function of the arguments: the journal knows a request by their hash.
/// </summary>
public interface IChatProtocol
{
    /// <summary>The request's body. What is the same from request to request comes first. The memory is from a pool, and the caller's until they give it back or drop it.</summary>
    ReadOnlyMemory<byte> Write(EndpointSpec spec, Prompt prompt);

    /// <summary>Why a body is no whole response of this protocol, as the end of "answered with …"; null where it is one, which <see cref="Read"/> then reads whatever it says.</summary>
    string? Problem(ReadOnlySpan<byte> body, out Usage usage);

    /// <summary>What a response says. Arguments of calls are the model's, character for character.</summary>
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
