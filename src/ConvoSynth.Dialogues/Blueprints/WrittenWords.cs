using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Sampling;
using ConvoSynth.Models.Speech;

namespace ConvoSynth.Dialogues.Blueprints;

/// <summary>Decides whether a model's instruction is acceptable: it passes <see cref="InstructionCheck"/> and invents no value.</summary>
internal static class WrittenWords
{
    /// <value>Four times the length of the sampler's longest instruction, in characters.</value>
    public const int LongestInstruction = 6000;

    // Small numbers occur in any text ("one or two sentences", "the 2 of them").
    private const int LargestPlainNumber = 10;

    /// <summary>The first problem of the words, as a sentence for the writer; null if they are acceptable.</summary>
    /// <param name="blueprint">The blueprint with the sampler's instruction.</param>
    /// <param name="words">The writer's instruction.</param>
    public static string? Problem(Pack pack, Blueprint blueprint, string words)
    {
        if (string.IsNullOrWhiteSpace(words))
            return "the instruction is empty";
        if (words.Length > LongestInstruction)
            return $"the instruction has {words.Length} characters; {LongestInstruction} are allowed";
        if (words.Contains("###", StringComparison.Ordinal))
            return "the instruction holds a mark with ###, which only the player writes";
        if (TemplateMarks.Find(words) is { } leak)
            return $"the instruction holds {leak}";
        if (InstructionCheck.Problem(pack, blueprint with { Instruction = words }) is { } problem)
            return problem;
        return MadeUp(blueprint, words) is { } value ? $"the instruction says \"{value}\", which the plan does not have" : null;
    }

    // Ids, amounts, days and addresses have digits. The human would pass an invented one to the agent as if it were true.
    private static string? MadeUp(Blueprint blueprint, string words)
    {
        var known = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        Collect(blueprint.Instruction, known);
        Collect(ScenarioText.Of(blueprint.Scenario), known);
        foreach (var fact in blueprint.Scenario.Facts)
        {
            if (fact.Disclosure == Disclosure.Never)
                continue;
            Collect(fact.Said, known);
            Collect(fact.Value.Text ?? fact.Value.ToString(), known);
        }

        foreach (var token in Tokens(words))
        {
            if (!known.Contains(token) && !(int.TryParse(token, out var number) && number <= LargestPlainNumber))
                return token;
        }

        return null;
    }

    private static void Collect(string text, HashSet<string> known)
    {
        foreach (var token in Tokens(text))
            known.Add(token);
    }

    // Runs of letters and digits with at least one digit: the parts of a value, so that punctuation and spacing are free.
    private static IEnumerable<string> Tokens(string text)
    {
        for (var from = 0; from < text.Length; )
        {
            var to = from;
            var hasDigit = false;
            for (; to < text.Length && char.IsLetterOrDigit(text[to]); to++)
                hasDigit |= char.IsDigit(text[to]);
            if (hasDigit)
                yield return Plain(text[from..to]);
            from = to + 1;
        }
    }

    // "3rd" is "3".
    private static string Plain(string token)
    {
        var digits = token.Length - 2;
        return
            digits > 0 && token[digits..] is "st" or "nd" or "rd" or "th" && token.AsSpan(0, digits).IndexOfAnyExceptInRange('0', '9') < 0
            ? token[..digits]
            : token;
    }
}
