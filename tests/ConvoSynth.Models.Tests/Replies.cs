using ConvoSynth.Core;

namespace ConvoSynth.Models.Tests;

/// <summary>Response bodies in the providers' forms.</summary>
internal static class Replies
{
    public const string Usage =
        """{"prompt_tokens":100,"completion_tokens":20,"total_tokens":120,"prompt_tokens_details":{"cached_tokens":64}"""
        + ""","completion_tokens_details":{"reasoning_tokens":7}}""";

    public static string Chat(string content) => ChatMessage($$"""{"role":"assistant","content":{{Text(content)}} }""");

    public static string ChatMessage(string message, string finish = "stop", string usage = Usage) =>
        """{"id":"c-1","object":"chat.completion","model":"model-2026","choices":[{"index":0"""
        + $$""","message":{{message}},"finish_reason":"{{finish}}"}],"usage":{{usage}}}""";

    /// <param name="calls">Id, name, and arguments as the model's text.</param>
    public static string ChatCalls(params (string Id, string Name, string Arguments)[] calls) =>
        ChatMessage(
            Json.Map(("role", "assistant"), ("content", Json.Null), ("tool_calls", Json.List(calls.Select(Call)))).ToString(),
            "tool_calls"
        );

    public static string Response(string output, string more = "") =>
        $$"""{"id":"r-1","object":"response","status":"completed","model":"model-2026","output":[{{output}}]{{more}},"usage":"""
        + """{"input_tokens":100,"input_tokens_details":{"cached_tokens":64},"output_tokens":20"""
        + ""","output_tokens_details":{"reasoning_tokens":7},"total_tokens":120} }""";

    public static string Text(string value) => ((Json)value).ToString();

    private static Json Call((string Id, string Name, string Arguments) call) =>
        Json.Map(("id", call.Id), ("type", "function"), ("function", Json.Map(("name", call.Name), ("arguments", call.Arguments))));
}
