using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Models;
using ConvoSynth.Rehearsal.Faults;

namespace ConvoSynth.Rehearsal.Scripts;

/// <summary>
/// Gives each call of a finished script a thought: what is known, and which tool is called with which values. A thought names nothing
/// but the call's own arguments, so that it is right if the call is.
/// </summary>
internal sealed class ScriptThoughts(Pack pack, Blueprint blueprint, SeededRandom random)
{
    private readonly Foresight _foresight = new(pack, blueprint);

    /// <param name="fault">One of <see cref="FaultKinds.OfThoughts"/>, planted where a drawn call allows it; null for none.</param>
    public Script Over(Script script, string? fault)
    {
        var agent = script.Agent.ToArray();
        var thoughts = new string?[agent.Length];
        for (var i = 0; i < agent.Length; i++)
            thoughts[i] = agent[i].Message.ToolCalls is [var call, ..] ? Thought(call, IsAgain(agent, i)) : null;
        for (var i = 0; i < agent.Length; i++)
        {
            if (thoughts[i] is { } thought)
                agent[i] = With(agent[i], thought);
        }

        if (fault is null)
            return script with { Agent = agent };
        foreach (var i in random.Shuffled(Enumerable.Range(0, agent.Length).Where(i => thoughts[i] is not null)))
        {
            if (Wrong(fault, agent[i].Message.ToolCalls[0]) is not { } wrong)
                continue;
            agent[i] = With(agent[i], wrong) with { PlantedFault = fault };
            break;
        }

        return script with
        {
            Agent = agent,
        };
    }

    private static ModelResponse With(ModelResponse response, string thought) =>
        response with
        {
            Message = response.Message with { Reasoning = new(RehearsalModel.ModelName, Json.Null, thought) },
        };

    private string Thought(ToolCall call, bool isAgain) => $"{Lead(call, isAgain)} {Plan(call.Name, Named(call))}";

    private string Lead(ToolCall call, bool isAgain) =>
        random.Pick(
            isAgain ? ThoughtLines.Again
            : pack.Domain.Identity.Any(p => p.Tool == call.Name) ? ThoughtLines.Identity
            : pack.Tools.Find(call.Name)?.Kind switch
            {
                ToolKind.Write => ThoughtLines.Write,
                ToolKind.Transfer => ThoughtLines.Transfer,
                _ => ThoughtLines.Read,
            }
        );

    private string Plan(string tool, List<(ToolParameter Parameter, string Value)> named) =>
        named.Count == 0
            ? string.Format(random.Pick(ThoughtLines.Plan), tool)
            : string.Format(
                random.Pick(ThoughtLines.PlanWith),
                tool,
                string.Join(" and ", named.Select(n => $"{n.Parameter.Name.Replace('_', ' ')} {n.Value}"))
            );

    private string? Wrong(string fault, ToolCall call)
    {
        var named = Named(call);
        switch (fault)
        {
            case FaultKinds.ThoughtOfAnotherTool:
                var others = blueprint.AvailableTools.Where(t => t != call.Name).ToArray();
                return others.Length == 0 ? null : $"{Lead(call, false)} {Plan(random.Pick(others), named)}";
            case FaultKinds.ThoughtOfAnotherValue:
                if (named.Count == 0)
                    return null;
                var at = random.Next(named.Count);
                if (Other(named[at].Parameter, named[at].Value) is not { } other)
                    return null;
                named[at] = (named[at].Parameter, other);
                return $"{Lead(call, false)} {Plan(call.Name, named)}";
            case FaultKinds.ThoughtAgainstTheCall:
                return pack.Tools.Find(call.Name) is { Writes: true } ? random.Pick(ThoughtLines.Objections) : null;
            case FaultKinds.ThoughtAhead:
                return _foresight.Before(call) is { Count: > 0 } texts
                    ? $"{string.Format(random.Pick(ThoughtLines.Ahead), random.Pick(texts))} {Plan(call.Name, named)}"
                    : null;
            default:
                throw new InvalidOperationException($"{fault} is no fault of a thought");
        }
    }

    // One row and one choice at most: a thought is no repetition of the call.
    private List<(ToolParameter Parameter, string Value)> Named(ToolCall call)
    {
        List<(ToolParameter, string)> named = [];
        if (
            pack.Tools.Find(call.Name) is not { } tool
            || !Json.TryParse(call.Arguments, out var arguments, out _)
            || arguments is not JsonMap
        )
            return named;
        Add(p => EntityOf(p) is not null);
        Add(p => p.Schema["enum"] is JsonList);
        return named;

        void Add(Func<ToolParameter, bool> isMeant)
        {
            if (tool.Parameters.FirstOrDefault(p => isMeant(p) && arguments[p.Name].Text is { Length: > 0 }) is { } parameter)
                named.Add((parameter, arguments[parameter.Name].Text!));
        }
    }

    private string? Other(ToolParameter parameter, string value)
    {
        string[] others = parameter.Schema["enum"] is JsonList choices
            ? [.. choices.Items.Select(c => c.Text).OfType<string>().Where(c => c != value)]
            : [.. pack.Rows.All(pack.BaseView, EntityOf(parameter)!).Select(r => r.Key.Text).OfType<string>().Where(k => k != value)];
        return others.Length == 0 ? null : random.Pick(others);
    }

    private EntitySpec? EntityOf(ToolParameter parameter) =>
        !parameter.IsList && pack.Domain.EntityOfKey(parameter.Is) is { Parent: null } entity ? entity : null;

    private static bool IsAgain(ModelResponse[] agent, int at) =>
        agent.Take(at).Any(r => r.Message.ToolCalls is [var earlier, ..] && IsSame(earlier, agent[at].Message.ToolCalls[0]));

    private static bool IsSame(ToolCall a, ToolCall b) => a.Name == b.Name && a.Arguments == b.Arguments;
}
