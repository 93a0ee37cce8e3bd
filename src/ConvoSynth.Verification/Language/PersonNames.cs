using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Verification.Language;

/// <summary>The first and last names of a pack's people, to detect names of persons in a text.</summary>
internal sealed class PersonNames
{
    private const int ShortestName = 3;

    /// <summary>Maximum distance, in characters, between the first and last name of a person in a record.</summary>
    private const int Apart = 40;

    private static readonly ConditionalWeakTable<Pack, PersonNames> Made = [];

    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _first;
    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _last;

    private PersonNames(Pack pack)
    {
        var first = new HashSet<string>(StringComparer.Ordinal);
        var last = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entity in pack.Domain.EntityOrder.Select(pack.Domain.Entity))
        {
            var names = entity.Fields.Values.Where(f => f.Type == "name" && !f.Path.Contains('[', StringComparison.Ordinal)).ToArray();
            var given = Array.Find(names, f => Leaf(f.Path).StartsWith("first", StringComparison.Ordinal));
            var family = Array.Find(names, f => Leaf(f.Path) is "surname" || Leaf(f.Path).StartsWith("last", StringComparison.Ordinal));
            if (given is null || family is null)
                continue;
            foreach (var row in pack.Rows.All(pack.BaseView, entity))
            {
                if (row[given.Path].Text is { Length: >= ShortestName } a)
                    first.Add(a);
                if (row[family.Path].Text is { Length: >= ShortestName } b)
                    last.Add(b);
            }
        }

        _first = first.ToFrozenSet(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
        _last = last.ToFrozenSet(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public static PersonNames Of(Pack pack) => Made.GetValue(pack, static p => new(p));

    /// <summary>An adjacent first and last name that no source before the message has together; null if there is none.</summary>
    public string? Stranger(Trace trace, AgentText text, int message)
    {
        var words = text.Words;
        for (var i = 0; i + 1 < words.Count; i++)
        {
            if (
                !char.IsAsciiLetterUpper(text.Text[words[i].Start])
                || words[i + 1].Start != words[i].End + 1
                || !_first.Contains(text[words[i]])
                || !_last.Contains(text[words[i + 1]])
            )
                continue;
            var (first, last) = (text[words[i]].ToString(), text[words[i + 1]].ToString());
            if (!KnownTexts.Before(trace, message).Any(t => Holds(t, first, last)))
                return $"{first} {last}";
        }

        return null;
    }

    private static bool Holds(string text, string first, string last)
    {
        for (
            var at = text.IndexOf(first, StringComparison.OrdinalIgnoreCase);
            at >= 0;
            at = text.IndexOf(first, at + 1, StringComparison.OrdinalIgnoreCase)
        )
        {
            var from = Math.Max(0, at - Apart);
            if (
                text.AsSpan(from, Math.Min(text.Length, at + first.Length + Apart) - from)
                    .Contains(last, StringComparison.OrdinalIgnoreCase)
            )
                return true;
        }

        return false;
    }

    private static string Leaf(string path) => path[(path.LastIndexOf('.') + 1)..];
}
