using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using ConvoSynth.Core;
using ConvoSynth.Core.State;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Sampling;

/// <summary>Rows grouped by the guards of a tool that they break; built once per tool and argument.</summary>
public sealed class GuardIndex(Pack pack)
{
    private const int Sampled = 50;

    private readonly ConcurrentDictionary<(string Tool, string Parameter), Buckets> _buckets = new();
    private readonly ConcurrentDictionary<(string Tool, string Parameter, string Guard), bool> _decides = new();

    // Outcome by the argument's value; null if the row that it names does not decide the guard.
    private readonly ConcurrentDictionary<
        (ToolSpec Tool, ToolParameter Parameter, GuardSpec Guard),
        ConcurrentDictionary<Json, bool?>?
    > _outcomes = new(ByReference);

    private static readonly IEqualityComparer<(ToolSpec Tool, ToolParameter Parameter, GuardSpec Guard)> ByReference = EqualityComparer<(
        ToolSpec Tool,
        ToolParameter Parameter,
        GuardSpec Guard
    )>.Create(
        static (a, b) => ReferenceEquals(a.Tool, b.Tool) && ReferenceEquals(a.Parameter, b.Parameter) && ReferenceEquals(a.Guard, b.Guard),
        static key =>
            HashCode.Combine(
                RuntimeHelpers.GetHashCode(key.Tool),
                RuntimeHelpers.GetHashCode(key.Parameter),
                RuntimeHelpers.GetHashCode(key.Guard)
            )
    );

    /// <summary>
    /// Rows that an argument may name so that all guards hold, or exactly one is broken. Guards that depend on other arguments are
    /// ignored.
    /// </summary>
    public IReadOnlyList<EntityRow> Rows(ToolSpec tool, ToolParameter parameter, GuardSpec? broken, bool boundaryOnly)
    {
        var buckets = _buckets.GetOrAdd((tool.Name, parameter.Name), _ => Build(tool, parameter));
        var bucket = broken is null ? buckets.Holding : buckets.Breaking.GetValueOrDefault(broken.Name);
        return bucket is null ? []
            : boundaryOnly ? bucket.Boundary.Value
            : bucket.Rows;
    }

    /// <summary>Whether the row that this argument names decides the guard.</summary>
    public bool Decides(ToolSpec tool, ToolParameter parameter, GuardSpec guard) =>
        _decides.GetOrAdd(
            (tool.Name, parameter.Name, guard.Name),
            _ =>
                pack.Domain.EntityOfKey(parameter.Is) is { } entity
                && !parameter.IsList
                && pack.Rows.All(pack.BaseView, entity).Take(Sampled).Any(r => Test(pack.BaseView, tool, parameter, guard, r) is not null)
        );

    private Buckets Build(ToolSpec tool, ToolParameter parameter)
    {
        if (pack.Domain.EntityOfKey(parameter.Is) is not { } entity || parameter.IsList)
            return new(new([], pack, tool, parameter), []);
        var holding = new List<EntityRow>();
        var breaking = new Dictionary<string, List<EntityRow>>(StringComparer.Ordinal);
        foreach (var row in pack.Rows.All(pack.BaseView, entity))
        {
            string? broken = null;
            var count = 0;
            foreach (var guard in tool.Guards)
            {
                if (Test(pack.BaseView, tool, parameter, guard, row) != false)
                    continue;
                broken = guard.Name;
                count++;
            }

            if (count == 0)
                holding.Add(row);
            else if (count == 1)
                (breaking.TryGetValue(broken!, out var list) ? list : breaking[broken!] = []).Add(row);
        }

        return new(
            new(holding, pack, tool, parameter),
            breaking.ToDictionary(b => b.Key, b => new Bucket(b.Value, pack, tool, parameter), StringComparer.Ordinal)
        );
    }

    internal bool? Test(Db db, ToolSpec tool, ToolParameter parameter, GuardSpec guard, EntityRow row)
    {
        var outcomes = _outcomes.GetOrAdd(
            (tool, parameter, guard),
            static (key, index) => index.IsLeft(key.Tool, key.Parameter, key.Guard) ? new() : null,
            this
        );
        if (outcomes is null)
            return null;
        var value = row.Key;
        if (!db.IsAsBase)
            return Tried(db, tool, parameter, guard, value);
        // The base never changes and a guard is a pure function, so each row is tried once.
        if (!outcomes.TryGetValue(value, out var outcome))
            outcomes[value] = outcome = Tried(db, tool, parameter, guard, value);
        return outcome;
    }

    private bool? Tried(Db db, ToolSpec tool, ToolParameter parameter, GuardSpec guard, Json value) =>
        pack.Guards.Test(db, tool, guard, (JsonMap)Json.Map((parameter.Name, value)));

    // If another argument may name the guard's row, the row that this argument leads to must not stand in for it.
    private bool IsLeft(ToolSpec tool, ToolParameter parameter, GuardSpec guard) =>
        guard.DependsOnRowsOnly
        && !tool.Parameters.Any(p =>
            p != parameter
            && pack.Domain.EntityOfKey(p.Is) is { } named
            && guard.Parameters.Any(g => g.Input == GuardInput.Row && g.Name == named.Name)
        );

    private sealed record Buckets(Bucket Holding, Dictionary<string, Bucket> Breaking);

    private sealed record Bucket
    {
        private const int Tried = 300;

        public Bucket(IReadOnlyList<EntityRow> rows, Pack pack, ToolSpec tool, ToolParameter parameter)
        {
            Rows = rows;
            Boundary = new(() => [.. rows.Take(Tried).Where(r => IsBoundary(pack, tool, parameter, r))]);
        }

        public IReadOnlyList<EntityRow> Rows { get; }

        /// <summary>Rows that one small step of one field moves to the other side of a guard: the last allowed renewal.</summary>
        public Lazy<IReadOnlyList<EntityRow>> Boundary { get; }

        private static bool IsBoundary(Pack pack, ToolSpec tool, ToolParameter parameter, EntityRow row)
        {
            var arguments = (JsonMap)Json.Map((parameter.Name, row.Key));
            foreach (var guard in tool.Guards)
            {
                if (!guard.DependsOnRowsOnly || pack.Guards.Test(pack.BaseView, tool, guard, arguments) is not { } holds)
                    continue;
                foreach (var step in FieldSteps.Small(pack, row))
                {
                    if (pack.Guards.Test(pack.View([step]), tool, guard, arguments) == !holds)
                        return true;
                }
            }

            return false;
        }
    }
}
