using System.Text.RegularExpressions;

namespace ConvoSynth.Domains.Packs;

/// <summary>One numbered sentence of the policy.</summary>
public sealed record PolicyClause(string Number, string Text, int Line);

/// <summary>The policy as the agent gets it, and its clauses.</summary>
public sealed partial record Policy(string Text, IReadOnlyList<PolicyClause> Clauses)
{
    public PolicyClause? Clause(string number) => Clauses.FirstOrDefault(c => string.Equals(c.Number, number, StringComparison.Ordinal));

    /// <summary>
    /// Reads clauses. A number such as <c>3.1</c> begins a clause, on a line of its own or after another clause; it ends where the next
    /// begins.
    /// </summary>
    internal static Policy Read(string text, List<PackDiagnostic> faults)
    {
        var clauses = new List<PolicyClause>();
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var starts = ClauseNumber().Matches(lines[i]);
            if (starts.Count == 0 && clauses.Count > 0 && lines[i].Trim().Length > 0 && !lines[i].StartsWith('#'))
            {
                clauses[^1] = clauses[^1] with { Text = $"{clauses[^1].Text} {lines[i].Trim()}" };
                continue;
            }

            for (var m = 0; m < starts.Count; m++)
            {
                var end = m + 1 < starts.Count ? starts[m + 1].Index : lines[i].Length;
                var number = starts[m].Groups[1].Value;
                if (clauses.Any(c => c.Number == number))
                    faults.Add(new("policy.md", i + 1, $"the clause {number} occurs twice"));
                clauses.Add(new(number, lines[i][(starts[m].Index + starts[m].Length)..end].Trim(), i + 1));
            }
        }

        if (clauses.Count == 0)
            faults.Add(new("policy.md", 0, "no clause is numbered; begin each with a number such as 1.1"));
        return new(text, clauses);
    }

    [GeneratedRegex(@"(?:(?<=^\s*(?:[-*]\s+)?)|(?<=[.!?]\s))(\d+\.\d+)\s+(?=\p{Lu})")]
    private static partial Regex ClauseNumber();
}
