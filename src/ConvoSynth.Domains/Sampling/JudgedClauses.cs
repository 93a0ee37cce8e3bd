using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains.Formulas;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Sampling;

/// <summary>What clauses that a judge decides require of a plan, as far as the plan itself can show it.</summary>
internal sealed class JudgedClauses(Pack pack, Binding binding, IReadOnlyList<Request> requests, IReadOnlyList<GoldAction> actions)
{
    /// <summary>Why a plan is no solution under the clauses that are left to a judge; null if it may be one.</summary>
    public string? Problem() =>
        pack.Rules.FirstOrDefault(r => r.Rule == "judge" && LacksEarlier(r)) is { } lacking
            ? $"what clause {lacking.Clause} wants done first is not done"
        : pack.Rules.FirstOrDefault(LacksReason) is { } unreasoned ? $"the human gives no reason such as clause {unreasoned.Clause} wants"
        : null;

    // A clause that is left to a judge may still require an earlier call. A plan in which that call was refused is no solution.
    private bool LacksEarlier(RuleSpec rule)
    {
        var after = rule.Options["clear"]["after"].Items;
        if (
            after.Count == 0
            || rule.Options["clear"] is not JsonMap { Count: 1 }
            || !requests.Any(q => rule.Options["when"].Items.All(w => q.Words.Contains(w.Text ?? "", StringComparison.OrdinalIgnoreCase)))
        )
            return false;
        var applies = rule.Options["applies"];
        var at = actions.TakeWhile(a => applies.Text != a.Tool && !applies.Items.Any(t => t.Text == a.Tool)).Count();
        return at < actions.Count && !actions.Take(at).Any(a => after.Any(t => t.Text == a.Tool));
    }

    // A clause may require a reason from the human if a condition on the row holds. If a patch created that condition, the plan has no
    // reason.
    private bool LacksReason(RuleSpec rule)
    {
        if (rule.Options["where"].Text is not { } where || rule.Options["clear"]["human"].Items is not { Count: > 0 } cues)
            return false;
        if (requests.Any(q => cues.Any(c => q.Words.Contains(c.Text ?? "", StringComparison.OrdinalIgnoreCase))))
            return false;
        var (condition, db, applies) = (new RowCondition(pack, where), pack.View(binding.Patch), rule.Options["applies"]);
        foreach (var action in actions)
        {
            if (applies.Text != action.Tool && !applies.Items.Any(t => t.Text == action.Tool))
                continue;
            foreach (var parameter in pack.Tools.Find(action.Tool)!.Parameters)
            {
                if (
                    parameter.Is is not null
                    && pack.Domain.Find(parameter.Is) is { Entity: { Parent: null } entity } named
                    && named.Field.Path == entity.Key
                    && entity.Name != pack.Domain.Who
                    && pack.Rows.Find(db, entity, action.Arguments[parameter.Name]) is { } row
                    && condition.Holds(db, row)
                )
                    return true;
            }
        }

        return false;
    }
}
