using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Rehearsal.Edits;

/// <summary>
/// Random edits without a label: it is unknown whether the dialogue is still right. People read the mutants that the checks still accept.
/// </summary>
public static partial class RandomEdits
{
    private const int Tries = 12;

    /// <summary>The edits, in a fixed order.</summary>
    public static ImmutableArray<string> Kinds { get; } =
    [
        "delete-message",
        "duplicate-message",
        "swap-messages",
        "delete-sentence",
        "negate",
        "change-number",
        "change-date",
        "change-id",
        "change-word",
        "swap-values",
        "change-argument",
        "change-argument-observed",
        "drop-call",
        "duplicate-call",
        "alter-observation",
    ];

    /// <summary>An edit drawn by the seed; null if the drawn kind does not fit.</summary>
    public static Mutant? Draw(Pack pack, Blueprint blueprint, Conversation clean, Seed seed)
    {
        var random = seed.Random();
        return Make(random.Pick(Kinds), pack, blueprint, clean, random);
    }

    /// <summary>An edit of this kind; null if it does not fit.</summary>
    public static Mutant? Make(string kind, Pack pack, Blueprint blueprint, Conversation clean, SeededRandom random)
    {
        for (var i = 0; i < Tries; i++)
        {
            var draft = new Draft(clean);
            if (Edit(kind, pack, blueprint, draft, random) is not { } what)
                continue;
            var edited = draft.Finish();
            if (!edited.Messages.SequenceEqual(clean.Messages))
                return new(kind, edited, what);
        }

        return null;
    }

    private static string? Edit(string kind, Pack pack, Blueprint blueprint, Draft draft, SeededRandom random) =>
        kind switch
        {
            "delete-message" => Delete(draft, random),
            "duplicate-message" => Duplicate(draft, random),
            "swap-messages" => Swap(draft, random),
            "delete-sentence" => Sentence(draft, random),
            "negate" => Text(draft, random, text => TextChanges.Negated(text, random)),
            "change-number" => Text(
                draft,
                random,
                text => TextChanges.Matched(TextChanges.Number(), text, random, value => TextChanges.StrangeDigit(value, random))
            ),
            "change-date" => Text(
                draft,
                random,
                text => TextChanges.Matched(TextChanges.Date(), text, random, value => TextChanges.StrangeDigit(value, random))
            ),
            "change-id" => Text(
                draft,
                random,
                text => TextChanges.Matched(TextChanges.Id(), text, random, value => TextChanges.StrangeDigit(value, random))
            ),
            "change-word" => Word(draft, random),
            "swap-values" => Values(draft, random),
            "change-argument" => RandomCallEdits.Argument(pack, draft, random),
            "change-argument-observed" => RandomCallEdits.Argument(pack, draft, random) is { } what
                ? Observed(pack, blueprint, draft, what)
                : null,
            "drop-call" => RandomCallEdits.Call(draft, random, twice: false) is { } what ? Observed(pack, blueprint, draft, what) : null,
            "duplicate-call" => RandomCallEdits.Call(draft, random, twice: true) is { } what
                ? Observed(pack, blueprint, draft, what)
                : null,
            "alter-observation" => RandomCallEdits.Observation(draft, random),
            _ => throw new ArgumentException($"no edit is called \"{kind}\"; there are {string.Join(", ", Kinds)}", nameof(kind)),
        };

    private static string Observed(Pack pack, Blueprint blueprint, Draft draft, string what)
    {
        draft.Observe(pack, blueprint);
        return what;
    }

    private static string Delete(Draft draft, SeededRandom random)
    {
        var at = random.Next(draft.Messages.Count);
        var what = $"message {at} ({EditWords.Word(draft.Messages[at])}) deleted: {EditWords.Cut(EditWords.Shown(draft.Messages[at]))}";
        draft.Remove(at);
        return what;
    }

    private static string Duplicate(Draft draft, SeededRandom random)
    {
        var at = random.Next(draft.Messages.Count);
        draft.Insert(at, draft.Messages[at]);
        return $"message {at} ({EditWords.Word(draft.Messages[at])}) doubled: {EditWords.Cut(EditWords.Shown(draft.Messages[at]))}";
    }

    // Two messages of one role, or two neighbours.
    private static string? Swap(Draft draft, SeededRandom random)
    {
        if (draft.Messages.Count < 2)
            return null;
        var a = random.Next(draft.Messages.Count);
        var b = random.Chance(0.5) && a + 1 < draft.Messages.Count ? a + 1 : random.Next(draft.Messages.Count);
        if (b != a + 1 && draft.Messages[a].Role != draft.Messages[b].Role)
            return null;
        if (draft.Messages[a] == draft.Messages[b])
            return null;
        var what =
            $"messages {a} and {b} ({EditWords.Word(draft.Messages[a])}, {EditWords.Word(draft.Messages[b])}) swapped: "
            + $"{EditWords.Cut(EditWords.Shown(draft.Messages[a]))} / {EditWords.Cut(EditWords.Shown(draft.Messages[b]))}";
        draft.Swap(a, b);
        return what;
    }

    private static string? Sentence(Draft draft, SeededRandom random)
    {
        if (Spoken(draft, random) is not { } at)
            return null;
        var text = draft.Messages[at].Content!;
        var ends = TextChanges.End().Matches(text).Select(m => m.Index + m.Length).Append(text.Length).Distinct().ToArray();
        if (ends.Length < 2)
            return null;
        var which = random.Next(ends.Length);
        var from = which == 0 ? 0 : ends[which - 1];
        var what = $"message {at} ({EditWords.Word(draft.Messages[at])}): deleted \"{text[from..ends[which]].Trim()}\"";
        draft.Replace(at, draft.Messages[at] with { Content = string.Concat(text.AsSpan(0, from), text.AsSpan(ends[which])).Trim() });
        return what;
    }

    private static string? Word(Draft draft, SeededRandom random)
    {
        if (Spoken(draft, random) is not { } from || Spoken(draft, random) is not { } at)
            return null;
        var others = TextChanges.Words().Matches(draft.Messages[from].Content!);
        if (others.Count == 0)
            return null;
        var other = others[random.Next(others.Count)].Value;
        return Changed(draft, at, TextChanges.Matched(TextChanges.Words(), draft.Messages[at].Content!, random, _ => other));
    }

    // Swaps a value of one message with a value of another.
    private static string? Values(Draft draft, SeededRandom random)
    {
        if (Spoken(draft, random) is not { } a || Spoken(draft, random) is not { } b || a == b)
            return null;
        var inA = TextChanges.Value().Matches(draft.Messages[a].Content!);
        var inB = TextChanges.Value().Matches(draft.Messages[b].Content!);
        if (inA.Count == 0 || inB.Count == 0)
            return null;
        var x = inA[random.Next(inA.Count)];
        var y = inB[random.Next(inB.Count)];
        if (x.Value == y.Value)
            return null;
        draft.Replace(a, draft.Messages[a] with { Content = TextChanges.Put(draft.Messages[a].Content!, x, y.Value) });
        draft.Replace(b, draft.Messages[b] with { Content = TextChanges.Put(draft.Messages[b].Content!, y, x.Value) });
        return $"messages {a} ({EditWords.Word(draft.Messages[a])}) and {b} ({EditWords.Word(draft.Messages[b])}) "
            + $"swapped {x.Value} and {y.Value}: "
            + $"{EditWords.Cut(draft.Messages[a].Content!)} / {EditWords.Cut(draft.Messages[b].Content!)}";
    }

    private static string? Text(Draft draft, SeededRandom random, Func<string, string?> edit) =>
        Spoken(draft, random) is { } at ? Changed(draft, at, edit(draft.Messages[at].Content!)) : null;

    internal static string? Changed(Draft draft, int at, string? text)
    {
        var was = draft.Messages[at].Content!;
        if (text is null || text == was)
            return null;
        draft.Replace(at, draft.Messages[at] with { Content = text });
        var first = 0;
        while (first < was.Length && first < text.Length && was[first] == text[first])
            first++;
        return $"message {at} ({EditWords.Word(draft.Messages[at])}): \"{EditWords.Near(was, first)}\" → \"{EditWords.Near(text, first)}\"";
    }

    private static int? Spoken(Draft draft, SeededRandom random)
    {
        var all = Enumerable
            .Range(0, draft.Messages.Count)
            .Where(i => draft.Messages[i] is { Role: not MessageRole.Tool, Content.Length: > 0 })
            .ToArray();
        return all.Length == 0 ? null : random.Pick(all);
    }
}
