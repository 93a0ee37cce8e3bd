using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.State;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Rehearsal.Faults;

/// <summary>
/// Finds the call that reverts a write: the same tool with the earlier values, or another tool on the written row (a placed hold is
/// cancelled). A trial confirms each candidate.
/// </summary>
internal static class TakingBack
{
    public static PlannedCall? Find(Pack pack, Blueprint blueprint, Func<Trial> start, ToolSpec tool, JsonMap arguments)
    {
        var trial = start();
        var was = trial.Diff;
        var from = trial.Environment.Db.Writes.Count;
        if (!trial.Writes(tool, arguments))
            return null;
        var written = trial.Environment.Db.Writes.Skip(from).ToArray();
        // The first candidate reuses the environment in which the write was made; each further one needs a fresh one.
        Trial? made = trial;
        foreach (var other in pack.Tools.All)
        {
            if (!other.Writes || !blueprint.AvailableTools.Contains(other.Name, StringComparer.Ordinal))
                continue;
            if (Arguments(pack, other, tool, arguments, written) is not { } back)
                continue;
            if (made is null && !(made = start()).Writes(tool, arguments))
                return null;
            if (made.Writes(other, back) && made.Diff.Equals(was))
                return new(other.Name, back.ToString());
            made = null;
        }

        return null;
    }

    private static JsonMap? Arguments(Pack pack, ToolSpec other, ToolSpec tool, JsonMap arguments, WriteEntry[] written)
    {
        var back = JsonMap.Empty;
        foreach (var parameter in other.Parameters)
        {
            if (Value(pack, parameter, tool, arguments, written) is { } value)
                back = back.With(parameter.Name, value);
            else if (!parameter.Optional)
                return null;
        }

        return back.Count == 0 || (other == tool && back.Equals(arguments)) ? null : back;
    }

    private static Json? Value(Pack pack, ToolParameter parameter, ToolSpec tool, JsonMap arguments, WriteEntry[] written)
    {
        var named = parameter.Is is null ? null : pack.Domain.Find(parameter.Is);
        var isKey = named is { } n && n.Field.Path == n.Entity.Key;
        if (!isKey && !parameter.IsList)
        {
            // The written row's earlier value.
            foreach (var entry in written)
            {
                if (entry.Before is null)
                    continue;
                if (
                    named is { } field
                    && field.Entity.Table == entry.Table
                    && FieldPath.Read(entry.Before, field.Field.Path) is { IsNull: false } before
                )
                    return before;
                if (entry.Before.TryGet(parameter.Name, out var same))
                    return same;
            }
        }

        foreach (var given in tool.Parameters)
        {
            if (
                parameter.Is is not null
                && given.Is == parameter.Is
                && given.IsList == parameter.IsList
                && arguments.TryGet(given.Name, out var value)
            )
                return value;
        }

        if (named is { } key && isKey && key.Entity.Parent is null && !parameter.IsList)
        {
            foreach (var entry in written)
            {
                if (entry.Table == key.Entity.Table && entry.Key is { } row)
                    return row;
            }
        }

        return parameter.Schema["enum"].Items is { Count: > 0 } allowed ? allowed[0] : null;
    }
}
