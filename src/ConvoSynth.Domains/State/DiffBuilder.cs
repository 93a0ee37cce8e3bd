using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.State;

namespace ConvoSynth.Domains;

/// <summary>Lists a dialogue's changes. The cost depends on the writes, not on the size of the database.</summary>
public static class DiffBuilder
{
    public static StateDiff Build(Db db)
    {
        ImmutableArray<Change>.Builder? changes = null;
        foreach (var table in db.Tables)
        {
            if (!table.IsWritten)
                continue;
            foreach (var key in table.WrittenKeys)
            {
                var before = table.Original(key);
                var after = table.Find(key);
                if (ReferenceEquals(before, after))
                    continue;
                Compare([table.Name, key], before?.Values, after?.Values, changes ??= ImmutableArray.CreateBuilder<Change>());
            }
        }

        if (changes is null or { Count: 0 })
            return StateDiff.Empty;
        changes.Sort((a, b) => ComparePaths(a.Path, b.Path));
        return new(changes.ToImmutable());
    }

    private static void Compare(string[] path, Json? before, Json? after, ImmutableArray<Change>.Builder changes)
    {
        if (before == after)
            return;
        if (before is JsonMap a && after is JsonMap b)
        {
            for (var i = 0; i < a.Count; i++)
            {
                var held = b.TryGet(a.Keys[i], out var value) ? value : null;
                if (!ReferenceEquals(a.Values[i], held))
                    Compare([.. path, a.Keys[i]], a.Values[i], held, changes);
            }

            for (var i = 0; i < b.Count; i++)
            {
                if (!a.Contains(b.Keys[i]))
                    changes.Add(new() { Path = [.. path, b.Keys[i]], After = b.Values[i] });
            }

            return;
        }

        changes.Add(
            new()
            {
                Path = [.. path],
                Before = before,
                After = after,
            }
        );
    }

    private static int ComparePaths(ImmutableArray<string> a, ImmutableArray<string> b)
    {
        for (var i = 0; i < Math.Min(a.Length, b.Length); i++)
        {
            var order = string.CompareOrdinal(a[i], b[i]);
            if (order != 0)
                return order;
        }

        return a.Length - b.Length;
    }
}
