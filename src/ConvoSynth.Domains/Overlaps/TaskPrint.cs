using System.Collections.Frozen;
using System.Text;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;

namespace ConvoSynth.Domains.Overlaps;

/// <summary>What remains recognizable of a task when its names, ids and words are changed.</summary>
internal sealed class TaskPrint
{
    /// <summary>Words in a row that are compared.</summary>
    private const int Gram = 4;

    // A shorter value is a flag, a count or a size, which tasks share by accident.
    private const int ShortestEntity = 4;

    private TaskPrint(FrozenSet<string> grams, FrozenSet<string> entities, string plan) =>
        (Grams, Entities, Plan) = (grams, entities, plan);

    /// <summary>Four words in a row, names and numbers being one word each; a shorter text is one such run.</summary>
    public FrozenSet<string> Grams { get; }

    /// <summary>Ids in the arguments of the calls.</summary>
    public FrozenSet<string> Entities { get; }

    /// <summary>The calls, each id, name and number replaced by its first place; a call that repeats at once counts once.</summary>
    public string Plan { get; }

    public static TaskPrint Of(KnownTask task) => Of(task.Text, task.Calls);

    public static TaskPrint Of(Blueprint task) => Of(task.Instruction, task.Actions.Select(a => new KnownCall(a.Tool, a.Arguments)));

    private static TaskPrint Of(string text, IEnumerable<KnownCall> calls)
    {
        var made = calls.ToArray();
        return new(
            GramsOf(text).ToFrozenSet(StringComparer.Ordinal),
            made.SelectMany(c => Values(c.Arguments)).Where(IsEntity).ToFrozenSet(StringComparer.OrdinalIgnoreCase),
            PlanOf(made)
        );
    }

    private static IEnumerable<string> GramsOf(string text)
    {
        var words = WordsOf(text).ToArray();
        if (words.Length is > 0 and < Gram)
            yield return string.Join(' ', words);
        for (var i = 0; i + Gram <= words.Length; i++)
            yield return string.Join(' ', words, i, Gram);
    }

    // Chinese, Japanese and Thai put no spaces between words: each character counts as one.
    private static IEnumerable<string> TokensOf(string text) =>
        text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(token => token.Any(IsUnspaced) ? token.Where(char.IsLetterOrDigit).Select(c => c.ToString()) : [token]);

    private static bool IsUnspaced(char c) =>
        c is (>= '\u0E00' and <= '\u0E7F') or (>= '\u3040' and <= '\u30FF') or (>= '\u3400' and <= '\u9FFF');

    // Several names in a row are one: a person may have a second first name.
    private static IEnumerable<string> WordsOf(string text)
    {
        var (isStart, wasName) = (true, false);
        foreach (var token in TokensOf(text))
        {
            var word = token.Trim('.', ',', ';', ':', '!', '?', '"', '\'', '(', ')', '[', ']');
            var isName = word.Any(c => char.IsDigit(c) || c is '_' or '#' or '@') || (!isStart && word.Length > 1 && char.IsUpper(word[0]));
            isStart = token[^1] is '.' or '!' or '?' or ':';
            if (word.Length == 0 || (isName && wasName))
                continue;
            wasName = isName;
            yield return isName ? "*" : word.ToLowerInvariant();
        }
    }

    private static string PlanOf(KnownCall[] calls)
    {
        var plan = new StringBuilder();
        var places = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        var before = "";
        foreach (var call in calls)
        {
            var line = LineOf(call, places);
            if (line != before)
                plan.Append(before = line).Append('\n');
        }

        return plan.ToString();
    }

    private static string LineOf(KnownCall call, Dictionary<string, int> places)
    {
        var line = new StringBuilder(call.Tool);
        foreach (var name in ((call.Arguments as JsonMap) ?? JsonMap.Empty).Keys.Order(StringComparer.Ordinal))
        {
            line.Append(' ').Append(name).Append('=');
            // How many items a list has belongs to a plan no more than which.
            foreach (var value in Values(call.Arguments[name]).Select(v => Placed(v, places)).Distinct(StringComparer.Ordinal))
                line.Append(value).Append(',');
        }

        return line.ToString();
    }

    private static string Placed(string value, Dictionary<string, int> places)
    {
        if (!IsEntity(value) && !value.Any(char.IsUpper))
            return value;
        if (!places.TryGetValue(value, out var place))
            places[value] = place = places.Count;
        return $"${place}";
    }

    private static bool IsEntity(string value) => value.Length >= ShortestEntity && value.Any(char.IsAsciiDigit);

    private static IEnumerable<string> Values(Json value) => value.Leaves().Select(v => v.Text ?? v.ToString());
}
