using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Slicing;

/// <summary>
/// The human begins with something off the subject and waits for an answer. The pack has no tool and no clause about it, so there is
/// nothing to call: an agent that calls a tool then acts on a wish that it has not heard.
/// </summary>
internal sealed class OffTheSubject(Pack pack)
{
    public Blueprint? Of(Blueprint task, SeededRandom random)
    {
        if (SmallTalks.All.Where(s => IsOutside(task, s)).ToArray() is not { Length: > 0 } subjects)
            return null;
        var subject = random.Pick(subjects);
        var words = random.Pick(subject.Words);
        var conduct =
            $"You begin with something else, and at first you say only this: \"{words}\" "
            + "When the agent has answered it, you come to what you want.";
        return Rewording.Of(task, task.Scenario with { Conduct = conduct }) with
        {
            Depth = task.Depth + 1,
            Twist = new() { OffSubject = new(subject.Name, words) },
        };
    }

    private bool IsOutside(Blueprint task, SmallTalkSubject subject) =>
        !subject.Cues.Any(c =>
            Has(pack.Policy.Text, c) || Has(pack.Domain.Title, c) || pack.ToolsFor(task).Any(t => Has(t.Name, c) || Has(t.Description, c))
        );

    private static bool Has(string text, string cue) => text.Contains(cue, StringComparison.OrdinalIgnoreCase);
}
