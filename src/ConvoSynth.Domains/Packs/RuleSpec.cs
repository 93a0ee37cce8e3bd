using ConvoSynth.Core;

namespace ConvoSynth.Domains.Packs;

/// <summary>
/// The check of one clause. <see cref="Rule"/> is one of <c>identify confirm guarded order once alone ask never_say transfer_iff
/// sourced in_domain</c>, or <c>judge</c>; <see cref="Options"/> is the rule's YAML as JSON.
/// </summary>
public sealed record RuleSpec(string Clause, string Rule, Json Options, int Line)
{
    public static readonly IReadOnlyList<string> Known =
    [
        "identify",
        "confirm",
        "guarded",
        "order",
        "once",
        "alone",
        "ask",
        "never_say",
        "transfer_iff",
        "sourced",
        "in_domain",
        "judge",
    ];

    internal static List<RuleSpec> Read(YamlPart root, Policy policy)
    {
        var rules = new List<RuleSpec>();
        foreach (var part in root.Items)
        {
            var clause = part.Require("clause")?.Text ?? "";
            var rule = part.Require("rule")?.Text ?? "";
            if (!Known.Contains(rule))
                part.Fail($"the rule {rule} is none of {string.Join(", ", Known)}");
            if (policy.Clause(clause) is null)
                part.Fail($"policy.md has no clause {clause}");
            rules.Add(new(clause, rule, part.Json, part.Line));
        }

        return rules;
    }
}
