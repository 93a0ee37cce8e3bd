using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Sampling;

namespace ConvoSynth.Verification.Language;

/// <summary>The wordings of refusals by the clauses of a pack's policy; compiled once per pack.</summary>
internal sealed class ClauseReasons
{
    /// <summary>Shorter words are not specific to a clause.</summary>
    private const int ShortestWord = 4;

    /// <summary>Words compare by this many first letters, so that "renewed" matches "renewals".</summary>
    private const int Stem = 5;

    private static readonly ConditionalWeakTable<Pack, ClauseReasons> Made = [];

    private readonly FrozenDictionary<string, Reason[]> _reasons;
    private readonly string[] _denials;

    private ClauseReasons(Pack pack)
    {
        var clauses = pack
            .Tools.All.SelectMany(t => t.Guards)
            .Select(g => g.Clause)
            .Concat(pack.Domain.Because.Keys)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .ToArray();
        _reasons = clauses.ToFrozenDictionary(c => c, c => Of(pack, c), StringComparer.Ordinal);
        Clauses = clauses;
        _denials = [.. clauses.SelectMany(c => _reasons[c]).Select(r => r.Padded).Where(Denied.MayBe).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The clauses that can justify a refusal, in ordinal order.</summary>
    public IReadOnlyList<string> Clauses { get; }

    public static ClauseReasons For(Pack pack) => Made.GetValue(pack, static p => new(p));

    /// <summary>Whether the text contains the clause's reason in the pack's own words.</summary>
    public bool Quotes(string clause, SpokenText text)
    {
        foreach (var reason in _reasons.GetValueOrDefault(clause) ?? [])
        {
            if (text.Has(reason.Padded))
                return true;
        }

        return false;
    }

    /// <summary>
    /// The padded words without those quoted reasons that contain a "not" themselves: "that branch is not open now" denies no write.
    /// </summary>
    public string WithoutDenials(string words)
    {
        foreach (var reason in _denials)
            words = words.Replace(reason, " ", StringComparison.Ordinal);
        return words;
    }

    /// <summary>Whether the text differs from the clause's reason, in the pack's own words, by a "not" too many or too few.</summary>
    public bool QuotesButNot(string clause, SpokenText text)
    {
        if (!Denied.MayBe(text.Words) && !_reasons.GetValueOrDefault(clause, []).Any(r => Denied.MayBe(r.Padded)))
            return false;
        var words = Denied.Without(text.Words);
        foreach (var reason in _reasons.GetValueOrDefault(clause) ?? [])
        {
            if (!text.Has(reason.Padded) && words.Contains(Denied.Without(reason.Padded), StringComparison.Ordinal))
                return true;
        }

        return false;
    }

    /// <summary>
    /// How closely the text paraphrases the clause's reason: the largest share, from 0 to 1, of the content words of one wording.
    /// </summary>
    public double Overlap(string clause, SpokenText text)
    {
        var best = 0.0;
        foreach (var reason in _reasons.GetValueOrDefault(clause) ?? [])
        {
            if (reason.Stems.Length < 2)
                continue;
            var met = 0;
            foreach (var stem in reason.Stems)
            {
                if (text.Has(stem))
                    met++;
            }

            if (met >= 2)
                best = Math.Max(best, (double)met / reason.Stems.Length);
        }

        return best;
    }

    private static Reason[] Of(Pack pack, string clause)
    {
        var ways = new List<string>();
        foreach (var way in pack.Domain.Because.GetValueOrDefault(clause) ?? [])
        {
            ways.Add(way);
            ways.Add(Perspective.Second(way));
        }

        if (pack.Policy.Clause(clause) is { } policy)
            ways.Add(policy.Text);
        return
        [
            .. ways.Select(w => SpokenText.Padded(w))
                .Distinct(StringComparer.Ordinal)
                .Where(w => w.Length > 2)
                .Select(w => new Reason(w, Stems(w))),
        ];
    }

    /// <summary>The first letters of content words, each after a space: " renew".</summary>
    public static string[] Stems(string padded) =>
        [
            .. padded
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Where(w =>
                    w.Length >= ShortestWord
                    && (EnglishWords.RoleOf(w) & (WordRole.Filler | WordRole.Modal | WordRole.Condition)) == WordRole.None
                )
                .Select(w => " " + (w.Length > Stem ? w[..Stem] : w))
                .Distinct(StringComparer.Ordinal),
        ];

    /// <param name="Padded">The padded words, for search in a <see cref="SpokenText"/>.</param>
    /// <param name="Stems">The first letters of its content words, each after a space.</param>
    private sealed record Reason(string Padded, string[] Stems);
}
