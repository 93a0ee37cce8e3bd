using System.Text.RegularExpressions;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Verification.Language;

/// <summary>A placeholder for a value in a report.</summary>
/// <param name="Name">The name in the act: an argument, an entity, or a field of one.</param>
/// <param name="Argument">The argument, if the slot is one.</param>
/// <param name="Entity">The field's entity, if the slot is a field.</param>
internal sealed record ReportSlot(string Name, ArgumentMeaning? Argument, EntitySpec? Entity, FieldSpec? Field);

/// <summary>A report found in a text.</summary>
/// <param name="At">Start of the report's own words.</param>
/// <param name="Values">The text in each slot of the template.</param>
internal readonly record struct FoundReport(ReportTemplate Template, int At, string[] Values);

/// <summary>
/// One of an act's own sentences for a write that was made (<c>acts.done</c>). It finds the sentence in a text, with the values in its
/// slots.
/// </summary>
internal sealed partial class ReportTemplate
{
    /// <summary>Minimum number of letters outside the slots; shorter templates match by chance.</summary>
    private const int MinLetters = 6;

    /// <summary>Maximum number of characters in a slot's value.</summary>
    private const int LongestValue = 160;

    private readonly string[] _literals;
    private readonly string _key;

    private ReportTemplate(ToolSpec tool, string[] literals, ReportSlot[] slots, Func<ReadOnlySpan<char>, bool> isDone)
    {
        Tool = tool;
        Slots = slots;
        _literals = literals;
        // The first letter is left out, since it may be a capital.
        _key = literals.Select((l, i) => i == 0 && l.Length > 0 ? l[1..] : l).MaxBy(l => l.Length)!;
        TellsState = !literals
            .Select(AgentText.Of)
            .Any(l => l.Words.Any(w => w.Is(WordRole.Have | WordRole.Was | WordRole.Speaker | WordRole.Light) || isDone(l[w])));
    }

    public ToolSpec Tool { get; }

    /// <summary>A literal part of the sentence, as a cheap prefilter for texts.</summary>
    public string Key => _key;

    /// <summary>
    /// Whether it states a condition and no act: its own words contain no past tense, no speaker and no participle of an act.
    /// </summary>
    public bool TellsState { get; }

    public IReadOnlyList<ReportSlot> Slots { get; }

    public static IReadOnlyList<ReportTemplate> Of(Pack pack, IReadOnlyList<ToolSpec> writes, Func<ReadOnlySpan<char>, bool> isDone)
    {
        var templates = new List<ReportTemplate>();
        foreach (var tool in writes)
        {
            foreach (var done in pack.Domain.Acts.GetValueOrDefault(tool.Name)?.Done ?? [])
            {
                string[] literals = [.. Slot().Split(done)];
                ReportSlot[] slots = [.. Slot().Matches(done).Select(m => Slotted(pack, tool, m.Value[1..^1]))];
                if (literals.Sum(l => l.Count(char.IsLetter)) >= MinLetters && literals.Any(l => l.Count(char.IsLetter) >= MinLetters - 2))
                    templates.Add(new(tool, literals, slots, isDone));
            }
        }

        return templates;
    }

    /// <summary>Adds all places where the text uses this sentence.</summary>
    public void Find(AgentText text, List<FoundReport> found)
    {
        var anchor = _literals[0].Length > 0 ? 0 : 1;
        if (anchor >= _literals.Length || !text.Text.Contains(_key, StringComparison.Ordinal))
            return;
        var from = 0;
        while (from < text.Text.Length)
        {
            // The first letter may be a capital if the sentence begins with the template's own words.
            var at = IndexOf(text.Text, _literals[anchor], from, anchor == 0);
            if (at < 0)
                return;
            from = at + _literals[anchor].Length;
            if (Match(text, at, anchor) is { } values)
                found.Add(new(this, at, values));
        }
    }

    private string[]? Match(AgentText text, int at, int anchor)
    {
        var whole = text.Text;
        var values = new string[Slots.Count];
        if (anchor == 1)
            values[0] = whole[Math.Max(Math.Max(0, at - LongestValue), SentenceStart(text, at))..at];
        var end = at + _literals[anchor].Length;
        for (var i = anchor; i < Slots.Count; i++)
        {
            var literal = _literals[i + 1];
            var next = literal.Length == 0 ? Math.Min(SentenceEnd(text, end), end + LongestValue) : IndexOf(whole, literal, end, false);
            if (next < 0 || next - end > LongestValue || next <= end)
                return null;
            values[i] = whole[end..next];
            end = next + literal.Length;
        }

        return SentenceEnd(text, at) < end - 1 || IsQuestion(text, at) ? null : values;
    }

    private static int IndexOf(string text, string literal, int from, bool capital)
    {
        var at = text.IndexOf(literal, from, StringComparison.Ordinal);
        if (!capital || !char.IsLower(literal[0]))
            return at;
        var other = text.IndexOf(literal[1..], from, StringComparison.Ordinal) - 1;
        while (other >= from && text[other] != char.ToUpperInvariant(literal[0]))
            other = text.IndexOf(literal[1..], other + 2, StringComparison.Ordinal) - 1;
        return other < from ? at
            : at < 0 ? other
            : Math.Min(at, other);
    }

    private static int SentenceStart(AgentText text, int at)
    {
        var start = 0;
        foreach (var sentence in text.Sentences)
        {
            if (sentence.Start >= at)
                break;
            start = sentence.Start;
        }

        return start;
    }

    private static int SentenceEnd(AgentText text, int at)
    {
        foreach (var sentence in text.Sentences)
        {
            if (sentence.End > at)
                return sentence.End;
        }

        return text.Text.Length;
    }

    private static bool IsQuestion(AgentText text, int at)
    {
        foreach (var sentence in text.Sentences)
        {
            if (sentence.End > at)
                return sentence.IsQuestion;
        }

        return false;
    }

    private static ReportSlot Slotted(Pack pack, ToolSpec tool, string name)
    {
        var bar = name.IndexOf('|', StringComparison.Ordinal);
        if (bar >= 0)
            name = name[..bar];
        foreach (var meaning in PackMeaning.Of(pack).Arguments(tool))
        {
            if (meaning.Parameter.Name == name)
                return new(name, meaning, null, null);
        }

        return pack.Domain.Find(name) is { } found ? new(name, null, found.Entity, found.Field) : new(name, null, null, null);
    }

    [GeneratedRegex(@"\{[^{}]+\}")]
    private static partial Regex Slot();
}
