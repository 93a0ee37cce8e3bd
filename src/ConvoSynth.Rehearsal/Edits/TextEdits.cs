using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Rehearsal.Faults;
using ConvoSynth.Rehearsal.Scripts;

namespace ConvoSynth.Rehearsal.Edits;

/// <summary>Plants faults by editing the words, or an observation, of a finished conversation.</summary>
internal sealed partial class TextEdits(Pack pack, Blueprint blueprint, Conversation clean, SeededRandom random)
{
    private ImmutableArray<Message> Messages => clean.Messages;

    /// <summary>Changes a digit of an observation; without digits, it swaps two letters.</summary>
    public Conversation? Tampered()
    {
        foreach (var at in random.Shuffled(Enumerable.Range(0, Messages.Length).Where(i => Messages[i].Role == MessageRole.Tool)))
        {
            var text = Messages[at].Content ?? "";
            // Each environment words its own errors, so a changed error in a foreign dialogue proves nothing.
            if (blueprint.Scenario.Requests.IsEmpty && text.StartsWith("Error", StringComparison.Ordinal))
                continue;
            if (Slip(text, random) is { } other && !Same(text, other))
                return With(at, other);
        }

        return null;
    }

    /// <summary>Adds one sentence to a message of an agent that has read something.</summary>
    public Conversation? Loose(string kind)
    {
        if (
            kind == FaultKinds.UnmadeHandOver
            && Messages.Any(m => m.ToolCalls.Any(c => pack.Tools.Find(c.Name) is { Kind: ToolKind.Transfer }))
        )
            return null;
        foreach (
            var at in random.Shuffled(
                Enumerable
                    .Range(0, Messages.Length)
                    .Where(i =>
                        IsAgent(Messages[i]) && Messages[i].ToolCalls.IsEmpty && Messages.Take(i).Any(m => m.Role == MessageRole.Tool)
                    )
            )
        )
        {
            var db = new Trial(pack, blueprint).Made(Messages, 0, at).Environment.Db;
            string[] observed = [.. Messages.Take(at).Where(m => m.Role == MessageRole.Tool).Select(m => m.Content ?? "")];
            if (new LooseWords(pack, blueprint, random).Say(kind, db, observed) is { } words)
                return With(at, $"{Messages[at].Content} {words}");
        }

        return null;
    }

    public Conversation? Emptied()
    {
        foreach (
            var at in random.Shuffled(
                Enumerable
                    .Range(1, Math.Max(0, Messages.Length - 2))
                    .Where(i => Messages[i] is { Role: not MessageRole.Tool, ToolCalls.IsEmpty: true })
            )
        )
            return With(at, "");
        return null;
    }

    /// <summary>Changes an amount of money in the agent's message after a write.</summary>
    public Conversation? OtherAmount()
    {
        foreach (var at in random.Shuffled(Enumerable.Range(0, Messages.Length).Where(IsReport)))
        {
            var amounts = Amount().Matches(Messages[at].Content!);
            if (amounts.Count == 0)
                continue;
            var amount = amounts[random.Next(amounts.Count)];
            var value = double.Parse(amount.Groups[1].Value.Replace(",", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
            var other = FieldValues.Say("money", Math.Round(value + (random.Between(1, 60) * 0.75), 2));
            return With(at, Messages[at].Content!.Replace(amount.Value, other, StringComparison.Ordinal));
        }

        return null;
    }

    /// <summary>Replaces the value of an expected answer in the agent's message.</summary>
    public Conversation? NotSaid()
    {
        foreach (var output in random.Shuffled(blueprint.Outputs.Where(IsNumber)))
        {
            if (new WrongWords(pack, blueprint, random).Others(output).FirstOrDefault() is not { } other)
                continue;
            if (
                Everywhere(output, _ => other) is { } draft
                && !draft.Messages.Any(m => IsAgent(m) && FieldValues.Says(m.Content!, output.Type, output.Value))
            )
                return draft.Finish();
        }

        return null;
    }

    public Conversation? Contradicted()
    {
        foreach (var output in random.Shuffled(blueprint.Outputs.Where(IsNumber)))
        {
            if (new WrongWords(pack, blueprint, random).Others(output).FirstOrDefault() is not { } other)
                continue;
            var last = Enumerable
                .Range(0, Messages.Length)
                .LastOrDefault(
                    i =>
                        IsAgent(Messages[i])
                        && Messages[i].ToolCalls.IsEmpty
                        && FieldValues.Says(Messages[i].Content!, output.Type, output.Value),
                    -1
                );
            if (last < 0 || last + 1 >= Messages.Length)
                continue;
            var draft = new Draft(clean);
            draft.Insert(
                last + 1,
                Message.User("Okay, thank you."),
                Message.Assistant(
                    string.Format(
                        CultureInfo.InvariantCulture,
                        random.Pick(FaultyAgentLines.Correction),
                        $"It is {other}.",
                        $"it is {other}."
                    )
                )
            );
            return draft.Finish();
        }

        return null;
    }

    public Conversation? Shotgun()
    {
        foreach (var output in random.Shuffled(blueprint.Outputs.Where(IsNumber)))
        {
            var others = new WrongWords(pack, blueprint, random).Others(output).Distinct(StringComparer.Ordinal).Take(2).ToArray();
            if (others.Length == 2 && Everywhere(output, said => $"{others[0]}, {said} or {others[1]}") is { } draft)
                return draft.Finish();
        }

        return null;
    }

    private static bool IsNumber(ExpectedOutput output) => output.Value is JsonNumber;

    private static bool IsAgent(Message message) => message is { Role: MessageRole.Assistant, Content.Length: > 0 };

    // The agent's message right after a successful write.
    private bool IsReport(int at) =>
        at >= 2
        && IsAgent(Messages[at])
        && Messages[at].ToolCalls.IsEmpty
        && Messages[at - 1] is { Role: MessageRole.Tool, Content: { } observed }
        && !observed.StartsWith("Error", StringComparison.Ordinal)
        && Messages[at - 2].ToolCalls is [var call]
        && pack.Tools.Find(call.Name) is { Writes: true };

    private Draft? Everywhere(ExpectedOutput output, Func<string, string> instead)
    {
        var draft = new Draft(clean);
        var any = false;
        for (var i = 0; i < Messages.Length; i++)
        {
            if (!IsAgent(Messages[i]))
                continue;
            var text = Number().Replace(Messages[i].Content!, m => Is(m.Groups[1].Value, output) ? instead(m.Value) : m.Value);
            if (text == Messages[i].Content)
                continue;
            draft.Replace(i, Messages[i] with { Content = text });
            any = true;
        }

        return any ? draft : null;
    }

    private static bool Is(string said, ExpectedOutput output) =>
        double.TryParse(said.Replace(",", "", StringComparison.Ordinal), CultureInfo.InvariantCulture, out var value)
        && Math.Abs(value - ((JsonNumber)output.Value).Value) < 0.005;

    private Conversation With(int at, string text)
    {
        var draft = new Draft(clean);
        draft.Replace(at, Messages[at] with { Content = text });
        return draft.Finish();
    }

    // Changes one digit; without digits, it swaps two letters.
    internal static string? Slip(string text, SeededRandom random)
    {
        var characters = text.ToCharArray();
        var digits = Enumerable.Range(0, text.Length).Where(i => char.IsAsciiDigit(text[i])).ToArray();
        if (digits.Length > 0)
        {
            var at = random.Pick(digits);
            characters[at] = (char)('1' + ((characters[at] - '0' + random.Between(0, 7)) % 9));
            return new(characters);
        }

        var letters = Enumerable
            .Range(0, Math.Max(0, text.Length - 1))
            .Where(i => char.IsAsciiLetter(text[i]) && char.IsAsciiLetter(text[i + 1]) && text[i] != text[i + 1])
            .ToArray();
        if (letters.Length == 0)
            return null;
        var swap = random.Pick(letters);
        (characters[swap], characters[swap + 1]) = (characters[swap + 1], characters[swap]);
        return new(characters);
    }

    private static bool Same(string a, string b) =>
        a == b || (Json.TryParse(a, out var x, out _) && Json.TryParse(b, out var y, out _) && x == y);

    [GeneratedRegex(@"\$(\d[\d,]*(?:\.\d\d)?)(?![\d.]*\d)")]
    private static partial Regex Amount();

    [GeneratedRegex(@"(?<![\w#.-])\$?(\d[\d,]*(?:\.\d+)?)(?![\w]|\.\d)")]
    private static partial Regex Number();
}
