using ConvoSynth.Core;

namespace ConvoSynth.Verification.Evidence;

/// <summary>The texts and whole numbers in a value, as a text names them.</summary>
internal static class NamedTexts
{
    public static IEnumerable<string> Of(Json value) =>
        value.Leaves().Where(v => v is JsonText or JsonNumber { IsInteger: true }).Select(v => v.Text ?? v.ToString());
}
