using System.Text.Json;
using ConvoSynth.Core;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;

namespace ConvoSynth.Models.Protocols;

/// <summary>
/// Writes earlier turns into a request. A model may produce text that its own server then refuses to parse, with the whole request. Such
/// a part is sent in a form that every server accepts; the dialogue keeps the original.
/// </summary>
internal static class PastTurns
{
    // Several servers refuse a message without text.
    private const string Nothing = "(An empty message.)";

    // OpenAI's limit for a function's name in a message (API reference, function.name).
    private const int LongestName = 64;

    /// <summary>A message's text; null if the message has calls only.</summary>
    public static string? Text(Message message) =>
        message.Role == MessageRole.Tool || !message.ToolCalls.IsEmpty || !string.IsNullOrWhiteSpace(message.Content)
            ? message.Content
            : Nothing;

    /// <summary>
    /// A call's name. An invented one, such as <c>multi_tool_use.parallel</c>, may have characters that servers refuse.
    /// </summary>
    public static string Name(ToolCall call) =>
        call.Name.Length is > 0 and <= LongestName && call.Name.All(IsOfName) ? call.Name
        : call.Name.Length == 0 ? "unnamed"
        : string.Concat(call.Name.Take(LongestName).Select(c => IsOfName(c) ? c : '_'));

    /// <summary>A call's arguments. Servers other than OpenAI's parse them, so text that is no object is wrapped in one.</summary>
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
            // Wrapped below, like a value that is no object.
        }

        return Json.Map(("invalid_arguments", arguments)).ToString();
    }

    private static bool IsOfName(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-';
}
