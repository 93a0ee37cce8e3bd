using System.Text.RegularExpressions;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Acceptance;

/// <summary>
/// Every write has words, every placeholder in them resolves, and every guard's clause has a reason that can be said.
/// </summary>
internal static partial class ActCheck
{
    public static void Run(Pack pack, YamlPart domain, List<PackDiagnostic> faults)
    {
        var acts = domain["acts"];
        foreach (var tool in pack.Tools.All.Where(t => t.Writes))
        {
            if (acts?[tool.Name] is not { } part)
                (acts ?? domain).Fail($"acts has no words for the write {tool.Name}");
            else
                Words(pack, tool, pack.Domain.Acts[tool.Name], part);
        }

        foreach (
            var clause in pack
                .Tools.All.SelectMany(t => t.Guards)
                .Select(g => g.Clause)
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)
        )
        {
            if (!pack.Domain.Because.TryGetValue(clause, out var reasons) || reasons.Count == 0)
                (domain["because"] ?? domain).Fail($"because has no reason for clause {clause}, for which a guard stands");
        }

        foreach (var (clause, part) in domain["because"]?.Entries ?? [])
        {
            if (pack.Policy.Clause(clause) is null)
                part.Fail($"policy.md has no clause {clause}");
        }
    }

    private static void Words(Pack pack, ToolSpec tool, ActSpec act, YamlPart part)
    {
        if (act.Verbs.Count == 0)
            part.Fail($"{tool.Name} has no verbs");
        if (act.Ask.Count == 0)
            part.Fail($"{tool.Name} has no \"ask\"");
        if (act.Done.Count == 0)
            part.Fail($"{tool.Name} has no \"done\"");
        foreach (var slot in act.Tell.Where(s => !IsSlot(pack, tool, s)))
            part.Fail($"{tool.Name}: \"tell\" names {slot}, which is neither an argument of it nor a field of a row that it names");
        foreach (var (name, template) in act.Items.OrderBy(i => i.Key, StringComparer.Ordinal))
        {
            if (tool.Parameter(name) is not { Parts.Count: > 0 } parameter)
                part.Fail($"{tool.Name}: \"items\" names {name}, which is no argument of it that holds records");
            else
                foreach (Match slot in Slot().Matches(template).Where(s => !parameter.Parts.ContainsKey(s.Groups[1].Value)))
                    part.Fail($"{tool.Name}: \"{template}\" has the slot {{{slot.Groups[1].Value}}}, which is no property of {name}");
        }

        foreach (var name in act.Asks.Keys.Concat(act.Answers.Keys).Where(n => tool.Parameter(n) is null).Order(StringComparer.Ordinal))
            part.Fail($"{tool.Name}: \"asks\" or \"answers\" names {name}, which is no argument of it");
        foreach (var template in act.Ask.Concat(act.Offer).Concat(act.Done))
        {
            foreach (Match slot in Slot().Matches(template))
            {
                var name = slot.Groups[1].Value;
                if (name != "verb" && !IsSlot(pack, tool, name))
                    part.Fail(
                        $"{tool.Name}: \"{template}\" has the slot {{{name}}}, which is neither an argument of it, an entity, nor a field"
                    );
            }
        }
    }

    private static bool IsSlot(Pack pack, ToolSpec tool, string slot) =>
        tool.Parameter(slot) is not null || pack.Domain.Entities.ContainsKey(slot) || pack.Domain.Find(slot) is not null;

    [GeneratedRegex(@"\{([^{}|]+)(?:\|[^{}]+)?\}")]
    private static partial Regex Slot();
}
