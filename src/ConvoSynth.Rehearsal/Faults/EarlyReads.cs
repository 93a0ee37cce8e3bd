using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Rehearsal.Faults;

/// <summary>A read that shows a person's rows before that person's identity is proved.</summary>
internal sealed class EarlyReads(Pack pack, Blueprint blueprint, SeededRandom random)
{
    public FaultPlan? Plan()
    {
        var proof = -1;
        for (var i = 0; i < blueprint.Actions.Length && proof < 0; i++)
        {
            if (IsProof(blueprint.Actions[i].Tool))
                proof = i;
        }

        if (proof < 0)
            return null;
        foreach (
            var i in random
                .Shuffled(Enumerable.Range(proof + 1, blueprint.Actions.Length - proof - 1))
                .OrderBy(i => IsTold(blueprint.Actions[i]) ? 0 : 1)
        )
        {
            var action = blueprint.Actions[i];
            if (pack.Tools.Find(action.Tool) is { Kind: ToolKind.Read } tool && Shows(tool) && Succeeds(tool, action.Arguments))
                return new(FaultKinds.DataBeforeIdentity) { Action = i, Calls = [new(action.Tool, action.Arguments.ToString())] };
        }

        // If the plan has no other read, use another read tool that the plan's own ids would allow.
        foreach (var tool in random.Shuffled(pack.Tools.All.Where(t => t.Kind == ToolKind.Read && !IsProof(t.Name) && Shows(t))))
        {
            if (
                blueprint.AvailableTools.Contains(tool.Name, StringComparer.Ordinal)
                && Arguments(tool) is { } arguments
                && Succeeds(tool, arguments)
            )
                return new(FaultKinds.DataBeforeIdentity) { Calls = [new(tool.Name, arguments.ToString())] };
        }

        return null;
    }

    private bool IsProof(string tool) => pack.Domain.Identity.Any(p => p.Tool == tool);

    private bool Succeeds(ToolSpec tool, Json arguments) => !new Trial(pack, blueprint).Environment.Call(tool, arguments).IsError;

    // Whether the policy requires identity before this read.
    private bool Shows(ToolSpec tool)
    {
        foreach (var rule in pack.Rules)
        {
            if (rule.Rule != "identify")
                continue;
            foreach (var before in rule.Options["before"].Items)
            {
                if (before.Text is not { } text || !text.StartsWith("reveal ", StringComparison.Ordinal))
                    continue;
                var entity = text["reveal ".Length..];
                if (
                    tool.Reveals.Any(r =>
                        r == entity
                        || (r.Length > entity.Length && r[entity.Length] == '.' && r.StartsWith(entity, StringComparison.Ordinal))
                    )
                )
                    return true;
            }
        }

        return false;
    }

    private bool IsTold(GoldAction action) =>
        ((JsonMap)action.Arguments).Values.All(v => blueprint.Scenario.Facts.Any(f => f.Value == v && f.Disclosure != Disclosure.Never));

    private JsonMap? Arguments(ToolSpec tool)
    {
        var arguments = JsonMap.Empty;
        foreach (var parameter in tool.Parameters)
        {
            if (parameter.Is is { } field && Used(field) is { } value)
                arguments = arguments.With(parameter.Name, value);
            else if (!parameter.Optional)
                return null;
        }

        return arguments.Count == 0 ? null : arguments;
    }

    private Json? Used(string field)
    {
        foreach (var action in blueprint.Actions)
        {
            foreach (var parameter in pack.Tools.Find(action.Tool)!.Parameters)
            {
                if (parameter.Is == field && !parameter.IsList && action.Arguments[parameter.Name] is { IsNull: false } value)
                    return value;
            }
        }

        var owner = new ArgumentFilling(pack, blueprint, random, new Trial(pack, blueprint).Environment.Db).Owner;
        return owner is not null && field == $"{owner.Entity.Name}.{owner.Entity.Key}" ? owner.Key : null;
    }
}
