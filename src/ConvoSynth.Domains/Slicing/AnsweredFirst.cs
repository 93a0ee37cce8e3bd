using System.Collections.Immutable;
using System.Text.RegularExpressions;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains.Environments;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Slicing;

/// <summary>
/// Puts what a question needs before what a wish needs, and executes the gold again in that order. What only the wish needs comes after
/// the answer, or not at all.
/// </summary>
internal sealed partial class AnsweredFirst(Pack pack)
{
    private const string ItIs = "it's ";

    /// <summary>The task with the question as its first request; null if an observation would differ.</summary>
    public Blueprint? Of(Blueprint task, Request question, Request wish, bool isWishMade)
    {
        var start = Math.Min(question.FirstAction, wish.FirstAction);
        if (Grounds(task, question, start) is not { } grounds || Needed(task, question, grounds, start) is not { } needed)
            return null;
        if (Asked(task, question, wish, needed) is not { } asked)
            return null;
        int[] rest = [.. Enumerable.Range(start, task.Actions.Length - start).Except(needed)];
        int[] order = [.. Enumerable.Range(0, start), .. needed, .. isWishMade ? rest : []];
        var environment = new DialogueEnvironment(pack, task.Patch);
        foreach (var a in order)
        {
            if (environment.Call(task.Actions[a].Tool, task.Actions[a].Arguments).Text != task.Actions[a].Observation)
                return null;
        }

        var write = task.Actions.Single(a => a.Writes);
        return task with
        {
            Actions = [.. order.Select(a => task.Actions[a])],
            Outputs = [task.Outputs[0] with { GroundedBy = Array.IndexOf(order, grounds) }],
            Twist = new() { Tempting = [new(write.Tool, write.Arguments)] },
            Scenario = task.Scenario with
            {
                Requests =
                [
                    asked with
                    {
                        FirstAction = start,
                        ActionCount = needed.Length,
                    },
                    wish with
                    {
                        FirstAction = start + needed.Length,
                        ActionCount = rest.Length,
                    },
                ],
            },
        };
    }

    // The question with what only the wish says of the row in which the answer stands: "… in the order with the lamp".
    private Request? Asked(Blueprint task, Request question, Request wish, int[] needed)
    {
        foreach (var slot in wish.Slots.Except(question.Slots, StringComparer.Ordinal))
        {
            var fact = task.Scenario.Fact(slot)!;
            var isArgument = needed.Any(a => task.Actions[a].Arguments.Leaves().Any(v => v == fact.Value));
            var isRow = fact.Answer?.StartsWith(ItIs, StringComparison.Ordinal) == true && !char.IsAsciiDigit(slot[0]);
            if (isArgument && !isRow)
                return null;
            if (isArgument || (isRow && needed.Any(a => Reveals(task, task.Actions[a], fact))))
                question = question with { Words = $"{question.Words} in {fact.Answer![ItIs.Length..]}", Slots = question.Slots.Add(slot) };
        }

        return question;
    }

    private bool Reveals(Blueprint task, GoldAction read, Fact fact) =>
        pack.Intents.FirstOrDefault(i => i.Id == task.Intent)?.Slot(fact.Slot[..fact.Slot.IndexOf('.', StringComparison.Ordinal)])
            is { Entity: { } entity }
        && pack.Tools.Find(read.Tool)!.Reveals.Contains(entity.Name)
        && FieldValues.ContainsToken(read.Observation, fact.Said);

    // The read that shows the answer. Where the plan names the write, since all was read by then, an earlier read must show it.
    private int? Grounds(Blueprint task, Request question, int start)
    {
        var grounds = task.Outputs[0].GroundedBy;
        if (grounds < start || !task.Actions[grounds].Writes)
            return grounds;
        var own = task.Actions.Skip(question.FirstAction).Take(question.ActionCount).ToArray();
        var texts = own.Length > 0 ? own.SelectMany(Texts).Distinct().ToArray() : [task.Outputs[0].Value.ToCanonicalString().Trim('"')];
        var reads = Enumerable
            .Range(0, grounds)
            .Where(a => pack.Tools.Find(task.Actions[a].Tool) is { Kind: ToolKind.Read, Calculates: false });
        return texts.Length > 0 && texts.All(t => reads.Any(a => FieldValues.ContainsToken(task.Actions[a].Observation, t)))
            ? reads.Last(a => texts.Any(t => FieldValues.ContainsToken(task.Actions[a].Observation, t)))
            : null;
    }

    // The question's own reads, and those of the wish's that show what they need; null if the question needs a write.
    private int[]? Needed(Blueprint task, Request question, int grounds, int start)
    {
        var needed = Enumerable.Range(question.FirstAction, question.ActionCount).ToHashSet();
        if (grounds >= start)
            needed.Add(grounds);
        for (var a = task.Actions.Length - 1; a >= start; a--)
        {
            if (!task.Actions[a].Writes && needed.Any(n => n > a && Shows(task, a, n)))
                needed.Add(a);
        }

        return needed.Any(a => task.Actions[a].Writes) || task.Actions.Count(a => a.Writes) != 1 ? null : [.. needed.Order()];
    }

    private bool Shows(Blueprint task, int read, int action) =>
        Texts(task.Actions[action])
            .Any(t =>
                FieldValues.ContainsToken(task.Actions[read].Observation, t)
                && !task.Scenario.Facts.Any(f => f.Value.Text == t || FieldValues.ContainsToken(f.Said, t))
            );

    private IEnumerable<string> Texts(GoldAction action) =>
        pack.Tools.Find(action.Tool) is { Calculates: true }
            ? Numbers().Matches(action.Arguments.ToString()).Select(m => m.Value)
            : CallNeeds.Texts(action.Arguments);

    [GeneratedRegex(@"\d+\.\d+|\d{2,}")]
    private static partial Regex Numbers();
}
