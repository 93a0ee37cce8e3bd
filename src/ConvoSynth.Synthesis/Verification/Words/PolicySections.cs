using System.Runtime.CompilerServices;
using ConvoSynth.Core;
using ConvoSynth.Domains;

namespace ConvoSynth.Synthesis;

/// <summary>A part of a policy or system text under a heading.</summary>
/// <param name="Tools">The writes that the heading speaks of; 0 where it speaks of none.</param>
internal sealed record PolicySection(string Heading, string Text, ulong Tools);

/// <summary>The parts of the texts that a pack's agent goes by, each with the writes that it is about.</summary>
internal static class PolicySections
{
    private const string Mark = "## ";

    private static readonly ConditionalWeakTable<string, IReadOnlyList<PolicySection>> Made = [];

    /// <summary>The parts at the second level of headings; what stands before the first is a part without one.</summary>
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

    // "Cancelling an order" speaks of what "cancel" does.
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
