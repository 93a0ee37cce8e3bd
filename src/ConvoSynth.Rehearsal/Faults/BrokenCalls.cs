using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Rehearsal.Faults;

/// <summary>Calls that must fail, after which the agent continues as if they had succeeded.</summary>
internal sealed class BrokenCalls(Pack pack, Blueprint blueprint, SeededRandom random)
{
    public FaultPlan? Malformed()
    {
        foreach (var (request, action) in Targets())
        {
            var gold = blueprint.Actions[action];
            if (Garbled(gold.Arguments.ToString()) is { } arguments)
                return new(FaultKinds.MalformedArguments)
                {
                    Request = request,
                    Action = action,
                    Calls = [new(gold.Tool, arguments)],
                };
        }

        return null;
    }

    public FaultPlan? UnknownTool()
    {
        foreach (var (request, action) in Targets())
        {
            var gold = blueprint.Actions[action];
            if (Misnomer(gold.Tool) is { } name)
                return new(FaultKinds.UnknownTool)
                {
                    Request = request,
                    Action = action,
                    Calls = [new(name, gold.Arguments.ToString())],
                };
        }

        return null;
    }

    public FaultPlan? WrongType()
    {
        foreach (var (request, action) in Targets())
        {
            var gold = blueprint.Actions[action];
            if (pack.Tools.Find(gold.Tool) is { } tool && Mistyped(tool, (JsonMap)gold.Arguments) is { } arguments)
                return new(FaultKinds.WrongType)
                {
                    Request = request,
                    Action = action,
                    Calls = [new(gold.Tool, arguments.ToString())],
                };
        }

        return null;
    }

    /// <summary>The arguments with one value of another JSON type than the schema's; null if there is none to change.</summary>
    public JsonMap? Mistyped(ToolSpec tool, JsonMap arguments)
    {
        foreach (var name in random.Shuffled(arguments.Keys))
        {
            Json other = arguments[name] switch
            {
                JsonNumber number => number.ToString(),
                JsonBoolean flag => flag.Value ? "yes" : "no",
                JsonText { Value: var text } when int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var number) =>
                    number,
                JsonText text => random.Chance(0.5) ? Json.List(text) : Json.Map(("value", text)),
                JsonList { Items.Count: > 0 } list => string.Join(",", list.Items.Select(i => i.Text ?? i.ToString())),
                var value => Json.List(value),
            };
            var mistyped = arguments.With(name, other);
            if (SchemaCheck.Fault(tool.Definition.Parameters, mistyped) is not null)
                return mistyped;
        }

        return null;
    }

    // A write whose absence changes the end state, or else the read that grounds an answer or a refusal.
    private IEnumerable<(int Request, int Action)> Targets()
    {
        foreach (var target in random.Shuffled(WrongWrites.Wanted(blueprint)))
        {
            if (new Trial(pack, blueprint).Gold(0, blueprint.Actions.Length, except: target.Action).IsOff)
                yield return target;
        }

        for (var r = 0; r < blueprint.Scenario.Requests.Length; r++)
        {
            var request = blueprint.Scenario.Requests[r];
            var grounds = request
                .Outputs.Select(o => blueprint.Outputs[o].GroundedBy)
                .Concat(request.Refusals.Select(f => blueprint.Refusals[f].GroundedBy));
            foreach (var action in grounds)
            {
                if (action >= 0 && action < blueprint.Actions.Length && !blueprint.Actions[action].Writes && Shown(action))
                    yield return (r, action);
            }
        }
    }

    // A read is missed only if no other call repeats its observation.
    private bool Shown(int action) =>
        blueprint.Actions.Count(a => a.Tool == blueprint.Actions[action].Tool && a.Arguments == blueprint.Actions[action].Arguments) == 1;

    /// <summary>The arguments as invalid JSON.</summary>
    public string? Garbled(string arguments)
    {
        var forms = new[]
        {
            arguments.Replace('"', '\''),
            arguments[..^1],
            arguments[..Math.Max(1, arguments.Length - random.Between(2, Math.Max(2, arguments.Length / 2)))],
            arguments.Replace("\":", "\"", StringComparison.Ordinal),
            arguments[..^1] + ",}",
            arguments + "}",
        };
        foreach (var form in random.Shuffled(forms))
        {
            if (!Json.TryParse(form, out _, out _))
                return form;
        }

        return null;
    }

    /// <summary>A name similar to the tool's that no tool has.</summary>
    public string? Misnomer(string tool)
    {
        var words = tool.Split('_');
        var rest = string.Join('_', words.Skip(1));
        var names = new List<string>
        {
            "submit_" + tool,
            tool + "_request",
            tool + "_by_id",
            string.Concat(words.Select((w, i) => i == 0 ? w : char.ToUpperInvariant(w[0]) + w[1..])),
        };
        if (words.Length > 1)
        {
            foreach (var verb in pack.Domain.Acts.TryGetValue(tool, out var act) ? act.Verbs : [])
                names.Add($"{verb.Replace(' ', '_')}_{rest}");
            names.Add($"{rest}_{words[0]}");
            names.Add($"{(words[0] is "get" or "find" ? "lookup" : "update")}_{rest}");
        }

        foreach (var name in random.Shuffled(names))
        {
            if (pack.Tools.Find(name) is null)
                return name;
        }

        return null;
    }
}
