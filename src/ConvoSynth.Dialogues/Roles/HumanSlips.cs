using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Dialogues.Sessions;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Models;
using ConvoSynth.Models.Speech;

namespace ConvoSynth.Dialogues.Roles;

/// <summary>
/// Defects that disqualify a message of the human, whatever the critic says, since verification would reject it. The text is empty, cut
/// off or a refusal to play the part, names or calls a tool, or says a fact with disclosure <c>never</c>. Or it stops before the agent's
/// first message, or holds leftovers of a server's template.
/// </summary>
public static class HumanSlips
{
    private const int ShortestText = 4;

    /// <summary>The first defect of the message, as a clause; null if it has none.</summary>
    public static string? In(ModelResponse response, Pack pack, Blueprint blueprint, IReadOnlyList<Message> heard, bool isFirst)
    {
        var text = response.Message.Content;
        if (string.IsNullOrWhiteSpace(text))
            return "is empty";
        switch (response.Finish)
        {
            case FinishReason.Length or FinishReason.ContentFilter:
                return "is cut off";
            case FinishReason.Refusal:
                return "declines to play the part";
            case FinishReason.ToolCalls or FinishReason.ExtraCalls:
                return "calls a tool";
        }

        if (isFirst && ClosingMark.Of(text).End is not null)
            return "ends the dialogue before the agent has spoken";
        if (ClosingMark.StandsInside(text))
            return "has a mark that ends the dialogue, with words behind it";
        if (TemplateMarks.Find(text) is { } leak)
            return $"holds {leak}";
        foreach (var fact in blueprint.Scenario.Facts)
        {
            if (
                fact.Disclosure == Disclosure.Never
                && IsDistinct(fact)
                && FieldValues.Says(text, fact.Type, fact.Value)
                && !IsKnown(blueprint.Scenario, fact, heard)
            )
                return $"says the {fact.Label}";
        }

        foreach (var tool in pack.ToolNames)
        {
            if (tool.Contains('_') && text.Contains(tool, StringComparison.OrdinalIgnoreCase))
                return $"names the tool {tool}";
        }

        return null;
    }

    private static bool IsDistinct(Fact fact) =>
        fact.Type is not ("count" or "flag") && (fact.Value is JsonNumber || fact.Value.Text is { Length: >= ShortestText });

    // A fact is known if the scenario discloses the same value under another label, or the agent has said it.
    private static bool IsKnown(Scenario scenario, Fact fact, IReadOnlyList<Message> heard) =>
        scenario.Facts.Any(f =>
            f.Disclosure != Disclosure.Never && (f.Value == fact.Value || FieldValues.Says(f.Said, fact.Type, fact.Value))
        ) || heard.Any(m => m is { Role: MessageRole.User, Content: { } said } && FieldValues.Says(said, fact.Type, fact.Value));
}
