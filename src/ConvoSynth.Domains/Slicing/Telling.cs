using ConvoSynth.Core.Blueprints;

namespace ConvoSynth.Domains.Slicing;

/// <summary>When the human says the facts of a wish.</summary>
internal static class Telling
{
    /// <summary>Whether the human says the value of a fact beside the wish too: in another wish, or as another fact.</summary>
    public static bool IsSaidElsewhere(Scenario scenario, Request request, Fact fact) =>
        scenario.Requests.Any(r =>
            !ReferenceEquals(r, request) && (Has(r.Words, fact) || r.Alternatives.Any(a => Has(a.Words, fact) || Has(a.When, fact)))
        )
        || Has(scenario.Reason, fact)
        || scenario.Facts.Any(f => f.Slot != fact.Slot && (f.Value == fact.Value || Has(f.Said, fact)));

    private static bool Has(string text, Fact fact) =>
        FieldValues.ContainsToken(text, fact.Said)
        || (fact.Type != "count" && text.Contains(fact.Said, StringComparison.OrdinalIgnoreCase));

    /// <summary>The scenario in which the human states a wish with all its facts at once, but for one fact.</summary>
    /// <param name="but">The slot of the fact that is said only when asked; null for none.</param>
    public static Scenario AllOf(Scenario scenario, Request request, string? but = null) =>
        scenario with
        {
            Facts =
            [
                .. scenario.Facts.Select(f =>
                    f.Slot == but ? f with { Disclosure = Disclosure.WhenAsked }
                    : request.Slots.Contains(f.Slot, StringComparer.Ordinal) && f.Disclosure == Disclosure.WhenAsked
                        ? f with
                        {
                            Disclosure = Disclosure.Volunteer,
                        }
                    : f
                ),
            ],
        };
}
