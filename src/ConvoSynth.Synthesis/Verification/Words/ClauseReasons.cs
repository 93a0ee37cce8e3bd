using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using ConvoSynth.Domains;

namespace ConvoSynth.Synthesis;

/// <summary>What people say when they refuse something by a clause of a pack's policy: looked up once a pack.</summary>
internal sealed class ClauseReasons
{
    /// <summary>A shorter word says nothing about a clause.</summary>
    private const int ShortestWord = 4;

    /// <summary>Words are compared by their beginnings, so that "renewed" meets "renewals".</summary>
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

    /// <summary>Clauses by which something can be refused, in order.</summary>
    public IReadOnlyList<string> Clauses { get; }

    public static ClauseReasons For(Pack pack) => Made.GetValue(pack, static p => new(p));

    /// <summary>Whether the text gives the clause's reason in the pack's own words.</summary>
    public bool Quotes(string clause, SpokenText text)
    {
        foreach (var reason in _reasons.GetValueOrDefault(clause) ?? [])
        {
            if (text.Has(reason.Padded))
                return true;
        }

        return false;
    }

    /// <summary>The padded words without reasons in the pack's own words that have a "not" of their own: "that branch is not open now" denies nothing that was done.</summary>
    public string WithoutDenials(string words)
    {
        foreach (var reason in _denials)
            words = words.Replace(reason, " ", StringComparison.Ordinal);
        return words;
    }

    /// <summary>Whether the text would give the clause's reason in the pack's own words but for a "not" too many or too few.</summary>
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

    /// <summary>How much of the clause's reason the text gives in other words: the largest share of content words of one way to say it, from 0 to 1.</summary>
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

    /// <summary>The beginnings of words of content, each after a blank: " renew".</summary>
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

    /// <param name="Padded">The words, ready to be found in a <see cref="SpokenText"/>.</param>
    /// <param name="Stems">The beginnings of its words of content, each after a blank.</param>
    private sealed record Reason(string Padded, string[] Stems);
}
