using ConvoSynth.Core;

namespace ConvoSynth.Review.Pages;

/// <summary>A call with its arguments as text.</summary>
public sealed record ShownCall(string Name, string Arguments, int? Message);

/// <summary>A gold call beside the agent's call of the same place; one of them may be missing.</summary>
public sealed record AlignedCall(ShownCall? Gold, ShownCall? Actual)
{
    public bool IsSame => Gold is not null && Actual is not null && Gold.Name == Actual.Name && Gold.Arguments == Actual.Arguments;
}

/// <summary>Lines gold calls up with the agent's, so that most are equal and the rest have equal names.</summary>
public static class CallAlignment
{
    /// <summary>Beyond this many calls on a side, they are shown in order without alignment: the table grows with the product.</summary>
    public const int Most = 400;

    public static IReadOnlyList<AlignedCall> Of(IReadOnlyList<ShownCall> gold, IReadOnlyList<ShownCall> actual)
    {
        if (gold.Count > Most || actual.Count > Most)
            return [.. gold.Select(g => new AlignedCall(g, null)), .. actual.Select(a => new AlignedCall(null, a))];
        // best[i, j]: the most that the calls from i and j on can score.
        var best = new int[gold.Count + 1, actual.Count + 1];
        for (var i = gold.Count - 1; i >= 0; i--)
        {
            for (var j = actual.Count - 1; j >= 0; j--)
                best[i, j] = Math.Max(Score(gold[i], actual[j]) + best[i + 1, j + 1], Math.Max(best[i + 1, j], best[i, j + 1]));
        }

        var aligned = new List<AlignedCall>();
        var (g, a) = (0, 0);
        while (g < gold.Count && a < actual.Count)
        {
            var score = Score(gold[g], actual[a]);
            if (score > 0 && best[g, a] == score + best[g + 1, a + 1])
                aligned.Add(new(gold[g++], actual[a++]));
            else if (best[g, a] == best[g + 1, a])
                aligned.Add(new(gold[g++], null));
            else
                aligned.Add(new(null, actual[a++]));
        }

        aligned.AddRange(gold.Skip(g).Select(call => new AlignedCall(call, null)));
        aligned.AddRange(actual.Skip(a).Select(call => new AlignedCall(null, call)));
        return aligned;
    }

    /// <summary>Arguments in one spelling, so that equal ones are equal texts.</summary>
    public static string Text(Json arguments) =>
        arguments.Text is { } text && Json.TryParse(text, out var parsed, out _) ? parsed.ToCanonicalString()
        : arguments.Text is { } other ? other
        : arguments.ToCanonicalString();

    private static int Score(ShownCall gold, ShownCall actual) =>
        gold.Name != actual.Name ? 0
        : gold.Arguments == actual.Arguments ? 3
        : 1;
}
