using ConvoSynth.Core.Dialogues;

namespace ConvoSynth.Models.Protocols;

/// <summary>
/// The finish reasons of servers. The table is closed: an unknown word is no clean end. Sources: the API references of OpenAI, Azure,
/// Anthropic, Gemini, Mistral, DeepSeek, Cohere, Zhipu, Together, Groq, xAI, OpenRouter and LM Studio, and the code of vLLM, SGLang, TGI,
/// llama.cpp, Ollama and LiteLLM.
/// </summary>
internal static class FinishWords
{
    private static readonly Dictionary<string, FinishReason> Known = Table();

    // If the server behind a gateway reports one of these, the answer is broken in spite of the gateway's clean word.
    private static readonly HashSet<string> Broken =
    [
        .. (
            "error failed failure abort aborted cancel canceled cancelled network_error insufficient_system_resource timeout overloaded "
            + "malformed_function_call unexpected_tool_call incomplete model_unloaded"
        )
            .Split(' ')
            .Select(Plain),
    ];

    private static readonly string[] LengthParts =
    [
        "maxtoken",
        "maxoutput",
        "maxlength",
        "tokenlimit",
        "contextlength",
        "contextwindow",
        "lengthlimit",
    ];

    private static readonly string[] FilterParts =
    [
        "contentfilter",
        "contentpolicy",
        "safety",
        "guardrail",
        "moderation",
        "prohibited",
        "inappropriate",
    ];

    private static readonly string[] Unclear = ["malformed", "error", "function", "tool"];

    private const int LongestShown = 40;

    /// <summary>
    /// The word's meaning: stop, length, content filter or refusal. Null for an unknown word, and if the server broke the answer off.
    /// </summary>
    public static FinishReason? Of(string word)
    {
        var plain = Plain(word);
        if (Known.TryGetValue(plain, out var finish))
            return finish;

        // A part of a word is enough for length or filter, since neither is a clean end. Stop needs a known word.
        if (Unclear.Any(plain.Contains))
            return null;
        return LengthParts.Any(plain.Contains) ? FinishReason.Length
            : FilterParts.Any(plain.Contains) ? FinishReason.ContentFilter
            : null;
    }

    /// <summary>Whether the word reports a broken answer.</summary>
    public static bool IsBroken(string word) => Broken.Contains(Plain(word));

    /// <summary>Whether the word reports an end by a call.</summary>
    public static bool IsCall(string word) => Plain(word) is "toolcalls" or "toolcall" or "tooluse" or "functioncall" or "functioncalls";

    /// <summary>The word for a message to people, or a placeholder if it does not look like one.</summary>
    public static string Shown(string word) =>
        word.Length is > 0 and <= LongestShown && word.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.')
            ? $"\"{word}\""
            : "an unknown reason";

    private static Dictionary<string, FinishReason> Table()
    {
        var table = new Dictionary<string, FinishReason>(StringComparer.Ordinal);
        void Add(FinishReason finish, string words)
        {
            foreach (var word in words.Split(' '))
                table.Add(Plain(word), finish);
        }

        Add(
            FinishReason.Stop,
            "stop tool_calls tool_call tool_use function_call function_calls end_turn stop_sequence "
                + "stop_string eos eos_token eos_found stop_string_found end_of_text end_of_sequence end_of_message "
                + "complete completed finish finished normal done"
        );
        Add(
            FinishReason.Length,
            "length max_tokens max_output_tokens max_completion_tokens max_length model_length token_limit "
                + "context_length context_length_exceeded context_length_reached "
                + "model_context_window_exceeded max_predicted_tokens_reached repetition"
        );
        Add(
            FinishReason.ContentFilter,
            "content_filter content_filtered filtered safety recitation blocklist prohibited_content spii "
                + "guardrail_intervened guardrails sensitive moderation language image_safety blocked error_toxic"
        );
        Add(FinishReason.Refusal, "refusal");
        return table;
    }

    // "tool-calls", "TOOL_CALLS", "toolCalls" and "FINISH_REASON_TOOL_CALLS" become equal.
    private static string Plain(string word)
    {
        var plain = string.Concat(word.Where(char.IsLetterOrDigit)).ToLowerInvariant();
        return plain.StartsWith("finishreason", StringComparison.Ordinal) ? plain["finishreason".Length..] : plain;
    }
}
