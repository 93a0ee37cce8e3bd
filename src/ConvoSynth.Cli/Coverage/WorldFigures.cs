using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Worlds;

namespace ConvoSynth.Cli.Coverage;

/// <summary>How different the worlds of a run are: the names in their tables, the parameters of their policy, what tasks reach.</summary>
internal sealed class WorldFigures
{
    private readonly SortedDictionary<string, (HashSet<string> All, int First)> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Dictionary<string, int>> _parameters = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (int Holds, int Broken)> _guards = new(StringComparer.Ordinal);

    public int Count { get; private set; }

    /// <summary>Data hashes; as many as worlds if no two are alike.</summary>
    public HashSet<string> Hashes { get; } = new(StringComparer.Ordinal);

    /// <summary>The fewest and most kinds of tasks that a world allows.</summary>
    public (int Least, int Most) Cells { get; private set; } = (int.MaxValue, 0);

    /// <summary>The fewest and most guards that the tasks of a world break.</summary>
    public (int Least, int Most) Reached { get; private set; } = (int.MaxValue, 0);

    /// <summary>Entity and field of names and texts, with how many different ones the first world and all worlds have.</summary>
    public IEnumerable<(string Field, int First, int All)> Names => _names.Select(n => (n.Key, n.Value.First, n.Value.All.Count));

    /// <summary>Parameter, how many values it has, its commonest value, and in how many worlds that stands.</summary>
    public IEnumerable<(string Name, int Values, string Commonest, int Worlds)> Parameters =>
        _parameters.Select(p =>
            p.Value.OrderByDescending(v => v.Value).ThenBy(v => v.Key, StringComparer.Ordinal).First() is var most
                ? (p.Key, p.Value.Count, most.Key, most.Value)
                : default
        );

    /// <summary>Tool and guard, with the fewest rows of a world on which it was seen to hold and to be broken.</summary>
    public IEnumerable<(string Guard, int Holds, int Broken)> Guards =>
        _guards.OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => (g.Key, g.Value.Holds, g.Value.Broken));

    public void Add(Pack world, WorldReport report)
    {
        Count++;
        Hashes.Add(world.World!.Data);
        Cells = (Math.Min(Cells.Least, report.CellsReached), Math.Max(Cells.Most, report.CellsReached));
        Reached = (Math.Min(Reached.Least, report.GuardsReached), Math.Max(Reached.Most, report.GuardsReached));
        foreach (var (name, value) in world.Parameters.All)
        {
            var values = _parameters.TryGetValue(name, out var known) ? known : _parameters[name] = new(StringComparer.Ordinal);
            values[value.ToString()] = values.GetValueOrDefault(value.ToString()) + 1;
        }

        foreach (var (tool, guard) in report.Guards)
        {
            var name = $"{tool}.{guard.Guard} ({guard.Clause})";
            var (holds, broken) = _guards.GetValueOrDefault(name, (int.MaxValue, int.MaxValue));
            _guards[name] = (Math.Min(holds, guard.Holds), Math.Min(broken, guard.Broken));
        }

        foreach (var entity in world.Domain.EntityOrder.Select(world.Domain.Entity))
        {
            foreach (var field in entity.Fields.Values.Where(f => f.Type is "name" or "text" && !f.Path.Contains('[')))
                AddNames($"{entity.Name}.{field.Path}", world.Rows.All(world.BaseView, entity).Select(r => r[field.Path].Text));
        }
    }

    private void AddNames(string field, IEnumerable<string?> texts)
    {
        var (all, first) = _names.TryGetValue(field, out var known) ? known : (new(StringComparer.Ordinal), 0);
        all.UnionWith(texts.OfType<string>());
        _names[field] = (all, Count == 1 ? all.Count : first);
    }
}
