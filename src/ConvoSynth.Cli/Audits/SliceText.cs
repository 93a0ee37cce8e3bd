using System.Globalization;
using ConvoSynth.Cli.Tables;
using ConvoSynth.Core;

namespace ConvoSynth.Cli.Audits;

/// <summary>The slices of a pack for people and as JSON.</summary>
internal static class SliceText
{
    public static void Print(string domain, IReadOnlyList<SliceLine> lines)
    {
        Console.WriteLine($"{domain}: tasks by slice; each agent is wrong, and must fail");
        var table = new TextTable(
            "slice",
            TextColumn.Number("drawn"),
            TextColumn.Number("made"),
            TextColumn.Number("right agent lost"),
            "agents that must fail: failed of played (* does not notice the slice)"
        );
        foreach (var line in lines.Where(l => l.Drawn > 0 || l.Made > 0))
            table.Add(line.Slice, line.Drawn, line.Made, line.Lost, line.Why ?? string.Join("; ", line.Agents.Select(Spelled)));
        table.Print();
        foreach (var line in lines.Where(l => l.CountedAsBase > 0))
            Console.WriteLine(
                $"  {line.Slice}: {line.CountedAsBase} tasks count as base, since the agent that does not notice passes them"
            );
        foreach (var line in lines.Where(l => !l.IsSound))
            Console.WriteLine($"  short: {line.Slice}: an agent passes more than {1 - SliceLine.LeastFailed:P0} of its tasks");
    }

    public static Json ToJson(string domain, IReadOnlyList<SliceLine> lines) =>
        Json.Map(
            ("domain", domain),
            (
                "slices",
                Json.List(
                    lines.Select(l =>
                        (Json)
                            Json.Map(
                                ("slice", l.Slice),
                                ("drawn", l.Drawn),
                                ("made", l.Made),
                                ("right_agent_lost", l.Lost),
                                ("counted_as_base", l.CountedAsBase),
                                ("why_none", l.Why is { } why ? why : Json.Null),
                                (
                                    "agents",
                                    Json.List(
                                        l.Agents.Select(a =>
                                            (Json)
                                                Json.Map(("kind", a.Kind), ("blind", a.IsBlind), ("played", a.Played), ("passed", a.Passed))
                                        )
                                    )
                                )
                            )
                    )
                )
            )
        );

    private static string Spelled(SliceAgentFigures agent) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{agent.Kind}{(agent.IsBlind ? "*" : "")} {agent.Played - agent.Passed} of {agent.Played}"
        );
}
