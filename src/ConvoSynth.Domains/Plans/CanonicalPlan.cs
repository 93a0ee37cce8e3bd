using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;

namespace ConvoSynth.Domains.Plans;

/// <summary>
/// What remains of a gold plan without its ids, names and amounts: tools, the origin of each argument, branches and guards. Repeats count
/// once, and goals that do not rest on each other have no order. The sampler has dropped what nothing needs.
/// </summary>
public static partial class CanonicalPlan
{
    /// <summary>The hash of the canonical plan. Two tasks with one hash ask for the same work about different rows.</summary>
    public static UInt128 Of(Blueprint task)
    {
        var plan = new StringBuilder();
        var origins = new PlanOrigins(task);
        var requests = task.Scenario.Requests;
        var first = requests.IsEmpty ? task.Actions.Length : Math.Min(requests[0].FirstAction, task.Actions.Length);
        plan.Append(Calls(task, origins, 0, first, out _));
        var goals = new List<(string Text, bool IsBound)>(requests.Length);
        foreach (var request in requests)
        {
            var end = Math.Min(request.FirstAction + request.ActionCount, task.Actions.Length);
            var calls = Calls(task, origins, Math.Max(first, request.FirstAction), end, out var isBound);
            var branch = request.Alternatives.Select(a => a.Taken).ToList().IndexOf(item: true);
            var clauses = string.Join(',', request.Refusals.Select(r => task.Refusals[r].Clause));
            var answers = string.Join(',', request.Outputs.Select(o => $"{task.Outputs[o].Type} {Plain(task.Outputs[o].Name)}"));
            goals.Add(($"{calls}{request.Kind} {request.Tool} {branch}/{request.Alternatives.Length} {clauses} {answers}", isBound));
        }

        // A goal that rests on another's outcome keeps its place.
        var ordered = goals.Exists(g => g.IsBound) ? goals.Select(g => g.Text) : goals.Select(g => g.Text).Order(StringComparer.Ordinal);
        plan.Append('|').AppendJoin('|', ordered);
        plan.Append('|').AppendJoin(',', task.ClausesHeld.Order(StringComparer.Ordinal));
        plan.Append('|').AppendJoin(',', task.ClausesBroken.Order(StringComparer.Ordinal));
        return Hash(plan.ToString());
    }

    /// <summary>The hash of the calls, refusals and answers as they are. Two tasks of one world with one hash are the same task.</summary>
    public static UInt128 Literal(Blueprint task)
    {
        var plan = new StringBuilder();
        foreach (var action in task.Actions)
            plan.Append(action.Tool).Append(action.Arguments).Append('\n');
        foreach (var refusal in task.Refusals)
            plan.Append("no ").Append(refusal.Tool).Append(refusal.Arguments).Append('\n');
        foreach (var output in task.Outputs)
            plan.Append("say ").Append(output.Name).Append(output.Value).Append('\n');
        return Hash(plan.ToString());
    }

    // Slots of a combined task's later parts bear the number of their place, and arguments that of their goal.
    internal static string Plain(string slot) => Places().Replace(slot, "");

    private static string Calls(Blueprint task, PlanOrigins origins, int from, int to, out bool isBound)
    {
        var text = new StringBuilder();
        string? before = null;
        isBound = false;
        for (var i = from; i < to; i++)
        {
            var call = $"{task.Actions[i].Tool}({origins.Of(i, from, ref isBound)});";
            if (!string.Equals(call, before, StringComparison.Ordinal))
                text.Append(call);
            before = call;
        }

        return text.ToString();
    }

    private static UInt128 Hash(string text) => BitConverter.ToUInt128(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    [GeneratedRegex(@"(?<=[A-Za-z])_\d+(?=[.}|]|$)|^\d+\.", RegexOptions.CultureInvariant)]
    private static partial Regex Places();
}
