using ConvoSynth.Cli.Tables;
using ConvoSynth.Core;

namespace ConvoSynth.Cli.Coverage;

/// <summary>The figures of <c>packs worlds</c>, for people and for programs.</summary>
internal static class WorldText
{
    public static void Print(string pack, WorldFigures figures)
    {
        Console.WriteLine(
            $"{pack}: {figures.Count} worlds, {figures.Hashes.Count} different; each allows {Range(figures.Cells)} kinds of tasks, which "
                + $"break {Range(figures.Reached)} guards"
        );
        Console.WriteLine("different names and texts, in the first world and in all:");
        var names = new TextTable(TextColumn.Number("first"), TextColumn.Number("all"), "field");
        foreach (var (field, first, all) in figures.Names.Where(n => n.All > 0))
            names.Add(first, all, field);
        names.Print();
        if (figures.Parameters.Any())
            Console.WriteLine("parameters of the policy:");
        var parameters = new TextTable(TextColumn.Number("values"), TextColumn.Number("worlds"), "commonest", "parameter");
        foreach (var (name, values, commonest, worlds) in figures.Parameters)
            parameters.Add(values, worlds, commonest, name);
        parameters.Print();
        Console.WriteLine("guards, with the fewest rows or calls of a world (counted until data.yaml is content):");
        var guards = new TextTable(TextColumn.Number("holds"), TextColumn.Number("broken"), "guard");
        foreach (var (guard, holds, broken) in figures.Guards)
            guards.Add(holds, broken, guard);
        guards.Print();
    }

    public static Json ToJson(string pack, WorldFigures figures) =>
        Json.Map(
            ("pack", pack),
            ("worlds", figures.Count),
            ("different", figures.Hashes.Count),
            ("cells", Json.List(figures.Cells.Least, figures.Cells.Most)),
            ("guards_reached", Json.List(figures.Reached.Least, figures.Reached.Most)),
            ("names", Json.List(figures.Names.Select(n => (Json)Json.Map(("field", n.Field), ("first", n.First), ("all", n.All))))),
            (
                "parameters",
                Json.List(
                    figures.Parameters.Select(p =>
                        (Json)Json.Map(("name", p.Name), ("values", p.Values), ("commonest", p.Commonest), ("worlds", p.Worlds))
                    )
                )
            ),
            ("guards", Json.List(figures.Guards.Select(g => (Json)Json.Map(("guard", g.Guard), ("holds", g.Holds), ("broken", g.Broken)))))
        );

    private static string Range((int Least, int Most) range) =>
        range.Least == range.Most ? $"{range.Least}" : $"{range.Least} to {range.Most}";
}
