using System.Buffers;
using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Verification.Language;

/// <summary>
/// A choice field that no argument of a write sets (an order's status), and the patterns in which a text states its value.
/// </summary>
/// <param name="Labelled">"Status: Delivered", "its status is pending"; the value is the group <c>v</c>.</param>
/// <param name="Behind">Text directly after the row's name: "is delivered", "(status: pending)".</param>
/// <param name="Ahead">Text before the row's name: "your delivered order …", "the pending orders …".</param>
/// <param name="OfPerson">For a field of the human's own row: "as a gold member", "your membership is gold"; null for other rows.</param>
internal sealed record StateField(EntitySpec Entity, FieldSpec Field, Regex Labelled, Regex Behind, Regex Ahead, Regex? OfPerson)
{
    /// <summary>The value in the field's spelling; null if the text has none of its values.</summary>
    public string? Value(string said)
    {
        var words = Spelled(said);
        return Field.Values.FirstOrDefault(v => Spelled(v) == words);
    }

    /// <summary>
    /// Whether a stated value agrees with the row's. One may be a prefix of the other: "pending" agrees with "pending (item modified)".
    /// </summary>
    public static bool Agrees(string held, string said)
    {
        var (a, b) = (Spelled(held), Spelled(said));
        return a.StartsWith(b, StringComparison.Ordinal) || b.StartsWith(a, StringComparison.Ordinal);
    }

    private static string Spelled(string value) => SpokenText.Padded(value).Trim();
}

/// <summary>The states of a pack's rows that people speak of, compiled once per pack.</summary>
internal sealed class StateFields
{
    /// <summary>Maximum length of a text that is searched; twice of what <c>conversation.length</c> lets pass.</summary>
    private const int MaxLength = 16_000;

    private static readonly ConditionalWeakTable<Pack, StateFields> Made = [];

    private readonly SearchValues<string> _values;

    private StateFields(Pack pack)
    {
        var set = pack
            .Tools.All.Where(t => t.Writes)
            .SelectMany(t => t.Parameters)
            .Select(p => p.Is)
            .OfType<string>()
            .ToFrozenSet(StringComparer.Ordinal);
        All =
        [
            .. pack
                .Domain.EntityOrder.Select(pack.Domain.Entity)
                .Where(e => e.Parent is null && pack.Rows.IsOwned(e))
                .SelectMany(e =>
                    e.Fields.Values.Where(f =>
                            f.Type == "enum"
                            && f.Values.Count > 1
                            && !f.Path.Contains('[', StringComparison.Ordinal)
                            && !set.Contains($"{e.Name}.{f.Path}")
                        )
                        .OrderBy(f => f.Path, StringComparer.Ordinal)
                        .Select(f => Of(pack, e, f))
                ),
        ];
        // The first word is enough as a prefilter, since the spelling of separators is free.
        _values = SearchValues.Create(
            [.. All.SelectMany(f => f.Field.Values).Select(v => v.Split(' ', '_')[0]).Distinct(StringComparer.Ordinal)],
            StringComparison.OrdinalIgnoreCase
        );
    }

    public IReadOnlyList<StateField> All { get; }

    /// <summary>Whether the text may state a state at all; a cheap prefilter.</summary>
    public bool MayHold(string text) => text.Length <= MaxLength && text.AsSpan().ContainsAny(_values);

    public static StateFields Of(Pack pack) => Made.GetValue(pack, static p => new(p));

    private static StateField Of(Pack pack, EntitySpec entity, FieldSpec field)
    {
        var name = field.Path[(field.Path.LastIndexOf('.') + 1)..];
        var labels = Any([field.Label, name.Replace('_', ' ')]);
        // The longest value first, so that "pending (item modified)" does not match as "pending".
        var values = Any(field.Values.OrderByDescending(v => v.Length).Select(v => v.Replace('_', ' ')));
        var labelled = Make(
            $@"\b{labels}\b[\s*_`""']*(?:of [^\n.;]{{1,60}}?)?"
                + $@"(?:(?::|=|\bis\b|\bremains\b)[\s*_`""'(]*(?:now |currently |still |already )*)+[*_`""']*(?<v>{values})\b"
        );
        var behind = Make(
            $@"\G[\s*_`""')\]]*(?:\((?:{labels}\W+)?|(?:is|are|remains)\s+"
                + $@"(?:(?:currently|now|still|already|marked|listed|shown|as|in|a|an|the)\s+|[*_`""'])*)"
                + $@"[*_`""']*(?<v>{values})\b(?!\s+(?:by|if|once|when|for|and will))"
        );
        var ahead = Make($@"\b(?<v>{values})[\s*_`""']+(?:(?!{values})[\w-]+[\s*_`""']+){{0,2}}?{Any([entity.Label])}s?\b");
        Regex? person = null;
        if (entity.Name == pack.Domain.Who)
        {
            var kinds = Any([
                .. field.Label.Split(' '),
                .. name.Split('_'),
                entity.Label,
                .. field.Label.EndsWith("ship", StringComparison.Ordinal) ? (string[])[field.Label[..^4]] : [],
            ]);
            person = Make(
                $@"\b(?:(?:as an?|you(?:'re| are)(?: an?)?|your|you have an?)\s+(?:\w+\s+)?(?<v>{values})[\s-]+{kinds}"
                    + $@"|your {labels}[\s*_`""']*(?::|\bis\b)[\s*_`""']*(?:now |currently |still )?(?<v>{values}))\b"
            );
        }

        return new(entity, field, labelled, behind, ahead, person);
    }

    private static string Any(IEnumerable<string> texts)
    {
        var patterns = texts
            .Where(t => t.Length > 1)
            .Distinct(StringComparer.Ordinal)
            .Select(t => Regex.Escape(t).Replace("\\ ", @"[\s_-]+", StringComparison.Ordinal));
        return $"(?:{string.Join('|', patterns)})";
    }

    // No timeout: a busy machine must not decide a check. Every repetition has a bound or a separator of its own, and MayHold bounds the
    // text.
    private static Regex Make(string pattern) => new(pattern, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
}
