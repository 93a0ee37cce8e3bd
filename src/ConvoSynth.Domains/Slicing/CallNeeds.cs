using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Slicing;

/// <summary>Which gold action needs what another one shows: a text of its arguments stands there and nowhere before.</summary>
public sealed class CallNeeds(Pack pack)
{
    private const int ShortestText = 2;

    /// <summary>Whether an action needs what one of the others shows.</summary>
    public static bool Any(Blueprint task, IReadOnlyList<int> others, int action) =>
        Texts(task.Actions[action].Arguments)
            .Any(t => others.Any(o => FieldValues.ContainsToken(task.Actions[o].Observation, t)) && !IsKnown(task, t, before: others[0]));

    /// <summary>The first action that needs what the one before it shows; null if none does.</summary>
    public int? First(Blueprint task)
    {
        for (var a = 1; a < task.Actions.Length; a++)
        {
            if (pack.Tools.Find(task.Actions[a].Tool) is { Kind: ToolKind.Read, Calculates: false } && Any(task, [a - 1], a))
                return a;
        }

        return null;
    }

    /// <summary>The texts among the values of arguments.</summary>
    public static IEnumerable<string> Texts(Json value) =>
        value.Leaves().Select(v => v.Text).OfType<string>().Where(t => t.Length >= ShortestText);

    // The human tells it with a wish that comes after the action.
    private static bool IsForLater(Blueprint task, Fact fact, int action)
    {
        var wishes = task.Scenario.Requests.Where(r => r.Slots.Contains(fact.Slot, StringComparer.Ordinal)).ToArray();
        return wishes.Length > 0 && wishes.All(r => r.FirstAction > action);
    }

    private static bool IsKnown(Blueprint task, string text, int before) =>
        task.Scenario.Facts.Any(f => (f.Value.Text == text || FieldValues.ContainsToken(f.Said, text)) && !IsForLater(task, f, before))
        || task.Actions.Take(before).Any(a => FieldValues.ContainsToken(a.Observation, text));
}
