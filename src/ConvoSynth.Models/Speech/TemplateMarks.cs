using System.Buffers;
using System.Text.RegularExpressions;
using ConvoSynth.Core;
using ConvoSynth.Core.Dialogues;

namespace ConvoSynth.Models.Speech;

/// <summary>
/// Finds what a server leaves of its template in a text: ChatML, Llama, Mistral, DeepSeek, Gemma, Harmony, Kimi, Cohere, GLM, Phi, ….
/// Families share a few shapes (a name between <c>&lt;|</c> and <c>|&gt;</c>, a word in capitals in brackets), and the patterns match
/// these. A person's words have none: <c>5 &lt; 6</c>, <c>&lt;3</c>, <c>&lt;b&gt;</c> are no marks.
/// </summary>
public static partial class TemplateMarks
{
    private const string Open = @"(?:[<＜]|&lt;)";
    private const string Close = @"(?:[>＞]|&gt;)";
    private const string Bar = @"[|｜]";

    private const string Tokens =
        Open
        + "/?"
        + Bar
        + @"\s?[\p{L}\d_▁:./ -]{1,50}?\s?"
        + Bar
        + @"(?:\s?"
        + Close
        + ")?"
        + // <|im_end|>, <｜DSML｜
        "|"
        + Open
        + Bar
        + @"[A-Za-z_]{2,40}"
        + Close
        + "|"
        + Open
        + @"[A-Za-z_]{2,40}"
        + Bar
        + Close
        + // <|turn>, <turn|>
        "|"
        + Open
        + Bar
        + @"[A-Za-z_▁]{2,40}"
        + Bar
        + @"?\s*\z"
        + // Cut off within the mark.
        "|"
        + Open
        + @"(?:/[A-Za-z]\w{0,20}|"
        + Bar
        + @")\s*\z"
        + // </s, <|
        "|"
        + Open
        + "/?(?:end|stop|done)"
        + Close
        + @"\s*\z"
        + "|"
        + Open
        + @"{2,3}\s?/?[A-Za-z_]{2,40}\s?"
        + Close
        + "{2,3}"
        + // <<<TOOL_CALL>>>
        @"|\[\|[\w ]{1,30}\|\]"
        + // [|endofturn|]
        "|"
        + Open
        + @"/?(?:start|end|begin)_of_[a-z]+"
        + Close
        + "|"
        + Open
        + @"(?:eos|bos|pad|unk|eot|eod|eom|eop|sop|eoh|eoa|eot_id|endoftext|_end|_user|_bot|_system)"
        + Close
        + "|"
        + Open
        + @"(?:unused|reserved_|extra_id_|special_|special_token_|tokens_unused_)\d+"
        + Close
        + @"|<0x[0-9A-F]{2}>"
        + @"|<</?SYS>>|[◁◂]/?\w{2,40}[▷▸]|\bdata:\s?\[DONE\]";

    private const string Capitals =
        @"\[/?(?:INST|SYS|TOOL_CALLS|AVAILABLE_TOOLS|TOOL_RESULTS|TOOL_CONTENT|SYSTEM_PROMPT|MODEL_SETTINGS"
        + @"|CALL_ID|ARGS|EOS|BOS|EOT|EOM|PAD\d*|UNK|CLS|SEP|MASK|END|IMG|IMG_END|gMASK|sMASK|UNUSED(?:_TOKEN)?_?\d+|control_\d+)\]"
        + // Cut off within the mark.
        @"|\[/[A-Z_]{3,}\s*\z|\[(?:INST|TOOL_CALLS|AVAILABLE_TOOLS|TOOL_RESULTS)\s*\z";

    // Names of marks whose brackets the server dropped.
    private const string BareNames =
        @"(?<!\w)(?:im_start|im_end|im_sep|eot_id|eom_id|endoftext|end_of_text|begin_of_text|start_header_id|end_header_id|end_of_turn"
        + @"|start_of_turn|python_tag)(?!\w)";

    private static readonly SearchValues<char> Brackets = SearchValues.Create("<＜&[◁◂");

    // Every broken text has at least one of these characters.
    private static readonly SearchValues<char> Suspects = SearchValues.Create([
        .. "\uFFFD▁ĠĊ&\\â<",
        .. Enumerable.Range(0, ' ').Select(static c => (char)c).Where(static c => c is not ('\t' or '\n' or '\r')),
        '\u007F',
    ]);

    /// <summary>The first leak of a speaker's text; null if it has none.</summary>
    public static Leak? Find(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        if (InToken(text) is { } mark)
            return mark;
        if (LeakedCalls.In(text) is { } call)
            return Leak.Of(LeakKind.Call, call);
        if (FurtherTurns.In(text) is { } turn)
            return Leak.Of(LeakKind.Turn, turn);
        if (TaggedThoughts.MarkIn(text) is { } thought)
            return Leak.Of(LeakKind.Thought, thought);
        return ReadsAsJson(text) ? Leak.Of(LeakKind.Json, text) : null;
    }

    /// <summary>The first leak of a model's message, its calls included; null if it has none.</summary>
    public static Leak? Find(Message message)
    {
        if (Find(message.Content) is { } said)
            return said;
        foreach (var call in message.ToolCalls)
        {
            if ((InToken(call.Name) ?? InArguments(call.Arguments)) is { } leak)
                return leak;
        }

        return null;
    }

    // Looks into the parsed strings, since the tool gets them without JSON's escapes.
    private static Leak? InArguments(string arguments)
    {
        if (!arguments.AsSpan().ContainsAny(Brackets) && !arguments.AsSpan().ContainsAny(Suspects))
            return InToken(arguments);
        return Json.TryParse(arguments, out var value, out _)
            ? Texts(value).Select(InValue).FirstOrDefault(static l => l is not null)
            : InMark(arguments) ?? InTag(arguments);
    }

    private static Leak? InValue(string text) => InToken(text) ?? InTag(text);

    private static Leak? InTag(string text) =>
        LeakedCalls.TagIn(text) is { } tag ? Leak.Of(LeakKind.Call, tag)
        : TaggedThoughts.MarkIn(text) is { } thought ? Leak.Of(LeakKind.Thought, thought)
        : null;

    private static IEnumerable<string> Texts(Json value) =>
        value switch
        {
            JsonText text => [text.Value],
            JsonList list => list.Items.SelectMany(Texts),
            JsonMap map => map.Keys.Concat(map.Values.SelectMany(Texts)),
            _ => [],
        };

    private static bool ReadsAsJson(string text)
    {
        if (!text.Contains('{', StringComparison.Ordinal))
            return false;
        var trimmed = Fence().Match(text) is { Success: true } fenced ? fenced.Groups["said"].Value : text.Trim();
        return trimmed is ['{', .., '}'] && Json.TryParse(trimmed, out var value, out _) && value is JsonMap { Keys.Count: > 0 };
    }

    /// <summary>The marks at the end of a text, and the white space around them; empty if it ends with words.</summary>
    public static string AtEnd(string text) => Trailing().Match(text).Value;

    private static Leak? InToken(string text) =>
        InMark(text)
        ?? (
            text.AsSpan().ContainsAny(Suspects) && Broken().Match(text) is { Success: true } broken
                ? Leak.Of(LeakKind.Broken, broken.Value)
                : null
        );

    private static Leak? InMark(string text)
    {
        if (text.AsSpan().ContainsAny(Brackets) && Token().Match(text) is { Success: true } token)
        {
            var call = LeakedCalls.IsName(token.ValueSpan);
            return Leak.Of(call ? LeakKind.Call : LeakKind.Mark, token.Value);
        }

        if (text.AsSpan().IndexOfAny("_|") >= 0 || text.Contains("endoftext", StringComparison.Ordinal))
        {
            if (BareName().Match(text) is { Success: true } bare)
                return Leak.Of(LeakKind.Mark, bare.Value);
        }

        return SentenceEnd(text) is { } end ? Leak.Of(LeakKind.Mark, end) : null;
    }

    // <s> is strikethrough in HTML; alone, or around the whole text, it is a mark.
    private static string? SentenceEnd(string text)
    {
        if (!text.Contains("s>", StringComparison.Ordinal))
            return null;
        var (begins, ends) = (Sentence().Count(text), SentenceClose().Count(text));
        if (begins == 0 && ends == 0)
            return null;
        var trimmed = text.AsSpan().Trim();
        var isFrame = trimmed.StartsWith("<s>", StringComparison.Ordinal) && trimmed.EndsWith("</s>", StringComparison.Ordinal);
        return begins == ends && !isFrame ? null
            : ends > 0 ? "</s>"
            : "<s>";
    }

    [GeneratedRegex(Tokens + "|(?-i:" + Capitals + ")", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Token();

    // A lost character, a tokenizer's space or line break, a control character, UTF-8 read as Latin-1, escapes of JSON and HTML.
    [GeneratedRegex(
        @"[\uFFFD▁\x00-\x08\x0B\x0C\x0E-\x1F\x7F]|(?<=[\p{Ll}\p{P}\d])[ĠĊ]|â€|\\u[0-9A-Fa-f]{4}|(?:\A|(?<=[.!?]))\\n"
            + "|&(?:#[0-9]{2,5}|#x[0-9A-Fa-f]{2,4}|amp|quot|apos|nbsp);|<!--",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Broken();

    [GeneratedRegex(@"\A\s*`{3}\w*\s*(?<said>\{.*\})\s*`{3}\s*\z", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Fence();

    [GeneratedRegex(BareNames, RegexOptions.CultureInvariant)]
    private static partial Regex BareName();

    [GeneratedRegex("<s>")]
    private static partial Regex Sentence();

    [GeneratedRegex("</s>")]
    private static partial Regex SentenceClose();

    [GeneratedRegex(
        @"(?:\s*(?:" + Tokens + "|(?-i:" + Capitals + @")|</s>))*\s*\z",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Trailing();
}
