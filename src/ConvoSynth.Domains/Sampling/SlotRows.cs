using System.Collections.Concurrent;
using ConvoSynth.Core;
using ConvoSynth.Domains.Formulas;
using ConvoSynth.Domains.Intents;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Sampling;

/// <summary>
/// The rows that satisfy a slot's own condition, if that condition names no other slot. They are computed once and cached, so that a
/// rare row (a trip booked yesterday) is found as fast as a common one.
/// </summary>
internal sealed class SlotRows(Pack pack)
{
    private static readonly Dictionary<string, EntityRow> NoSlots = new(StringComparer.Ordinal);
    private static readonly Dictionary<string, JsonMap> NoEntries = new(StringComparer.Ordinal);

    // By the slot itself: slots of different combined intents share id and name.
    private readonly ConcurrentDictionary<SlotSpec, IReadOnlyList<EntityRow>> _all = new(ReferenceEqualityComparer.Instance);
    private readonly ConcurrentDictionary<
        SlotSpec,
        ConcurrentDictionary<(string Tool, string Parameter, string? Guard, bool Boundary), IReadOnlyList<EntityRow>>
    > _kept = new(ReferenceEqualityComparer.Instance);

    /// <summary>Whether the slot holds a row of the human that satisfies the slot's own condition.</summary>
    public bool IsSelective(SlotSpec slot) =>
        slot is { Of: null, Pick: null, Where: { } where, Entity: { Parent: null } entity }
        && entity.Name != pack.Domain.Who
        && pack.Rows.IsOwned(entity)
        && IsOwn(where, entity);

    public IReadOnlyList<EntityRow> All(SlotSpec slot) =>
        _all.GetOrAdd(slot, s => [.. pack.Rows.All(pack.BaseView, s.Entity!).Where(r => Holds(s.Where!, r))]);

    /// <summary>The guard index's rows for an argument that also satisfy the slot's condition.</summary>
    public IReadOnlyList<EntityRow> Kept(
        SlotSpec? slot,
        ToolSpec tool,
        ToolParameter parameter,
        GuardSpec? broken,
        bool boundary,
        GuardIndex guards
    )
    {
        if (slot is null || !IsSelective(slot))
            return guards.Rows(tool, parameter, broken, boundary);
        return _kept
            .GetOrAdd(slot, _ => new())
            .GetOrAdd(
                (tool.Name, parameter.Name, broken?.Name, boundary),
                _ => [.. guards.Rows(tool, parameter, broken, boundary).Where(r => Holds(slot.Where!, r))]
            );
    }

    private bool Holds(Formula where, EntityRow row) =>
        pack.Rows.Owner(pack.BaseView, row) is { } owner
        && where.Holds(
            new FormulaScope
            {
                Pack = pack,
                Db = pack.BaseView,
                Owner = owner,
                Slots = NoSlots,
                Entries = NoEntries,
                Candidate = row,
            }
        );

    // Unqualified names are fields of the row; a name that is neither such a field nor the human's own row names another slot.
    private bool IsOwn(Formula where, EntitySpec entity) =>
        FormulaNames
            .Of(where)
            .All(name =>
                name is "owner" or "today"
                || entity.Fields.Keys.Any(f =>
                    f == name || f.StartsWith(name + ".", StringComparison.Ordinal) || f.StartsWith(name + "[", StringComparison.Ordinal)
                )
                || pack.Domain.Entities.ContainsKey(name)
            );
}
