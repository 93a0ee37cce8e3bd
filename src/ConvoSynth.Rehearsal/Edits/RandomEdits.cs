using System.Collections.Immutable;
using System.Text.RegularExpressions;
using ConvoSynth.Core;
using ConvoSynth.Domains;

namespace ConvoSynth.Rehearsal;

/// <summary>A conversation that differs from a clean one by one random edit.</summary>
/// <param name="Kind">The edit: one of <see cref="RandomEdits.Kinds"/>.</param>
/// <param name="What">The change, with the message and both texts.</param>
public sealed record Mutant(string Kind, Conversation Conversation, string What);

/// <summary>
/// Random edits without a label: it is unknown whether the dialogue is still right. People read the mutants that the checks still accept.
/// </summary>
public static partial class RandomEdits
{
    private const int Tries = 12;
    private const int Around = 60;

    private static readonly (string From, string To)[] Negations =
    [
        (" is ", " is not "),
        (" are ", " are not "),
        (" can ", " cannot "),
        (" can't ", " can "),
        (" will ", " will not "),
        (" has been ", " has not been "),
        (" have ", " have not "),
        (" was ", " was not "),
        ("I'd like to ", "I would not like to "),
        ("I want to ", "I don't want to "),
        ("Yes", "No"),
        (" not ", " "),
        ("please ", "please do not "),
        (" would ", " would not "),
        (" now ", " not "),
        ("I've ", "I have not "),
    ];

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
            "negate" => Text(draft, random, text => Negated(text, random)),
            "change-number" => Text(draft, random, text => Matched(Number(), text, random, value => StrangeDigit(value, random))),
            "change-date" => Text(draft, random, text => Matched(Date(), text, random, value => StrangeDigit(value, random))),
            "change-id" => Text(draft, random, text => Matched(Id(), text, random, value => StrangeDigit(value, random))),
            "change-word" => Word(draft, random),
            "swap-values" => Values(draft, random),
            "change-argument" => Argument(pack, draft, random),
            "change-argument-observed" => Argument(pack, draft, random) is { } what ? Observed(pack, blueprint, draft, what) : null,
            "drop-call" => Call(draft, random, twice: false) is { } what ? Observed(pack, blueprint, draft, what) : null,
            "duplicate-call" => Call(draft, random, twice: true) is { } what ? Observed(pack, blueprint, draft, what) : null,
            "alter-observation" => Observation(draft, random),
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
        var what = $"message {at} ({Word(draft.Messages[at])}) deleted: {Cut(Shown(draft.Messages[at]))}";
        draft.Remove(at);
        return what;
    }

    private static string Duplicate(Draft draft, SeededRandom random)
    {
        var at = random.Next(draft.Messages.Count);
        draft.Insert(at, draft.Messages[at]);
        return $"message {at} ({Word(draft.Messages[at])}) doubled: {Cut(Shown(draft.Messages[at]))}";
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
            $"messages {a} and {b} ({Word(draft.Messages[a])}, {Word(draft.Messages[b])}) swapped: "
            + $"{Cut(Shown(draft.Messages[a]))} / {Cut(Shown(draft.Messages[b]))}";
        draft.Swap(a, b);
        return what;
    }

    private static string? Sentence(Draft draft, SeededRandom random)
    {
        if (Spoken(draft, random) is not { } at)
            return null;
        var text = draft.Messages[at].Content!;
        var ends = End().Matches(text).Select(m => m.Index + m.Length).Append(text.Length).Distinct().ToArray();
        if (ends.Length < 2)
            return null;
        var which = random.Next(ends.Length);
        var from = which == 0 ? 0 : ends[which - 1];
        var what = $"message {at} ({Word(draft.Messages[at])}): deleted \"{text[from..ends[which]].Trim()}\"";
        draft.Replace(at, draft.Messages[at] with { Content = string.Concat(text.AsSpan(0, from), text.AsSpan(ends[which])).Trim() });
        return what;
    }

    private static string? Word(Draft draft, SeededRandom random)
    {
        if (Spoken(draft, random) is not { } from || Spoken(draft, random) is not { } at)
            return null;
        var others = Words().Matches(draft.Messages[from].Content!);
        if (others.Count == 0)
            return null;
        var other = others[random.Next(others.Count)].Value;
        return Changed(draft, at, Matched(Words(), draft.Messages[at].Content!, random, _ => other));
    }

    // Swaps a value of one message with a value of another.
    private static string? Values(Draft draft, SeededRandom random)
    {
        if (Spoken(draft, random) is not { } a || Spoken(draft, random) is not { } b || a == b)
            return null;
        var inA = Value().Matches(draft.Messages[a].Content!);
        var inB = Value().Matches(draft.Messages[b].Content!);
        if (inA.Count == 0 || inB.Count == 0)
            return null;
        var x = inA[random.Next(inA.Count)];
        var y = inB[random.Next(inB.Count)];
        if (x.Value == y.Value)
            return null;
        draft.Replace(a, draft.Messages[a] with { Content = Put(draft.Messages[a].Content!, x, y.Value) });
        draft.Replace(b, draft.Messages[b] with { Content = Put(draft.Messages[b].Content!, y, x.Value) });
        return $"messages {a} ({Word(draft.Messages[a])}) and {b} ({Word(draft.Messages[b])}) swapped {x.Value} and {y.Value}: "
            + $"{Cut(draft.Messages[a].Content!)} / {Cut(draft.Messages[b].Content!)}";
    }

    private static string? Argument(Pack pack, Draft draft, SeededRandom random)
    {
        if (Calling(draft, random) is not { } at)
            return null;
        var call = draft.Messages[at].ToolCalls[0];
        if (
            pack.Tools.Find(call.Name) is not { } tool
            || !Json.TryParse(call.Arguments, out var parsed, out _)
            || parsed is not JsonMap { Count: > 0 } arguments
        )
            return null;
        var name = random.Pick(arguments.Keys);
        Json? other = arguments[name] switch
        {
            JsonNumber { IsInteger: true } number => (long)number.Value + random.Between(1, 3),
            JsonNumber number => number.Value + random.Between(1, 9),
            JsonBoolean flag => !flag.Value,
            JsonText text when tool.Parameter(name)?.Schema["enum"].Items is { Count: > 1 } allowed => random.Pick(allowed),
            JsonText text => StrangeDigit(text.Value, random)
                ?? random.Pick([
                    text.Value + " B",
                    text.Value.ToUpperInvariant(),
                    text.Value.Length > 2 ? text.Value[1..] : text.Value + "x",
                ]),
            JsonList { Items.Count: > 1 } list => Json.List(list.Items.Take(list.Items.Count - 1)),
            _ => null,
        };
        if (other is null || other == arguments[name])
            return null;
        draft.Replace(
            at,
            draft.Messages[at] with
            {
                ToolCalls = draft.Messages[at].ToolCalls.SetItem(0, call with { Arguments = arguments.With(name, other).ToString() }),
            }
        );
        return $"message {at}: {call.Name}.{name} {arguments[name]} → {other}";
    }

    private static string? Call(Draft draft, SeededRandom random, bool twice)
    {
        if (Calling(draft, random) is not { } at || draft.Messages[at].ToolCalls.Length != 1 || at + 1 >= draft.Messages.Count)
            return null;
        var call = draft.Messages[at].ToolCalls[0];
        if (twice)
            draft.Insert(
                at + 2,
                draft.Messages[at] with
                {
                    ToolCalls = [call with { Id = "editcall1" }],
                },
                draft.Messages[at + 1] with
                {
                    ToolCallId = "editcall1",
                }
            );
        else
            draft.Remove(at, 2);
        return $"message {at}: the call {call.Name}({call.Arguments}) {(twice ? "made twice" : "left out")}";
    }

    private static string? Observation(Draft draft, SeededRandom random)
    {
        var all = Enumerable
            .Range(0, draft.Messages.Count)
            .Where(i => draft.Messages[i] is { Role: MessageRole.Tool, Content.Length: > 0 })
            .ToArray();
        if (all.Length == 0)
            return null;
        var at = random.Pick(all);
        var text = draft.Messages[at].Content!;
        return Changed(
            draft,
            at,
            random.Chance(0.6)
                ? Matched(Number(), text, random, v => StrangeDigit(v, random))
                : Matched(Words(), text, random, w => new string([.. w.Reverse()]))
        );
    }

    private static string? Text(Draft draft, SeededRandom random, Func<string, string?> edit) =>
        Spoken(draft, random) is { } at ? Changed(draft, at, edit(draft.Messages[at].Content!)) : null;

    private static string? Changed(Draft draft, int at, string? text)
    {
        var was = draft.Messages[at].Content!;
        if (text is null || text == was)
            return null;
        draft.Replace(at, draft.Messages[at] with { Content = text });
        var first = 0;
        while (first < was.Length && first < text.Length && was[first] == text[first])
            first++;
        return $"message {at} ({Word(draft.Messages[at])}): \"{Near(was, first)}\" → \"{Near(text, first)}\"";
    }

    private static int? Spoken(Draft draft, SeededRandom random)
    {
        var all = Enumerable
            .Range(0, draft.Messages.Count)
            .Where(i => draft.Messages[i] is { Role: not MessageRole.Tool, Content.Length: > 0 })
            .ToArray();
        return all.Length == 0 ? null : random.Pick(all);
    }

    private static int? Calling(Draft draft, SeededRandom random)
    {
        var all = Enumerable.Range(0, draft.Messages.Count).Where(i => !draft.Messages[i].ToolCalls.IsEmpty).ToArray();
        return all.Length == 0 ? null : random.Pick(all);
    }

    private static string? Negated(string text, SeededRandom random)
    {
        var fitting = Negations.Where(n => text.Contains(n.From, StringComparison.Ordinal)).ToArray();
        if (fitting.Length == 0)
            return null;
        var (from, to) = random.Pick(fitting);
        var at = text.IndexOf(from, StringComparison.Ordinal);
        return string.Concat(text.AsSpan(0, at), to, text.AsSpan(at + from.Length));
    }

    private static string? Matched(Regex what, string text, SeededRandom random, Func<string, string?> instead)
    {
        var found = what.Matches(text);
        if (found.Count == 0)
            return null;
        var one = found[random.Next(found.Count)];
        return instead(one.Value) is { } other ? Put(text, one, other) : null;
    }

    private static string Put(string text, Match at, string other) =>
        string.Concat(text.AsSpan(0, at.Index), other, text.AsSpan(at.Index + at.Length));

    private static string? StrangeDigit(string value, SeededRandom random)
    {
        var digits = Enumerable.Range(0, value.Length).Where(i => char.IsAsciiDigit(value[i])).ToArray();
        if (digits.Length == 0)
            return null;
        var characters = value.ToCharArray();
        var at = random.Pick(digits);
        characters[at] = (char)('1' + ((characters[at] - '0' + random.Between(0, 7)) % 9));
        return new(characters);
    }

    private static string Word(Message message) =>
        message.Role switch
        {
            MessageRole.User => "human",
            MessageRole.Tool => "observation",
            _ => "agent",
        };

    private static string Shown(Message message) =>
        message.ToolCalls.IsEmpty ? message.Content ?? "" : string.Join("; ", message.ToolCalls.Select(c => $"{c.Name}({c.Arguments})"));

    private static string Cut(string text) => text.Length <= 2 * Around ? text : text[..(2 * Around)] + "…";

    private static string Near(string text, int at)
    {
        var from = Math.Max(0, at - Around);
        var to = Math.Min(text.Length, at + Around);
        return $"{(from > 0 ? "…" : "")}{text[from..to]}{(to < text.Length ? "…" : "")}";
    }

    [GeneratedRegex(@"(?<![\w#.:-])\d{1,3}(?:,\d{3})*(?:\.\d+)?(?![\w:-])")]
    private static partial Regex Number();

    [GeneratedRegex(
        @"\b\d{4}-\d{2}-\d{2}\b|\b(?:January|February|March|April|May|June|July|August|September|October|November"
            + @"|December) \d{1,2}(?:, \d{4})?"
    )]
    private static partial Regex Date();

    [GeneratedRegex(@"#?[A-Za-z_]*\d{4,}\w*")]
    private static partial Regex Id();

    [GeneratedRegex(@"\b[A-Za-z]{3,}\b")]
    private static partial Regex Words();

    [GeneratedRegex(@"#?\b[A-Za-z_]*\d[\w.-]*\w|\b\d\b")]
    private static partial Regex Value();

    [GeneratedRegex(@"[.!?](?=\s)\s*|\n+")]
    private static partial Regex End();
}
