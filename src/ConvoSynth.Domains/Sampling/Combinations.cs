using System.Collections.Concurrent;
using ConvoSynth.Core;
using ConvoSynth.Domains.Formulas;
using ConvoSynth.Domains.Intents;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Sampling;

/// <summary>
/// Adds further intents to a share of the tasks. Which ones is a function of seed and index. A task whose parts do not fit one person's
/// rows, or hinder each other when they are executed, is drawn again and at last stands alone.
/// </summary>
internal sealed class Combinations(Pack pack)
{
    // Of combined tasks: the shares of two, three and four parts. Recorded benchmarks have up to five writes in a task.
    private static readonly double[] Parts = [0.5, 0.35, 0.15];

    // Goals of a pack's own that already hold as many leave no room.
    private const int MaxGoals = 6;

    // Slots and goals of a place are made once, since the binder keeps what it derives from them. Combinations are too many to keep.
    private readonly ConcurrentDictionary<(string Intent, int Place), IntentSpec> _placed = new();

    /// <summary>The cell with further intents; the cell itself if this task stands alone.</summary>
    public Cell Extend(Cell cell, double share, Seed seed)
    {
        if (share == 0)
            return cell;
        var random = seed.Random();
        if (!random.Chance(share))
            return cell;
        var (parts, goals) = (new List<IntentSpec> { cell.Intent }, cell.Intent.Goals.Count);
        var wanted = 2 + Drawn(random);
        for (var tries = 0; parts.Count < wanted && tries < pack.Intents.Count; tries++)
        {
            var next = random.Pick(pack.Intents);
            if (goals + next.Goals.Count > MaxGoals || parts.Exists(p => Rivals(p, next)))
                continue;
            var place = parts.Count + 1;
            parts.Add(_placed.GetOrAdd((next.Id, place), static (at, part) => CombinedIntent.At(part, at.Place), next));
            goals += next.Goals.Count;
        }

        return parts.Count == 1 ? cell : cell with { Intent = CombinedIntent.Of(parts), Shape = $"{cell.Shape}+combined" };
    }

    private static int Drawn(SeededRandom random)
    {
        var at = random.NextDouble();
        for (var i = 0; i < Parts.Length - 1; i++)
        {
            at -= Parts[i];
            if (at < 0)
                return i;
        }

        return Parts.Length - 1;
    }

    // Two writes to the person's own row would undo each other, and a question that is asked twice is one question.
    private static bool Rivals(IntentSpec a, IntentSpec b) =>
        a.Id == b.Id || (OwnWrites(a) is { Count: > 0 } own && OwnWrites(b).Overlaps(own));

    private static HashSet<string> OwnWrites(IntentSpec intent) =>
        [
            .. intent
                .Goals.SelectMany(BindingTrials.Writes)
                .Where(w =>
                    !w.With.Any(p =>
                        p.Value is ValueOf { Formula: NamePath { Head: not "owner" } name }
                        && intent.Slot(name.Head) is { Entity: not null }
                    )
                )
                .Select(w => w.Tool.Name),
        ];
}
