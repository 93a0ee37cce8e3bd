using System.Text.Json;
using ConvoSynth.Core;

namespace ConvoSynth.Models;

/// <summary>
/// Earlier turns in a request. A model may write what its own server then refuses to read, and with it the whole request; that part is given in a form that is accepted
/// everywhere. The dialogue itself keeps it as it was.
/// </summary>
internal static class PastTurns
{
    // Several servers take no message without words in it.
    private const string Nothing = "(An empty message.)";

    // What OpenAI takes as the name of a function in a message (API reference, function.name).
    private const int LongestName = 64;

    /// <summary>A message's words; null for one that calls only.</summary>
    public static string? Text(Message message) =>
        message.Role == MessageRole.Tool || !message.ToolCalls.IsEmpty || !string.IsNullOrWhiteSpace(message.Content)
            ? message.Content
            : Nothing;

    /// <summary>A call's name. A made-up one, such as <c>multi_tool_use.parallel</c>, may have characters that none can have.</summary>
    public static string Name(ToolCall call) =>
        call.Name.Length is > 0 and <= LongestName && call.Name.All(IsOfName) ? call.Name
        : call.Name.Length == 0 ? "unnamed"
        : string.Concat(call.Name.Take(LongestName).Select(c => IsOfName(c) ? c : '_'));

    /// <summary>A call's arguments. Servers other than OpenAI's parse them, and are given an object that holds the text where it is none.</summary>
    public static string Arguments(EndpointSpec spec, ToolCall call) =>
        spec.Provider == EndpointProvider.OpenAICompatible ? AsObject(call.Arguments) : call.Arguments;

    /// <inheritdoc cref="Arguments"/>
    public static string AsObject(string arguments)
    {
        try
        {
            using var document = JsonDocument.Parse(arguments);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                return arguments;
        }
        catch (JsonException)
        {
            // The text is wrapped below, as is a value that is no object.
        }

        return Json.Map(("invalid_arguments", arguments)).ToString();
    }

    private static bool IsOfName(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-';
}
