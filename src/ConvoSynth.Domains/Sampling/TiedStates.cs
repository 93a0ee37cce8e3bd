using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains.Environments;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Sampling;

/// <summary>End states that are as good as the plan's own, where several rows tie for a choice.</summary>
internal sealed class TiedStates(Pack pack, Binding binding)
{
    // Choices among many equal rows multiply; a row holds all its accepted end states.
    private const int Most = 64;

    public IEnumerable<EndState> Of(ImmutableArray<PlannedWrite> writes)
    {
        // Tied rows of several choices may be taken together.
        var ways = new List<(string Name, ImmutableArray<PlannedWrite> Writes)> { ("", writes) };
        foreach (var (slot, rows) in binding.Ties)
        {
            var chosen = binding.Slots[slot].Key;
            var others = ways.ToArray().SelectMany(way => rows.Select(row => Taken(way, chosen, row.Key)));
            ways.AddRange(others.Take(Most - ways.Count));
        }

        foreach (var (name, other) in ways.Skip(1))
        {
            var environment = new DialogueEnvironment(pack, binding.Patch);
            if (other.All(w => !environment.Call(pack.Tools.Find(w.Tool)!, w.Arguments).IsError))
                yield return new(name, pack.Canon.Canonical(environment.Diff()), other);
        }
    }

    private static (string Name, ImmutableArray<PlannedWrite> Writes) Taken(
        (string Name, ImmutableArray<PlannedWrite> Writes) way,
        Json chosen,
        Json row
    ) =>
        (
            $"{(way.Name.Length == 0 ? "tie:" : $"{way.Name}+")}{row.Text}",
            [.. way.Writes.Select(w => w with { Arguments = Swapped(w.Arguments, chosen, row) })]
        );

    private static Json Swapped(Json value, Json from, Json to) =>
        value switch
        {
            _ when value == from => to,
            JsonList list => Json.List(list.Items.Select(i => Swapped(i, from, to))),
            JsonMap map => JsonMap.Create(map.Keys.Select((k, i) => KeyValuePair.Create(k, Swapped(map.Values[i], from, to)))),
            _ => value,
        };
}
