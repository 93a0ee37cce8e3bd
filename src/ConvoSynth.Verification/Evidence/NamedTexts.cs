using ConvoSynth.Core;

namespace ConvoSynth.Verification.Evidence;

/// <summary>The texts and whole numbers among a call's arguments, at any depth.</summary>
internal static class ArgumentTexts
{
    public static IEnumerable<string> Of(Json value) =>
        value switch
        {
            JsonText text => [text.Value],
            JsonNumber { IsInteger: true } number => [number.ToString()],
            JsonList list => list.Items.SelectMany(Of),
            JsonMap map => map.Values.ToArray().SelectMany(Of),
            _ => [],
        };
}
