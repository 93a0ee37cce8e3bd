using System.Text;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains.Sampling;

namespace ConvoSynth.Dialogues.Blueprints;

/// <summary>
/// A scenario in the form that the writer gets: everything that the human may know, and nothing about the outcome. It omits which branch
/// the data makes true, answers, reasons of refusals, and facts with disclosure <c>never</c>.
/// </summary>
internal static class ScenarioText
{
    public static string Of(Scenario scenario)
    {
        var text = new StringBuilder();
        text.Append("Reason: ").Append(Perspective.Second(scenario.Reason)).Append('\n');
        text.Append("Wishes, in this order:\n");
        for (var i = 0; i < scenario.Requests.Length; i++)
            Wish(text, i + 1, scenario.Requests[i]);
        Facts(text, "Facts that the customer tells of their own accord", scenario, Disclosure.Volunteer);
        Facts(text, "Facts that the customer tells only when asked", scenario, Disclosure.WhenAsked);
        if (!scenario.Unknowns.IsEmpty)
            text.Append("What the customer does not know: ")
                .AppendJoin(", ", scenario.Unknowns.Distinct(StringComparer.Ordinal))
                .Append('\n');
        if (scenario.Conduct is { } conduct)
            text.Append("How the customer takes the answers: ").Append(conduct).Append('\n');
        text.Append("The customer is done when ")
            .Append(
                Perspective.Second(
                    scenario.StopWhen.StartsWith("when ", StringComparison.Ordinal) ? scenario.StopWhen[5..] : scenario.StopWhen
                )
            );
        return text.ToString();
    }

    private static void Wish(StringBuilder text, int number, Request request)
    {
        text.Append(number).Append(request.Kind == RequestKind.Tell ? ". wants to know: " : ". wants to: ");
        if (request.Alternatives.IsEmpty)
        {
            text.Append(Perspective.Second(request.Words)).Append('\n');
            return;
        }

        text.Length -= request.Kind == RequestKind.Tell ? "wants to know: ".Length : "wants to: ".Length;
        text.Append("depends on a condition:\n");
        foreach (var branch in request.Alternatives)
            text.Append("   - ")
                .Append(Perspective.Second(branch.When))
                .Append(": wants to ")
                .Append(Perspective.Second(branch.Words))
                .Append('\n');
    }

    private static void Facts(StringBuilder text, string title, Scenario scenario, Disclosure disclosure)
    {
        var any = false;
        foreach (var fact in scenario.Facts)
        {
            if (fact.Disclosure != disclosure)
                continue;
            if (!any)
                text.Append(title).Append(":\n");
            any = true;
            text.Append("   - ").Append(fact.Label).Append("; say it as: ").Append(fact.Said).Append('\n');
        }
    }
}
