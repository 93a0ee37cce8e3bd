using System.Runtime.CompilerServices;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Verification.Language;

/// <summary>A section of a policy or system prompt.</summary>
/// <param name="Tools">Mask of the writes that the heading names; 0 if none.</param>
internal sealed record PolicySection(string Heading, string Text, ulong Tools);

/// <summary>The sections of the texts that instruct a pack's agent, each with its writes.</summary>
internal static class PolicySections
{
    private const string Mark = "## ";

    private static readonly ConditionalWeakTable<string, IReadOnlyList<PolicySection>> Made = [];

    /// <summary>The sections at the second heading level; text before the first heading is a section without one.</summary>
    public static IReadOnlyList<PolicySection> Of(string text, Pack pack) => Made.GetValue(text, t => Cut(t, ActWords.Of(pack)));

    private static List<PolicySection> Cut(string text, ActWords acts)
    {
        var sections = new List<PolicySection>();
        var from = 0;
        while (from < text.Length)
        {
            var next = text.IndexOf($"\n{Mark}", from, StringComparison.Ordinal);
            var part = text[from..(next < 0 ? text.Length : next + 1)];
            var heading = part.StartsWith(Mark, StringComparison.Ordinal) ? part[Mark.Length..].Split('\n')[0].Trim() : "";
            sections.Add(new(heading, part, ToolsOf(heading, acts)));
            from = next < 0 ? text.Length : next + 1;
        }

        return sections;
    }

    // "Cancelling an order" names the writes of "cancel".
    private static ulong ToolsOf(string heading, ActWords acts)
    {
        var tools = 0UL;
        foreach (var word in heading.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            tools |= acts[word].Plain | acts[word].Noun;
            if (!word.EndsWith("ing", StringComparison.Ordinal) || word.Length < 6)
                continue;
            var stem = word[..^3];
            tools |= acts[stem].Plain | acts[stem + "e"].Plain | (stem[^1] == stem[^2] ? acts[stem.AsSpan(0, stem.Length - 1)].Plain : 0);
        }

        return tools;
    }
}
