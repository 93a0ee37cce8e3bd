using System.Text.RegularExpressions;
using ConvoSynth.Core;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains;

/// <summary>
/// Composes names by rules: key → texts, in which <c>{key}</c> stands for a text of that key. A few short lists give thousands of names.
/// </summary>
internal sealed partial class Phrases
{
    // A text that leads back to itself would never end.
    private const int MaxDepth = 8;

    private readonly Dictionary<string, IReadOnlyList<string>> _texts = new(StringComparer.Ordinal);

    /// <summary>Reads a file of rules, and reports a slot that names none of its keys.</summary>
    public static Phrases Read(YamlPart root)
    {
        var phrases = new Phrases();
        foreach (var (key, part) in root.Entries)
            phrases._texts[key] = part.Texts;
        foreach (var (_, part) in root.Entries)
        {
            foreach (var slot in part.Texts.SelectMany(t => Slot().Matches(t)).Select(m => m.Groups[1].Value))
            {
                if (!phrases._texts.ContainsKey(slot))
                    part.Fail($"the file has no key {slot}");
            }
        }

        foreach (var (key, part) in root.Entries.Where(e => e.Part.Texts.Count == 0))
            part.Fail($"the key {key} has no texts");
        return phrases;
    }

    /// <exception cref="ToolError">There is no such key, or its texts lead back to themselves.</exception>
    public string Draw(string key, SeededRandom random, int depth = 0)
    {
        if (!_texts.TryGetValue(key, out var texts))
            throw new ToolError($"there is no key {key}; there are {string.Join(", ", _texts.Keys)}");
        if (depth == MaxDepth)
            throw new ToolError($"the texts of {key} lead back to themselves");
        return Slot().Replace(random.Pick(texts), slot => Draw(slot.Groups[1].Value, random, depth + 1));
    }

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Slot();
}
