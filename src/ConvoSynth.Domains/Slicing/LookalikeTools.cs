using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Slicing;

/// <summary>
/// Tools are offered beside the pack's own that resemble the tools that the task needs. At least one of them resembles a tool of the gold.
/// </summary>
internal sealed class LookalikeTools(Pack pack)
{
    private const int Others = 4;

    public Blueprint? Of(Blueprint task, SeededRandom random)
    {
        var needed = task.Actions.Select(a => a.Tool).ToHashSet(StringComparer.Ordinal);
        var alike = random.Shuffled(pack.Lookalikes.Where(l => needed.Contains(l.Like)));
        if (alike.Length == 0)
            return null;
        var others = random.Shuffled(pack.Lookalikes.Where(l => !needed.Contains(l.Like))).Take(Others);
        return task with
        {
            AvailableTools = [.. random.Shuffled(pack.ToolNames.Concat(alike.Concat(others).Select(l => l.Name)))],
            Twist = new(),
        };
    }
}
