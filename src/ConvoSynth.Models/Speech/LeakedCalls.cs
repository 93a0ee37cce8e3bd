using System.Text.RegularExpressions;

namespace ConvoSynth.Models;

/// <summary>
/// Finds tool calls that a server left in the text, in the forms of models' training data: tags, JSON with a name and arguments, Python,
/// ReAct.
/// </summary>
internal static partial class LeakedCalls
{
    private const string NameKey = @"[""'](?:name|tool|tool_name|function|function_name|api|action|recipient_name)[""']";
    private const string ArgumentsKey = @"[""'](?:arguments|parameters|params|args|kwargs|input|tool_input|action_input)[""']";
    private const string Value = @"(?:[""'][\w.:-]+[""']|\{)";

    /// <summary>The first sign of a call; null if there is none.</summary>
    public static string? In(string text)
    {
        if (text.AsSpan().IndexOfAny("<＜&") >= 0 && Tags().Match(text) is { Success: true } tag)
            return tag.Value;
        if (text.AsSpan().IndexOfAny("{[") >= 0 && Objects().Match(text) is { Success: true } call)
            return call.Value;
        if (text.Contains('(', StringComparison.Ordinal) && Python().Match(text) is { Success: true } line)
            return line.Value;
        return Words().Match(text) is { Success: true } word ? word.Value : null;
    }

    /// <summary>Whether a template's mark encloses a call.</summary>
    public static bool IsName(ReadOnlySpan<char> mark) => CallMark().IsMatch(mark);

    [GeneratedRegex("tool|python_tag|DSML|function|action", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex CallMark();

    [GeneratedRegex(
        @"(?:[<＜]|&lt;)/?(?:[\w.-]+:)?(?:\w*tool_?(?:calls?|use|code|response|results?|outputs?|s)|\w*function_?calls?"
            + @"|functions?(?:\s*=[^<>]*|\s+name\s*=[^<>]*)?"
            + @"|invoke(?:\s[^<>]*)?|parameters?(?:\s*=[^<>]*|\s+name\s*=[^<>]*)?|arg_key|arg_value|api_call)\s*(?:[>＞]|&gt;)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Tags();

    [GeneratedRegex(
        @"\{\s*"
            + NameKey
            + @"\s*:\s*"
            + Value
            + @"\s*,\s*"
            + ArgumentsKey
            + @"\s*:"
            + @"|\{\s*"
            + ArgumentsKey
            + @"\s*:\s*\{"
            + @"|[""']tool_calls?[""']\s*:\s*[\[{]|[""']function[""']\s*:\s*\{"
            + @"|\{\s*[""']type[""']\s*:\s*[""'](?:function|tool_use|function_call|tool_call)[""']"
            + @"|\bfunctions?\s*\[\s*\{|\bfunctools\s*\[",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Objects();

    // A line that is only a call: a name in snake case with keywords, or a list of calls.
    [GeneratedRegex(
        @"^[ \t]*(?:`{1,3}\w*[ \t]*)?(?:\[[ \t]*(?:\w+\.)*[A-Za-z_]\w*\((?:[^()\n]*=[^\n]*)?\)(?:[ \t]*,[^\n]*)?\]"
            + @"|(?:\w+\.)*[a-z]\w*_\w+\((?:[ \t]*[A-Za-z_]\w*[ \t]*=[^\n]*)?\))[ \t]*`{0,3}[ \t]*$",
        RegexOptions.Multiline | RegexOptions.CultureInvariant
    )]
    private static partial Regex Python();

    [GeneratedRegex(
        @"\bto=functions\.\w|\bassistant(?:commentary|final|analysis)|✿(?:FUNCTION|ARGS|RESULT|RETURN)✿|\bmulti_tool_use\b"
            + @"|```\s?(?:tool_calls?|tool_code|function_calls?)\b|^[^\w\n]*Action[^\w\n]*:.*\n[^\w\n]*Action Input[^\w\n]*:",
        RegexOptions.Multiline | RegexOptions.CultureInvariant
    )]
    private static partial Regex Words();
}
