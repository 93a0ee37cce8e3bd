using System.Collections.Frozen;

namespace ConvoSynth.Verification.Language;

/// <summary>Generic or polite words, which raise no wish. Each covers all words with the same first letters.</summary>
internal static class CommonWords
{
    /// <summary>Number of letters that words have in common with their other forms.</summary>
    public const int Stem = 4;

    private const string All = """
        about after again along also another anything because been before both could each everything from good
        great have having help here instead into just know left like many money more most much need once only
        other perhaps please possible right should some still sure tell than thank that their them then there
        these they thing this those time today together very want week were what when where which while whose
        will with would wrong your
        """;

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Stems = All.Split(
            (char[])[' ', '\n'],
            StringSplitOptions.RemoveEmptyEntries
        )
        .Select(w => w[..Stem])
        .ToFrozenSet(StringComparer.Ordinal)
        .GetAlternateLookup<ReadOnlySpan<char>>();

    /// <param name="word">At least as long as a stem.</param>
    public static bool Has(ReadOnlySpan<char> word) => Stems.Contains(word[..Stem]);
}
