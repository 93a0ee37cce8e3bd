using System.Text;

namespace ConvoSynth.Verification.Language;

/// <summary>
/// The form of an id: ids of one kind look alike (<c>#W2378156</c>, <c>4WQ150</c>, <c>mei_kovacs_8020</c>). A text that names ids of a
/// call's form, and not the call's own, speaks of another row.
/// </summary>
internal static class IdShape
{
    /// <summary>Minimum length of an id without a letter; a shorter number counts something.</summary>
    private const int ShortestNumber = 4;

    /// <summary>The tokens of a text that have a digit and look like an id.</summary>
    public static IEnumerable<string> Tokens(string text)
    {
        for (var i = 0; i < text.Length; )
        {
            if (!IsPart(text[i]))
            {
                i++;
                continue;
            }

            var start = i;
            while (i < text.Length && IsPart(text[i]))
                i++;
            var token = text[start..i].TrimEnd('-', '_', '.');
            if (Of(token).Length > 0)
                yield return token;
        }
    }

    /// <summary>Capitals and digits as <c>X</c>, a run of small letters as <c>a</c>; empty for what is no id.</summary>
    public static string Of(string value)
    {
        if (!value.AsSpan().ContainsAnyInRange('0', '9') || value.Any(c => !IsPart(c)))
            return "";
        if (value.Length < ShortestNumber && !(value.Length > 1 && value.Any(char.IsAsciiLetterUpper)))
            return "";
        // A day and a plain amount are no ids.
        if (DateOnly.TryParse(value, out _) || (value.Contains('.', StringComparison.Ordinal) && double.TryParse(value, out _)))
            return "";
        var shape = new StringBuilder(value.Length);
        foreach (var c in value)
        {
            if (char.IsAsciiLetterLower(c))
            {
                if (shape.Length == 0 || shape[^1] != 'a')
                    shape.Append('a');
            }
            else
            {
                shape.Append(char.IsLetterOrDigit(c) ? 'X' : c);
            }
        }

        return shape.ToString();
    }

    private static bool IsPart(char c) => char.IsLetterOrDigit(c) || c is '#' or '_' or '-';
}
