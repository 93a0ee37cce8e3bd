using System.Text;
using System.Text.RegularExpressions;

namespace ConvoSynth.Models.Speech;

/// <summary>
/// Text in Harmony, the format of OpenAI's open models: each message has a channel, <c>analysis</c> for thoughts and <c>final</c> for
/// speech. A server that drops the marks leaves their names: <c>analysis…assistantfinal…</c>.
/// </summary>
internal static partial class HarmonyText
{
    /// <summary>The speech, with the thoughts added to <paramref name="thoughts"/>; the same text if it has no such channels.</summary>
    /// <remarks>Calls, other speakers' turns and the final mark stay for the checks to find.</remarks>
    public static string Speech(string text, List<string> thoughts)
    {
        var bare = Bare().Match(text);
        if (bare.Success)
        {
            thoughts.Add(bare.Groups["thoughts"].Value);
            return bare.Groups["said"].Value;
        }

        if (!text.Contains("<|channel|>", StringComparison.OrdinalIgnoreCase))
            return text;
        var speech = new StringBuilder();
        var (at, isChanged) = (0, false);
        foreach (Match part in Parts().Matches(text))
        {
            var between = text[at..part.Index];
            var channel = part.Groups["channel"].Value.Trim();
            var isOwn = part.Groups["role"].ValueSpan.Trim() is "" or "assistant" && !channel.Contains("to=", StringComparison.Ordinal);
            at = part.Index + part.Length;
            if (speech.Length == 0 && Ended().Match(between) is { Success: true } opened && isOwn)
            {
                // The prompt opened the first channel.
                thoughts.Add(opened.Groups["thoughts"].Value);
                isChanged = true;
            }
            else
            {
                speech.Append(between);
            }

            if (isOwn && channel.StartsWith("analysis", StringComparison.OrdinalIgnoreCase))
            {
                thoughts.Add(part.Groups["body"].Value);
                isChanged = true;
            }
            else if (isOwn && SpokenChannel().IsMatch(channel))
            {
                if (speech.Length > 0)
                    speech.Append("\n\n");
                speech.Append(part.Groups["body"].Value);
                if (at == text.Length)
                    speech.Append(part.Groups["end"].Value);
                isChanged = true;
            }
            else
            {
                speech.Append(part.Value);
            }
        }

        return isChanged ? speech.Append(text.AsSpan(at)).ToString() : text;
    }

    [GeneratedRegex(
        @"(?:<\|start\|>(?<role>[^<]*))?<\|channel\|>(?<channel>[^<]*)(?:<\|constrain\|>[^<]*)?<\|message\|>(?<body>.*?)"
            + @"(?<end><\|end\|>|<\|return\|>|<\|call\|>|(?=<\|start\|>|<\|channel\|>)|\z)",
        RegexOptions.Singleline | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Parts();

    // Speech before a call is commentary without a recipient.
    [GeneratedRegex(@"\A(?:final|commentary)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SpokenChannel();

    [GeneratedRegex(@"\A(?<thoughts>[^<]*)<\|end\|>\s*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Ended();

    [GeneratedRegex(@"\Aanalysis(?=\S)(?<thoughts>.*)assistantfinal(?<said>.*)\z", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Bare();
}
