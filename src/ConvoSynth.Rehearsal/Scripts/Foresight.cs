using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Rehearsal.Scripts;

/// <summary>What a gold call's observation is the first to show: an agent that names it before the call cannot have read it.</summary>
internal sealed class Foresight(Pack pack, Blueprint blueprint)
{
    private const int Shortest = 5,
        Longest = 40;

    /// <summary>The names and codes that this call shows for the first time; empty if it is no gold call.</summary>
    public List<string> Before(ToolCall call)
    {
        if (!Json.TryParse(call.Arguments, out var arguments, out _))
            return [];
        var at = blueprint.Actions.ToList().FindIndex(a => a.Tool == call.Name && a.Arguments == arguments);
        if (at < 0 || !Json.TryParse(blueprint.Actions[at].Observation, out var shown, out _))
            return [];
        string[] known =
        [
            blueprint.Instruction,
            call.Arguments,
            pack.SystemPrompt,
            pack.Policy.Text,
            .. pack.ToolsFor(blueprint).Select(t => $"{t.Description} {t.Parameters}"),
            .. blueprint.Scenario.Facts.Select(f => f.Said),
            .. blueprint.Scenario.Requests.Select(r => r.Words),
            .. blueprint.Actions.Take(at).Select(a => a.Observation),
        ];
        return
        [
            .. shown
                .Leaves()
                .Select(v => v.Text)
                .OfType<string>()
                .Where(t => IsName(t) && !known.Any(k => FieldValues.ContainsToken(k, t)))
                .Distinct(StringComparer.Ordinal),
        ];
    }

    // Days and times may be known in another spelling.
    private static bool IsName(string text) =>
        text.Length is >= Shortest and <= Longest
        && char.IsLetterOrDigit(text[0])
        && text.Any(char.IsUpper)
        && text.Any(char.IsLetter)
        && !text.Contains(':', StringComparison.Ordinal)
        && !DateOnly.TryParse(text, out _);
}
