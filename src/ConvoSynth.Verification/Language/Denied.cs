using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains.Sampling;

namespace ConvoSynth.Verification.Language;

/// <summary>
/// Sentences that deny a phrase of the scenario, a report or a reason: without their "not" they would state it.
/// </summary>
internal static class Denied
{
    /// <summary>Maximum distance, in characters, of a denial before a wish: "I would not like to".</summary>
    private const int Before = 32;

    private static readonly string[] Nots = [" not ", " dont ", " do not ", " cannot ", " wont ", " isnt ", " arent "];

    /// <summary>Whether the padded words contain a denial.</summary>
    public static bool MayBe(string words) => Array.Exists(Nots, n => words.Contains(n, StringComparison.Ordinal));

    /// <summary>The padded words with the denials removed.</summary>
    public static string Without(string words) =>
        words
            .Replace(" do not ", " ", StringComparison.Ordinal)
            .Replace(" dont ", " ", StringComparison.Ordinal)
            .Replace(" not ", " ", StringComparison.Ordinal)
            .Replace(" cannot ", " can ", StringComparison.Ordinal)
            .Replace(" wont ", " will ", StringComparison.Ordinal)
            .Replace(" isnt ", " is ", StringComparison.Ordinal)
            .Replace(" arent ", " are ", StringComparison.Ordinal);

    /// <summary>Whether the padded words contain the phrase only after a "not" within it is removed.</summary>
    public static bool Within(string words, string phrase) =>
        !words.Contains(phrase, StringComparison.Ordinal) && !MayBe(phrase) && Without(words).Contains(phrase, StringComparison.Ordinal);

    /// <summary>A fact that the human denies: "my card number is not …".</summary>
    public static Fact? Fact(Scenario scenario, SpokenText said)
    {
        if (!said.Has(" not "))
            return null;
        foreach (var fact in scenario.Facts)
        {
            var value = SpokenText.Phrase(fact.Said);
            if (fact.Type is "name" or "id" && said.Has(string.Concat(" is not", value)))
                return fact;
            if (
                value.Length > 2
                && (
                    said.Has(string.Concat(SpokenText.Phrase(fact.Label), "is not", value))
                    || said.Has(string.Concat(SpokenText.Phrase(fact.Label), "are not", value))
                )
            )
                return fact;
        }

        return null;
    }

    /// <summary>A wish, condition or reason of the scenario that the human's words deny; null if they deny none.</summary>
    public static string? Wish(Scenario scenario, SpokenText said)
    {
        if (!MayBe(said.Words))
            return null;
        var reason = scenario.Reason.Length == 0 ? "" : SpokenText.Phrase(Perspective.First(scenario.Reason));
        foreach (var spoken in said.Sentences())
        {
            var sentence = spoken;
            if (!MayBe(sentence))
                continue;
            // "I do not see why I should pay" may be the reason itself.
            if (reason.Length > 0 && MayBe(reason) && sentence.Contains(reason, StringComparison.Ordinal))
                sentence = sentence.Replace(reason, " ", StringComparison.Ordinal);
            foreach (var request in scenario.Requests)
            {
                if (IsDenied(sentence, request.Words) || IsDenied(sentence, request.Brief))
                    return request.Words;
                foreach (var branch in request.Alternatives)
                {
                    if (IsDenied(sentence, branch.Words))
                        return branch.Words;
                    if (Within(sentence, SpokenText.Phrase(Perspective.First(branch.When))))
                        return branch.When;
                }
            }

            if (reason.Length > 0 && Within(sentence, reason))
                return scenario.Reason;
        }

        return null;
    }

    /// <summary>A wish that the agent's words would name without the "not" within it; null if there is none.</summary>
    public static string? Proposal(Scenario scenario, SpokenText said)
    {
        if (!MayBe(said.Words))
            return null;
        foreach (var request in scenario.Requests)
        {
            if (Within(said.Words, SpokenText.Phrase(Perspective.Second(request.Words))))
                return request.Words;
            foreach (var branch in request.Alternatives)
            {
                if (Within(said.Words, SpokenText.Phrase(Perspective.Second(branch.Words))))
                    return branch.Words;
            }
        }

        return null;
    }

    private static bool IsDenied(string sentence, string wish)
    {
        var phrase = SpokenText.Phrase(Perspective.First(wish));
        var at = sentence.IndexOf(phrase, StringComparison.Ordinal);
        return at < 0 ? Within(sentence, phrase) : MayBe(sentence[Math.Max(0, at - Before)..(at + 1)]);
    }
}
