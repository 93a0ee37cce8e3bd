using System.Collections.Concurrent;
using ConvoSynth.Core;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Environments;

/// <summary>Evaluates guards for a call: finds the rows that the call names, and rows related to them.</summary>
public sealed class GuardTesting(DomainSpec domain, EntityRows rows)
{
    // The entity that each row-naming argument refers to; the same for every call of a tool.
    private readonly ConcurrentDictionary<ToolSpec, (ToolParameter Parameter, EntitySpec Entity)[]> _named = new(
        ReferenceEqualityComparer.Instance
    );

    /// <summary>
    /// Whether the guard holds for the call on the present state. Null if the call names no such row or its arguments do not fit:
    /// the tool itself then returns an error, and there is nothing to guard.
    /// </summary>
    /// <exception cref="PackDefect">The guard threw an exception.</exception>
    public bool? Test(Db db, ToolSpec tool, GuardSpec guard, JsonMap arguments)
    {
        var input = new object?[guard.Parameters.Count];
        for (var i = 0; i < input.Length; i++)
        {
            var parameter = guard.Parameters[i];
            switch (parameter.Input)
            {
                case GuardInput.Db:
                    input[i] = db;
                    break;
                case GuardInput.Row:
                    if (RowFor(db, tool, arguments, domain.Entity(parameter.Name)) is not { } row)
                        return null;
                    input[i] = row.Row;
                    break;
                default:
                    try
                    {
                        input[i] = parameter.Binder!(arguments[parameter.Name]);
                    }
                    catch (ToolError)
                    {
                        return null;
                    }

                    break;
            }
        }

        try
        {
            return guard.Test(input);
        }
        catch (ToolError)
        {
            return null; // The guard looked up a row that does not exist; the tool reports it.
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw new PackDefect($"the guard {guard.Name} throws {e.GetType().Name} on {arguments}: {e.Message}", e);
        }
    }

    /// <summary>Runs all guards; returns the broken ones in the tool's order.</summary>
    public IReadOnlyList<GuardSpec> Broken(Db db, ToolSpec tool, JsonMap arguments)
    {
        List<GuardSpec>? broken = null;
        foreach (var guard in tool.Guards)
        {
            if (Test(db, tool, guard, arguments) == false)
                (broken ??= []).Add(guard);
        }

        return (IReadOnlyList<GuardSpec>?)broken ?? [];
    }

    /// <summary>
    /// Whether the wanted guard is the only broken one, or, without one, whether all hold. Stops at the first deviation.
    /// </summary>
    public bool BreaksOnly(GuardSpec? wanted, Db db, ToolSpec tool, JsonMap arguments)
    {
        if (wanted is not null)
        {
            var broken = 0;
            foreach (var guard in tool.Guards)
            {
                if (guard.Name == wanted.Name && Test(db, tool, guard, arguments) == false)
                    broken++;
            }

            if (broken != 1)
                return false;
        }

        foreach (var guard in tool.Guards)
        {
            if (guard.Name != wanted?.Name && Test(db, tool, guard, arguments) == false)
                return false;
        }

        return true;
    }

    /// <summary>The row of an entity that a call concerns: named by an argument, or related to a row that is.</summary>
    public EntityRow? RowFor(Db db, ToolSpec tool, JsonMap arguments, EntitySpec entity)
    {
        EntityRow? related = null;
        EntityRow? before = null;
        foreach (var (parameter, target) in _named.GetOrAdd(tool, static (t, d) => [.. Named(t, d)], domain))
        {
            if (!arguments.TryGet(parameter.Name, out var value))
                continue;
            if (parameter.IsList)
            {
                if (value.Items.Count == 0)
                    continue;
                value = value.Items[0];
            }

            if (rows.Find(db, target, value, before) is not { } row)
                continue;
            if (row.Entity.Name == entity.Name)
                return row;
            before = row;
            related ??= rows.Related(db, row, entity);
        }

        return related;
    }

    private static IEnumerable<(ToolParameter Parameter, EntitySpec Entity)> Named(ToolSpec tool, DomainSpec domain)
    {
        foreach (var parameter in tool.Parameters)
        {
            if (parameter.Is is null || domain.Find(parameter.Is) is not { } named)
                continue;
            if (named.Field.Ref is null && named.Field.Path != named.Entity.Key)
                continue;
            yield return (parameter, named.Field.Ref is { } reference ? domain.Entity(reference) : named.Entity);
        }
    }
}
