using System.Text.Json;
using ConvoSynth.Export.Examples;

namespace ConvoSynth.Export.Privacy;

/// <param name="Kind">The name of its kind.</param>
/// <param name="Value">As it is compared: in lower case, without separators.</param>
internal readonly record struct PersonalValue(string Kind, string Value);

/// <summary>Finds personal data in texts.</summary>
internal static class PersonalScan
{
    // The shortest value that any kind has.
    private const int Shortest = 6;

    public static IEnumerable<PersonalValue> Of(string text)
    {
        if (text.Length < Shortest)
            yield break;
        var taken = new List<(int Start, int End)>();
        foreach (var kind in PersonalKinds.All)
        {
            foreach (System.Text.RegularExpressions.Match match in kind.Pattern.Matches(text))
            {
                var (start, end) = (match.Index, match.Index + match.Length);
                // The digits of an IBAN are no phone number: the kinds with checks come first.
                if (taken.Exists(t => start < t.End && t.Start < end))
                    continue;
                var value = kind.Normal(match.Value);
                if (!kind.Holds(value))
                    continue;
                taken.Add((start, end));
                yield return new(kind.Name, value);
            }
        }
    }

    /// <summary>What is said and called in a message; observations too, since a tool may repeat what a model wrote.</summary>
    public static IEnumerable<PersonalValue> Of(ChatMessage message) =>
        Of(message.Text ?? "").Concat(Of(message.Reasoning ?? "")).Concat(message.Calls.SelectMany(c => Of(c.Arguments)));

    /// <summary>The texts of a value.</summary>
    public static IEnumerable<PersonalValue> Of(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Object => value.EnumerateObject().SelectMany(f => Of(f.Value)),
            JsonValueKind.Array => value.EnumerateArray().SelectMany(Of),
            JsonValueKind.String => Of(value.GetString()!),
            _ => [],
        };
}
