using System.Text.RegularExpressions;
using ConvoSynth.Core;
using ConvoSynth.Domains.Overlaps;

namespace ConvoSynth.Domains.Tests.Overlaps;

/// <summary>Gives a task other names, ids and numbers, the same everywhere in it.</summary>
internal static partial class Disguise
{
    public static KnownTask Of(KnownTask task)
    {
        var names = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var value in task.Calls.SelectMany(c => Texts(c.Arguments)).SelectMany(t => Part().Matches(t)).Select(m => m.Value))
            names.TryAdd(value, value.Any(char.IsAsciiDigit) ? Digits(value) : Name(value, names.Count));
        return task with
        {
            Text = Changed(task.Text, names),
            Calls = [.. task.Calls.Select(c => c with { Arguments = Changed(c.Arguments, names) })],
        };
    }

    private static Json Changed(Json value, Dictionary<string, string> names) =>
        value switch
        {
            JsonText text => Changed(text.Value, names),
            JsonList list => Json.List(list.Items.Select(i => Changed(i, names))),
            JsonMap map => Json.Map([.. map.Keys.Select(k => (k, Changed(map[k], names)))]),
            _ => value,
        };

    // Lower-case words are words of the language, and belong to the task: "credit_card", "economy".
    private static string Changed(string text, Dictionary<string, string> names) =>
        Part()
            .Replace(
                text,
                m => m.Value.Any(c => char.IsAsciiDigit(c) || char.IsUpper(c)) && names.TryGetValue(m.Value, out var n) ? n : m.Value
            );

    private static string Digits(string value) =>
        string.Concat(value.Select(c => char.IsAsciiDigit(c) ? (char)('0' + ((c - '0' + 3) % 10)) : c));

    private static string Name(string value, int number) => char.IsUpper(value[0]) ? $"Zor{(char)('a' + (number % 26))}" : value;

    private static IEnumerable<string> Texts(Json value) =>
        value switch
        {
            JsonText text => [text.Value],
            JsonList list => list.Items.SelectMany(Texts),
            JsonMap map => map.Values.SelectMany(Texts),
            _ => [],
        };

    [GeneratedRegex("[A-Za-z0-9]+")]
    private static partial Regex Part();
}
