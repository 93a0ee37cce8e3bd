using System.Globalization;
using System.Text.RegularExpressions;
using ConvoSynth.Core;

namespace ConvoSynth.Review.Pages;

/// <summary>A field of an observation, with its path as in <c>address.zip</c> or <c>items[1].price</c>.</summary>
public sealed record ShownField(string Path, string Value);

/// <summary>An observation folded to the fields that matter here.</summary>
/// <param name="Fields">At most <see cref="TouchedFields.Most"/>.</param>
/// <param name="Others">How many fields are folded away.</param>
public sealed record FoldedJson(IReadOnlyList<ShownField> Fields, int Others);

/// <summary>Which fields of observations a reader needs: those whose values an argument repeats or a verdict names.</summary>
internal sealed partial class TouchedFields
{
    /// <summary>A list of a hundred orders may repeat one value in each.</summary>
    public const int Most = 40;

    // Short values and small numbers stand everywhere by chance.
    private const int ShortestText = 2;
    private const double SmallestWhole = 10;

    private readonly HashSet<string> _arguments;
    private readonly string _evidence;
    private readonly HashSet<double> _numbers;

    /// <param name="arguments">The arguments of all calls.</param>
    /// <param name="evidence">What verdicts say that failed or are unsure.</param>
    public TouchedFields(IEnumerable<Json> arguments, IEnumerable<string> evidence)
    {
        _arguments = arguments.SelectMany(a => a.Leaves()).Select(JsonFields.Text).ToHashSet(StringComparer.Ordinal);
        _evidence = string.Join('\n', evidence);
        _numbers =
        [
            .. Numbers()
                .Matches(_evidence)
                .Select(m => double.Parse(m.Value.Replace(",", "", StringComparison.Ordinal), CultureInfo.InvariantCulture)),
        ];
    }

    /// <summary>Folds an observation; null if it is no JSON with fields.</summary>
    public FoldedJson? Fold(string observation)
    {
        if (!Json.TryParse(observation, out var value, out _) || value is not (JsonMap or JsonList))
            return null;
        var (fields, all) = (new List<ShownField>(), 0);
        foreach (var (path, leaf) in JsonFields.Of(value))
        {
            all++;
            if (fields.Count < Most && IsTouched(leaf))
                fields.Add(new(path, JsonFields.Text(leaf)));
        }

        return new(fields, all - fields.Count);
    }

    private bool IsTouched(Json leaf) =>
        leaf switch
        {
            JsonText { Value.Length: >= ShortestText } text => _arguments.Contains(text.Value) || IsNamed(text.Value),
            JsonNumber number => (!number.IsInteger || Math.Abs(number.Value) >= SmallestWhole)
                && (_arguments.Contains(JsonFields.Text(number)) || _numbers.Contains(number.Value)),
            _ => false,
        };

    // As a whole word: "card" is not named by "card_12".
    private bool IsNamed(string value)
    {
        for (var at = 0; (at = _evidence.IndexOf(value, at, StringComparison.Ordinal)) >= 0; at++)
        {
            var end = at + value.Length;
            if ((at == 0 || !IsOfWord(_evidence[at - 1])) && (end == _evidence.Length || !IsOfWord(_evidence[end])))
                return true;
        }

        return false;
    }

    private static bool IsOfWord(char c) => char.IsLetterOrDigit(c) || c == '_';

    [GeneratedRegex(@"[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?", RegexOptions.None, 1000)]
    private static partial Regex Numbers();
}
