using System.Globalization;
using ConvoSynth.Cli.Tables;
using ConvoSynth.Core;

namespace ConvoSynth.Cli.Coverage;

/// <summary>Coverage for people and as JSON.</summary>
internal static class CoverageText
{
    public static void Print(string domain, PackCoverage coverage)
    {
        Write($"{domain}: {coverage.Made} blueprints of {coverage.Count} planned, seed {coverage.Seed}");
        Write(
            $"  condition or choice {Share(coverage.ShareOf("condition", "choice"))}, "
                + $"computed {Share(coverage.ShareOf("computed"))}, refusal {Share(coverage.ShareOf("refusal"))}, "
                + $"plain {Share(coverage.ShareOf("plain"))}"
        );
        Write($"  distinct instructions {Share(coverage.DistinctInstructions)}, twins {coverage.Twins}, patched {coverage.Patched}");
        Write(
            $"  mutants tried {coverage.Mutants}, {(coverage.Made == 0 ? 0 : (double)coverage.Mutants / coverage.Made):0.0} a "
                + $"blueprint; blueprints that let one pass: {coverage.MutantsPass}"
        );
        Write(
            $"  blueprints that let a silent agent pass: {coverage.SilencePasses}; one that only refuses: "
                + $"{coverage.RefusingPasses}; refusing at once is right: {coverage.RefusingIsRight}"
        );
        var clauses = new TextTable("clause", TextColumn.Number("held"), TextColumn.Number("broken"));
        foreach (var clause in coverage.Clauses)
            clauses.Add(clause.Clause, clause.Held, clause.Broken);
        clauses.Print();
        Table("tool", coverage.Tools);
        Table("intent", coverage.Intents);
        Table("shape", coverage.Shapes);
        Table("depth", coverage.Depths.Select(d => (d.Depth.ToString(CultureInfo.InvariantCulture), d.Count)));
        if (coverage.Unreachable.Count > 0)
            Write($"cells that cannot come about ({coverage.Unreachable.Count} of {coverage.Cells})");
        var unreachable = new TextTable("", "");
        foreach (var (cell, reason) in coverage.Unreachable)
            unreachable.Add(cell.Name, reason);
        unreachable.Print();
        if (coverage.IsSound)
            return;
        Write("faults");
        foreach (var fault in coverage.Faults)
            Write($"  {fault}");
    }

    public static Json ToJson(string domain, PackCoverage coverage) =>
        Json.Map(
            ("domain", domain),
            ("count", coverage.Count),
            ("seed", coverage.Seed),
            ("blueprints", coverage.Made),
            ("failed", coverage.Failed),
            (
                "shares",
                Json.Map(
                    ("condition_or_choice", coverage.ShareOf("condition", "choice")),
                    ("computed", coverage.ShareOf("computed")),
                    ("refusal", coverage.ShareOf("refusal")),
                    ("plain", coverage.ShareOf("plain"))
                )
            ),
            (
                "clauses",
                Json.List(coverage.Clauses.Select(c => (Json)Json.Map(("clause", c.Clause), ("held", c.Held), ("broken", c.Broken))))
            ),
            ("tools", Counts(coverage.Tools)),
            ("intents", Counts(coverage.Intents)),
            ("shapes", Counts(coverage.Shapes)),
            ("depths", Counts(coverage.Depths.Select(d => (d.Depth.ToString(CultureInfo.InvariantCulture), d.Count)))),
            ("cells", coverage.Cells),
            ("unreachable", Json.List(coverage.Unreachable.Select(u => (Json)Json.Map(("cell", u.Cell.Name), ("reason", u.Reason))))),
            ("twins", coverage.Twins),
            ("patched", coverage.Patched),
            ("distinct_instructions", coverage.DistinctInstructions),
            ("mutants", coverage.Mutants),
            ("mutants_per_blueprint", coverage.Made == 0 ? 0 : Math.Round((double)coverage.Mutants / coverage.Made, 3)),
            (
                "passes",
                Json.Map(
                    ("mutant", coverage.MutantsPass),
                    ("silent", coverage.SilencePasses),
                    ("refusing", coverage.RefusingPasses),
                    ("refusing_where_right", coverage.RefusingIsRight)
                )
            ),
            ("sound", coverage.IsSound),
            ("faults", Json.List(coverage.Faults.Select(f => (Json)f)))
        );

    private static JsonMap Counts(IEnumerable<(string Name, long Count)> counts) =>
        JsonMap.Create(counts.Select(c => KeyValuePair.Create(c.Name, (Json)c.Count)));

    private static void Table(string title, IEnumerable<(string Name, long Count)> lines)
    {
        var table = new TextTable(title, TextColumn.Number("blueprints"));
        foreach (var (name, count) in lines)
            table.Add(name, count);
        table.Print();
    }

    private static string Share(double share) => share.ToString("P1", CultureInfo.InvariantCulture);

    private static void Write(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    private static void Write(string line) => Console.WriteLine(line);
}
