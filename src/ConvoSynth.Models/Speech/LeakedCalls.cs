using System.Buffers;
using System.Text.RegularExpressions;

namespace ConvoSynth.Models.Speech;

/// <summary>
/// Finds tool calls that a server left in the text, in the forms of models' training data: tags, JSON with a name and arguments, Python,
/// ReAct.
/// </summary>
internal static partial class LeakedCalls
{
    // JSON inside a JSON string has escaped quotation marks.
    private const string Quote = @"\\?[""']";
    private const string NameKey = Quote + "(?:name|method|recipient_name|(?:tool|function|api|action)(?:_?name)?)" + Quote;
    private const string ArgumentsKey =
        Quote + "(?:(?:tool|function|action|call)_)?(?:arguments|parameters|params|args|kwargs|inputs?|payload)" + Quote;
    private const string Value = "(?:" + Quote + @"[\w.:-]+" + Quote + @"|\{)";

    // A word with an underscore counts as a tool's name only in the form of a call; elsewhere it may be an id.
    private const string Name = @"(?<!\w)(?:\w+\.){0,4}[a-z][a-z0-9]*_\w+";

    // Each form of Words() has one of these, or a flower. Ordinary characters alone make a fast search.
    private static readonly SearchValues<string> InWords = SearchValues.Create(
        ["to=", "assistant", "multi_tool", "```", "Action", "TOOL", "FUNCTION", "tool", "Tool", "unction", "bservation"],
        StringComparison.Ordinal
    );

    /// <summary>The first sign of a call; null if there is none.</summary>
    public static string? In(string text)
    {
        if (TagIn(text) is { } tag)
            return tag;
        if (text.AsSpan().IndexOfAny("{[") >= 0 && Objects().Match(text) is { Success: true } call)
            return call.Value;
        if (text.Contains('(', StringComparison.Ordinal) && Python().Match(text) is { Success: true } line)
            return line.Value;
        if (text.Contains('_', StringComparison.Ordinal) && Named().Match(text) is { Success: true } named)
            return named.Value;
        return (text.AsSpan().ContainsAny(InWords) || text.Contains('✿')) && Words().Match(text) is { Success: true } word
            ? word.Value
            : null;
    }

    /// <summary>The first tag of a call; null if there is none.</summary>
    public static string? TagIn(string text) =>
        text.AsSpan().IndexOfAny("<＜&") >= 0 && Tags().Match(text) is { Success: true } tag ? tag.Value : null;

    /// <summary>Whether a template's mark encloses a call.</summary>
    public static bool IsName(ReadOnlySpan<char> mark) => CallMark().IsMatch(mark);

    [GeneratedRegex("tool|python_tag|DSML|function|action", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex CallMark();

    [GeneratedRegex(
        @"(?:[<＜]|&lt;)/?(?:[\w.-]+:)?(?:\w*tool(?:_?(?:calls?|use|code|response|results?"
            + @"|outputs?|names?|inputs?|args|arguments|parameters|params|request|s))?"
            + @"|\w*function_?(?:calls?|name|args|arguments|results?|response)|calls?|execute|observations?|actions?|action_input"
            + @"|functions?(?:\s*=[^<>]*|\s+name\s*=[^<>]*)?"
            + @"|invoke(?:\s[^<>]*)?|parameters?(?:\s*=[^<>]*|\s+name\s*=[^<>]*)?|arg_key|arg_value|api_call)\s*(?:[>＞]|&gt;)"
            // An empty element with a tool's name, or an end tag.
            + @"|</[a-z][a-z0-9]*_\w+>|<[a-z][a-z0-9]*_\w+(?:\s[^<>]*)?/>",
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
            + "|"
            + Quote
            + "tool_calls?"
            + Quote
            + @"\s*:\s*[\[{]|"
            + Quote
            + "function"
            + Quote
            + @"\s*:\s*\{"
            + @"|\{\s*"
            + Quote
            + "type"
            + Quote
            + @"\s*:\s*"
            + Quote
            + "(?:function|tool_use|function_call|tool_call)"
            + Quote
            + @"|\bfunctions?\s*\[\s*\{|\bfunctools\s*\[",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Objects();

    // A line that is only a list of calls; or, anywhere, a name in snake case with the start of call arguments in brackets.
    [GeneratedRegex(
        @"^[ \t]*(?:`{1,3}\w*[ \t]*)?(?:\[[ \t]*(?:\w+\.)*[A-Za-z_]\w*\((?:[^()\n]*=[^\n]*)?\)(?:[ \t]*,[^\n]*)?\]"
            + @")[ \t]*`{0,3}[ \t]*$|"
            + Name
            + @"\([ \t]*(?:[""'{\[)]|[A-Za-z_]\w*[ \t]*=)",
        RegexOptions.Multiline | RegexOptions.CultureInvariant
    )]
    private static partial Regex Python();

    // A tool's name before an object, or after a label or a shell prompt.
    [GeneratedRegex(
        Name
            + @"(?::\d+)?[`""'*]{0,3}\s{0,9}(?:with(?:[ \t]+\w+){0,3}[ \t]*:?\s{0,9})?"
            + @"(?:`{3})?(?:json)?\s{0,9}\{\s*(?:\\?[""'}]|\w+[ \t]*:)"
            + @"|\bto=[a-z][a-z0-9]*_\w|>>>[ \t]*[a-z][a-z0-9]*_\w"
            + @"|^[^\w\n]*(?:[Aa]ction|[Tt]ool|[Ff]unction|[Cc]all)(?:[ _-](?:name|calls?|used))?[^\w\n]*:[^\w\n]*"
            + Name
            + @"|^[^\w\n]*(?:function|[Cc]all|[Cc]alling|[Ii]nvoking)[ \t:]+[`""'*]*"
            + Name
            + @"[`""'*.…]*[ \t]*\r?$|^[ \t]*\$[ \t]+"
            + Name,
        RegexOptions.Multiline | RegexOptions.CultureInvariant
    )]
    private static partial Regex Named();

    [GeneratedRegex(
        @"\bto=functions\.\w|\bassistant(?:commentary|final|analysis)|✿(?:FUNCTION|ARGS|RESULT|RETURN)✿|\bmulti_tool_use\b"
            + @"|```\s?(?:tool_calls?|tool_code|function_calls?)\b|^[^\w\n]*Action[^\w\n]*:.*\n[^\w\n]*Action Input[^\w\n]*:"
            + @"|\b(?:END_|BEGIN_|START_)?(?:TOOL|FUNCTION)_?CALLS?(?:_\w+)?\b|^[ \t]*tool_(?:code|calls?|outputs?|response|use)[ \t]*\r?$"
            + @"|^[\[(<*_ \t]*(?:[Tt]ool|[Ff]unction)[ _-][Cc]alls?[*_ \t]*:"
            + @"|^[^\w\n]*(?:[Oo]bservation|(?:[Tt]ool|[Ff]unction)[ _](?:response|result|output))[^\w\n]*:\s*[\[{<]",
        RegexOptions.Multiline | RegexOptions.CultureInvariant
    )]
    private static partial Regex Words();
}
