using System.Collections.Frozen;

namespace ConvoSynth.Verification.Language;

/// <summary>English forms of a verb: its past forms and its nouns.</summary>
internal static class VerbForms
{
    private const int LongestDoubling = 4;

    private static readonly FrozenDictionary<string, string[]> Irregular = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["send"] = ["sent"],
        ["give"] = ["gave", "given"],
        ["put"] = ["put"],
        ["set"] = ["set"],
        ["take"] = ["took", "taken"],
        ["pay"] = ["paid"],
        ["withdraw"] = ["withdrew", "withdrawn"],
        ["make"] = ["made"],
        ["get"] = ["got"],
        ["hold"] = ["held"],
        ["buy"] = ["bought"],
        ["sell"] = ["sold"],
        ["cancel"] = ["cancelled", "canceled"],
        ["transfer"] = ["transferred"],
        ["refer"] = ["referred"],
        ["submit"] = ["submitted"],
        ["write"] = ["wrote", "written"],
        ["split"] = ["split"],
        ["lend"] = ["lent"],
        ["bring"] = ["brought"],
        ["choose"] = ["chose", "chosen"],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, string[]> Nouns = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["cancel"] = ["cancellation"],
        ["modify"] = ["modification"],
        ["register"] = ["registration"],
        ["pay"] = ["payment"],
        ["reserve"] = ["reservation"],
        ["renew"] = ["renewal"],
        ["book"] = ["booking"],
        ["move"] = ["move"],
        ["extend"] = ["extension"],
        ["withdraw"] = ["withdrawal"],
        ["change"] = ["change"],
        ["update"] = ["update"],
        ["return"] = ["return"],
        ["exchange"] = ["exchange"],
        ["dispute"] = ["dispute"],
        ["swap"] = ["swap"],
        ["upgrade"] = ["upgrade"],
        ["transfer"] = ["transfer"],
        ["trade"] = ["trade"],
        ["report"] = ["report"],
        ["contest"] = ["contest"],
        ["settle"] = ["settlement"],
        ["refund"] = ["refund"],
        ["certify"] = ["certificate"],
        ["adjust"] = ["adjustment"],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>"cancel" → "cancelled", "canceled".</summary>
    public static IReadOnlyList<string> Past(string verb)
    {
        if (Irregular.TryGetValue(verb, out var forms))
            return forms;
        if (verb.EndsWith('e'))
            return [verb + "d"];
        if (verb.EndsWith('y') && verb.Length > 2 && !IsVowel(verb[^2]))
            return [verb[..^1] + "ied"];
        return
            verb.Length is >= 3 and <= LongestDoubling
            && !IsVowel(verb[^1])
            && verb[^1] is not ('w' or 'x' or 'y')
            && IsVowel(verb[^2])
            && !IsVowel(verb[^3])
            ? [verb + verb[^1] + "ed"]
            : [verb + "ed"];
    }

    /// <summary>"cancel" → "cancellation", "cancellations": nouns for an act that is "submitted" or "processed".</summary>
    public static IEnumerable<string> NounsOf(string verb)
    {
        foreach (var noun in Nouns.GetValueOrDefault(verb) ?? [verb + "ment", verb + "ation", verb + "al"])
        {
            yield return noun;
            yield return noun + "s";
        }
    }

    private static bool IsVowel(char c) => c is 'a' or 'e' or 'i' or 'o' or 'u';
}
