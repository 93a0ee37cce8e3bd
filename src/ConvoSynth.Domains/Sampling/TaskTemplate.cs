using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using ConvoSynth.Core.Blueprints;

namespace ConvoSynth.Domains.Sampling;

/// <summary>Fills a template of a pack: text with the names of slots, fields and arguments in braces.</summary>
internal static partial class TaskTemplate
{
    // Parsed templates of all loaded packs; bounded by the number of templates in the packs.
    private static readonly ConcurrentDictionary<string, (string Literal, string? Slot)[]> Templates = new(StringComparer.Ordinal);

    public static HashSet<string> Slots(string template) =>
        [.. Parsed(template).Select(p => p.Slot).OfType<string>().Where(s => s != "verb")];

    // Null if a placeholder of the template has no value here: then the template does not fit this task.
    public static string? Fill(string template, List<Fact> facts, Func<string, Description?> value)
    {
        var fits = true;
        var parts = Templates.GetOrAdd(template, static t => Parsed(t));
        var words = new string[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            var (literal, name) = parts[i];
            words[i] = literal;
            if (name is null)
                continue;
            if (value(name) is not { } found)
            {
                fits = false;
                continue;
            }

            facts.AddRange(found.Facts);
            words[i] = found.Words;
        }

        if (!fits)
            return null;
        var text = string.Concat(words);
        // An empty value must not leave a gap.
        return text.Contains(", ,", StringComparison.Ordinal) ? text.Replace(", ,", ",", StringComparison.Ordinal) : text;
    }

    private static (string Literal, string? Slot)[] Parsed(string template)
    {
        var parts = new List<(string Literal, string? Slot)>();
        var at = 0;
        foreach (Match match in Slot().Matches(template))
        {
            if (match.Index > at)
                parts.Add((template[at..match.Index], null));
            parts.Add(("", match.Groups[1].Value));
            at = match.Index + match.Length;
        }

        if (at < template.Length)
            parts.Add((template[at..], null));
        return [.. parts];
    }

    [GeneratedRegex(@"\{([\w.\[\]| ]+)\}")]
    private static partial Regex Slot();
}
