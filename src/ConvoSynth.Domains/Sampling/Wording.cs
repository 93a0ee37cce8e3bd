using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains.Intents;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Sampling;

/// <summary>
/// Fills the pack's templates for one task and collects the facts that a text uses. Words come last and only state what is already
/// true.
/// </summary>
internal sealed class Wording(Pack pack, SeededRandom random, TaskWords task)
{
    private readonly Dictionary<DoGoal, string> _asked = new(ReferenceEqualityComparer.Instance);

    /// <summary>The request for a write, completing "I would like to …"; null if some row cannot be described.</summary>
    public Description? Ask(DoGoal goal, JsonMap arguments, int request)
    {
        var act = pack.Domain.Acts.GetValueOrDefault(goal.Tool.Name);
        var template = goal.Say ?? (act is { Ask.Count: > 0 } ? random.Pick(act.Ask) : Fallback(goal, act));
        var facts = new List<Fact>();
        _asked[goal] = template;
        var verb = Verb(goal, act);
        var words = TaskTemplate.Fill(template, facts, name => name == "verb" ? new(verb, []) : task.Named(goal, arguments, request, name));
        if (words is null)
            return null;

        // Every value that only the human can decide must be in the words, even if the template has no place for it.
        foreach (var (parameter, value) in goal.With)
        {
            if (
                TaskWords.DecidedByHuman(value)
                && task.Argument(goal, arguments, request, parameter.Name) is { } said
                && !said.Facts.All(f => Has(facts, f))
            )
            {
                words += $" ({parameter.Name.Replace('_', ' ')}: {said.Words})";
                facts.AddRange(said.Facts);
            }
        }

        return Completed(words, facts, task.SlotsOf(goal));
    }

    /// <summary>The write as the agent offers it, completing "I can …"; null if no template fits.</summary>
    public string? Offer(DoGoal goal, JsonMap arguments, int request)
    {
        var act = pack.Domain.Acts.GetValueOrDefault(goal.Tool.Name);
        var templates =
            act is { Offer.Count: > 0 } ? act.Offer
            : goal.Say is { } say ? [say]
            : AsAsked(act, _asked.GetValueOrDefault(goal) ?? "");
        if (templates.Count == 0)
            return null;
        var verb = Verb(goal, act);
        return TaskTemplate.Fill(
            random.Pick(templates),
            [],
            name => name == "verb" ? new(verb, []) : task.Named(goal, arguments, request, name)
        );
    }

    // Templates of an act that begin with its verb: the request's own if it is among them, else all that refer to the same rows.
    private static IReadOnlyList<string> AsAsked(ActSpec? act, string asked)
    {
        string[] all = [.. act?.Ask.Where(a => a.StartsWith("{verb}", StringComparison.Ordinal)) ?? []];
        if (all.Contains(asked))
            return [asked];
        var slots = TaskTemplate.Slots(asked);
        return [.. all.Where(a => TaskTemplate.Slots(a).SetEquals(slots)).DefaultIfEmpty(all.FirstOrDefault() ?? asked)];
    }

    /// <summary>A question or condition in the human's words, with the rows that it is about.</summary>
    public Description? Question(string say, IEnumerable<string> slots)
    {
        var facts = new List<Fact>();
        return task.Template(say, facts, null)?.Words is { } words ? Completed(words, facts, slots) : null;
    }

    // One fact may be stated both as a field and in a row's description; these differ in how the agent asks for it.
    private static bool Has(List<Fact> facts, Fact fact) => facts.Exists(f => f.Slot == fact.Slot && f.Value == fact.Value);

    // Rows that the words do not name follow in parentheses.
    private Description? Completed(string words, List<Fact> facts, IEnumerable<string> slots)
    {
        var left = new List<Description>();
        foreach (var slot in slots)
        {
            if (task.Describe(slot) is not { } description)
                return null;
            if (description.Facts.All(f => Has(facts, f)))
                continue;
            left.Add(description);
            facts.AddRange(description.Facts);
        }

        return new(left.Count == 0 ? words : $"{words} ({TaskWords.Joined(left)!.Words})", Distinct(facts));
    }

    /// <summary>The request without facts: "renew a loan".</summary>
    public string Brief(DoGoal goal)
    {
        var act = pack.Domain.Acts.GetValueOrDefault(goal.Tool.Name);
        if (act is { Brief.Count: > 0 })
            return random.Pick(act.Brief);
        var verb = Verb(goal, act);
        var entity = act?.Object is { } named
            ? named.Split('.')[0]
            : goal.With.Select(w => w.Parameter.Is?.Split('.')[0]).FirstOrDefault(e => e is not null && e != pack.Domain.Who);
        if (entity is null || !pack.Domain.Entities.TryGetValue(entity, out var spec))
            return verb;
        if (entity == pack.Domain.Who)
            return $"{verb} your {(act?.Object is { } field && pack.Domain.Find(field) is { } found ? found.Field.Label : "account")}";
        return $"{verb} {("aeiou".Contains(char.ToLowerInvariant(spec.Label[0])) ? "an" : "a")} {spec.Label}";
    }

    private static string Fallback(DoGoal goal, ActSpec? act) =>
        act is { Verbs.Count: > 0, Object: { } named } ? $"{{verb}} {{{named.Split('.')[0]}}}" : goal.Tool.Name.Replace('_', ' ');

    private static Fact[] Distinct(IEnumerable<Fact> facts) => [.. facts.DistinctBy(f => f.Slot, StringComparer.Ordinal)];

    private string Verb(DoGoal goal, ActSpec? act) =>
        act is { Verbs.Count: > 0 } ? random.Pick(act.Verbs) : goal.Tool.Name.Replace('_', ' ');
}
