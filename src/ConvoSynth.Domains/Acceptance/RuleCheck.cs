using ConvoSynth.Core;
using ConvoSynth.Domains.Formulas;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Acceptance;

/// <summary>Every clause has a rule or the mark <c>judge</c>, and every rule's options name things that exist.</summary>
internal static class RuleCheck
{
    private const string File = "rules.yaml";

    private static readonly Dictionary<string, string[]> Options = new(StringComparer.Ordinal)
    {
        ["identify"] = ["before"],
        ["confirm"] = ["before", "details", "yes"],
        ["guarded"] = ["broken"],
        ["order"] = ["first", "then"],
        ["once"] = ["tools", "per"],
        ["alone"] = ["tools"],
        ["ask"] = ["argument", "before"],
        ["never_say"] = ["fields", "phrases"],
        ["transfer_iff"] = ["asked"],
        ["sourced"] = ["words"],
        ["in_domain"] = ["words", "outside"],
        ["judge"] = ["applies", "when", "where", "clear", "remind", "weighs", "slips"],
    };

    public static void Run(Pack pack, List<PackDiagnostic> faults)
    {
        foreach (var clause in pack.Policy.Clauses)
        {
            if (pack.Rules.All(r => r.Clause != clause.Number))
                faults.Add(
                    new("policy.md", clause.Line, $"the clause {clause.Number} has no rule in rules.yaml; give it one, or mark it judge")
                );
        }

        foreach (var rule in pack.Rules)
        {
            void Fail(string reason) => faults.Add(new(File, rule.Line, $"{rule.Rule} for {rule.Clause}: {reason}"));
            if (rule.Options is not JsonMap options || !Options.TryGetValue(rule.Rule, out var known))
                continue;
            foreach (var key in options.Keys.Where(k => k is not ("clause" or "rule") && !known.Contains(k)))
                Fail($"unknown option \"{key}\"{(known.Length > 0 ? $"; known: {string.Join(", ", known)}" : "")}");
            Check(pack, rule, options, Fail);
        }
    }

    private static void Check(Pack pack, RuleSpec rule, JsonMap options, Action<string> fail)
    {
        switch (rule.Rule)
        {
            case "identify":
                foreach (var before in Texts(options, "before", fail).Where(b => !IsBarrier(pack, b)))
                    fail($"\"{before}\" is neither write, reveal <entity>, nor a tool, nor read, nor transfer");
                break;
            case "confirm":
                foreach (var before in Texts(options, "before", fail).Where(b => b != "write" && pack.Tools.Find(b) is null))
                    fail($"\"{before}\" is neither write nor a tool");
                foreach (var detail in Texts(options, "details", fail).Where(d => !IsDetail(pack, d)))
                    fail($"the detail {detail} is no field of domain.yaml and no argument of a tool");
                if (options["yes"].Text is { } yes && yes is not ("covers_listed" or "each"))
                    fail($"\"yes\" is covers_listed or each, not {yes}");
                break;
            case "guarded":
                if (options["broken"].Text != "refuse")
                    fail("\"broken\" is refuse");
                break;
            case "order":
                Tools(pack, [.. Texts(options, "first", fail), .. Texts(options, "then", fail)], fail);
                break;
            case "once":
                Tools(pack, Texts(options, "tools", fail), fail);
                if (options["per"].Text is not { } per || !pack.Domain.Entities.ContainsKey(per))
                    fail("\"per\" names no entity");
                break;
            case "alone":
                Tools(pack, Texts(options, "tools", fail).Where(t => t != "any"), fail);
                break;
            case "ask":
                Tools(pack, Texts(options, "before", fail), fail);
                if (
                    options["before"].Text is { } tool
                    && pack.Tools.Find(tool) is { } found
                    && found.Parameter(options["argument"].Text ?? "") is null
                )
                    fail($"{tool} has no argument {options["argument"]}");
                break;
            case "never_say":
                if (options["fields"].IsNull && options["phrases"].IsNull)
                    fail("\"fields\" or \"phrases\" is missing");
                foreach (var field in options["fields"].Items.Where(f => f.Text is not { } text || pack.Domain.Find(text) is null))
                    fail($"{field} is no field of domain.yaml");
                break;
            case "judge" when !options["weighs"].IsNull || !options["slips"].IsNull:
                if (options["weighs"].Items.Count < 2 || options["weighs"].Items.Any(w => w.Items.Count == 0))
                    fail("\"weighs\" is a list of lists of cues, one of each of which a sentence must have");
                break;
            case "judge" when !options["applies"].IsNull || !options["clear"].IsNull || !options["when"].IsNull:
                Tools(pack, Texts(options, "applies", fail), fail);
                if (options["where"].Text is { } where && RowCondition.Fault(pack, where) is { } fault)
                    fail($"\"where\" is no condition: {fault}");
                if (options["clear"] is not JsonMap clear || clear.Count == 0)
                    fail(
                        "\"clear\" says how the clause is seen to be kept: agent: [cues], human: [cues], after: [tools], whole: an argument"
                    );
                else
                    foreach (var key in clear.Keys.Where(k => k is not ("agent" or "human" or "after" or "asked" or "whole")))
                        fail($"unknown option \"{key}\" of \"clear\"; known: agent, human, after, asked, whole");
                if (
                    options["clear"]["whole"].Text is { } whole
                    && Texts(options, "applies", fail).Any(t => pack.Tools.Find(t)?.Parameter(whole) is null)
                )
                    fail($"\"whole\" names {whole}, which is no argument of every tool of \"applies\"");
                Tools(pack, options["clear"]["after"].Items.Select(t => t.Text ?? ""), fail);
                break;
            default:
                break;
        }
    }

    private static void Tools(Pack pack, IEnumerable<string> names, Action<string> fail)
    {
        foreach (var name in names.Where(n => pack.Tools.Find(n) is null))
            fail($"there is no tool {name}");
    }

    private static bool IsBarrier(Pack pack, string text) =>
        text is "write" or "transfer" or "read"
        || pack.Tools.Find(text) is not null
        || (text.StartsWith("reveal ", StringComparison.Ordinal) && pack.Domain.Entities.ContainsKey(text["reveal ".Length..].Trim()));

    private static bool IsDetail(Pack pack, string text) =>
        pack.Domain.Find(text) is not null || pack.Tools.All.Any(t => t.Parameter(text) is not null);

    private static IEnumerable<string> Texts(JsonMap options, string key, Action<string> fail)
    {
        if (options[key] is JsonText single)
            return [single.Value];
        if (options[key] is JsonList list)
            return list.Items.Select(i => i.Text ?? i.ToString());
        fail($"\"{key}\" is missing");
        return [];
    }
}
