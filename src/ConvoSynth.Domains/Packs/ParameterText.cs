using System.Globalization;
using System.Text.RegularExpressions;
using ConvoSynth.Core;

namespace ConvoSynth.Domains.Packs;

/// <summary>
/// Puts parameters into a text of the pack: <c>{{max_holds}}</c>, by a format <c>{{fee:0.00}}</c>, in words <c>{{max_holds:word}}</c>
/// or <c>{{renewals:times}}</c>, with a unit <c>{{days|day}}</c>.
/// </summary>
internal static partial class ParameterText
{
    public static string Fill(string text, PackParameters parameters) =>
        text.Contains("{{", StringComparison.Ordinal)
            ? Slot().Replace(text, slot => parameters.Find(slot.Groups["name"].Value) is { } value ? Spelled(value, slot) : slot.Value)
            : text;

    /// <summary>Reports every slot whose parameter is missing: the agent would read its name in place of a value.</summary>
    public static void Check(string file, string text, PackParameters parameters, List<PackDiagnostic> faults)
    {
        foreach (Match slot in Slot().Matches(text))
        {
            if (parameters.Find(slot.Groups["name"].Value) is null)
                faults.Add(
                    new(file, 1 + text.AsSpan(0, slot.Index).Count('\n'), $"worlds.yaml has no parameter {slot.Groups["name"].Value}")
                );
        }
    }

    private static string Spelled(Json value, Match slot)
    {
        var (format, unit) = (slot.Groups["format"].Value, slot.Groups["unit"].Value);
        if (value.Number is not { } number)
            return value.Text ?? value.ToString();
        var spelled = format switch
        {
            "" => number.ToString("0.##", CultureInfo.InvariantCulture),
            "word" => NumberWords.Of(number),
            "times" => Times(number),
            _ => number.ToString(format, CultureInfo.InvariantCulture),
        };
        return unit.Length == 0 ? spelled
            : number.Equals(1d) ? $"{spelled} {unit}"
            : $"{spelled} {unit}s";
    }

    private static string Times(double number) =>
        number switch
        {
            1 => "once",
            2 => "twice",
            _ => NumberWords.Of(number) + " times",
        };

    [GeneratedRegex(@"\{\{(?<name>[a-z][a-z0-9_]*)(?::(?<format>[^{}|]+))?(?:\|(?<unit>[a-z ]+))?\}\}")]
    private static partial Regex Slot();
}
