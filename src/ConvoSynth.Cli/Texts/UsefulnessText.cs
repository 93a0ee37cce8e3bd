using System.Globalization;
using ConvoSynth.Cli.Tables;
using ConvoSynth.Core;
using ConvoSynth.Runs.Usefulness;

namespace ConvoSynth.Cli.Texts;

/// <summary>Which calls a model finds useful, beside which are needed.</summary>
internal static class UsefulnessText
{
    public static IEnumerable<string> Lines(IReadOnlyList<CallLoss> calls, double threshold) =>
        calls
            .Select(c =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{c.Row},{c.Message},{c.Tool},{Word(c.Needed)},{c.Without:0.0000},{c.CallOnly:0.0000},{c.Whole:0.0000},"
                        + $"{c.Gain:0.0000},{Word(c.Gain >= threshold)}"
                )
            )
            .Prepend("row,message,tool,needed,loss_without,loss_call,loss_result,gain,useful");

    public static void Print(IReadOnlyList<CallLoss> calls, double threshold, bool asJson)
    {
        var judged = calls.Where(c => c.Needed is not null).ToArray();
        var agree = judged.Count(c => c.Needed == c.Gain >= threshold);
        if (asJson)
        {
            Console.WriteLine(Figures(calls, judged, agree, threshold));
            return;
        }

        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{calls.Count} calls; {agree} of {judged.Length} agree: needed, and useful at {threshold} nats a token, or neither"
            )
        );
        var table = new TextTable(
            "tool",
            TextColumn.Number("calls"),
            TextColumn.Number("useful"),
            TextColumn.Number("needed and useful"),
            TextColumn.Number("needed only"),
            TextColumn.Number("useful only"),
            TextColumn.Number("neither"),
            TextColumn.Number("mean gain")
        );
        foreach (var tool in calls.GroupBy(c => c.Tool).OrderBy(g => g.Key, StringComparer.Ordinal))
            Add(table, tool.Key, [.. tool], threshold);
        Add(table, "all", calls, threshold);
        table.Print();
    }

    private static void Add(TextTable table, string name, IReadOnlyList<CallLoss> calls, double threshold)
    {
        table.Add(
            name,
            calls.Count,
            calls.Count(c => c.Gain >= threshold),
            Count(true, true),
            Count(true, false),
            Count(false, true),
            Count(false, false),
            calls.Count == 0 ? "" : calls.Average(c => c.Gain).ToString("0.00", CultureInfo.InvariantCulture)
        );
        int Count(bool needed, bool useful) => calls.Count(c => c.Needed == needed && c.Gain >= threshold == useful);
    }

    private static JsonMap Figures(IReadOnlyList<CallLoss> calls, CallLoss[] judged, int agree, double threshold) =>
        Json.Map(
            ("threshold", threshold),
            ("calls", calls.Count),
            ("useful", calls.Count(c => c.Gain >= threshold)),
            ("judged", judged.Length),
            ("needed", judged.Count(c => c.Needed == true)),
            ("needed_and_useful", judged.Count(c => c.Needed == true && c.Gain >= threshold)),
            ("agree", agree)
        );

    private static string Word(bool? value) =>
        value switch
        {
            true => "true",
            false => "false",
            _ => "",
        };
}
