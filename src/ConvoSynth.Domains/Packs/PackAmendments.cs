using ConvoSynth.Core.Blueprints;

namespace ConvoSynth.Domains.Packs;

/// <summary>Clauses that say something else in tasks of a slice.</summary>
internal static class PackAmendments
{
    public const string File = "amendments.yaml";

    /// <summary>Reads <c>amendments.yaml</c>: each clause of a rule <c>alone</c>, with its text where calls may stand together.</summary>
    public static IReadOnlyList<Amendment> Read(YamlPart root, Policy policy, IReadOnlyList<RuleSpec> rules)
    {
        var amendments = new List<Amendment>();
        foreach (var part in root.Items)
        {
            part.Only("clause", "parallel");
            if (part.Require("clause") is not { } number || part.Require("parallel") is not { } text)
                continue;
            if (policy.Clause(number.Text) is not { } clause)
                number.Fail($"policy.md has no clause {number.Text}");
            else if (!rules.Any(r => r.Clause == clause.Number && r.Rule == "alone"))
                number.Fail($"the clause {number.Text} has no rule alone in rules.yaml, so it forbids no calls that stand together");
            else if (!policy.Text.Contains(clause.Text, StringComparison.Ordinal))
                number.Fail($"the clause {number.Text} must stand on one line of policy.md, so that another text can take its place");
            else
                amendments.Add(new(clause.Number, clause.Text, text.Text));
        }

        return amendments;
    }
}
