using System.Globalization;
using ConvoSynth.Cli.Tables;
using ConvoSynth.Runs.Playback;

namespace ConvoSynth.Cli.Texts;

/// <summary>What changed between the verdicts of two runs, for people.</summary>
internal static class VerdictChangesText
{
    public static void Print(VerdictChanges changes)
    {
        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"{changes.Changed} of {changes.Rows} rows have another status or other reasons")
        );
        TextTable.Counts(changes.Statuses).Print();
        if (changes.Reasons.Count > 0)
            Console.WriteLine("reasons:");
        var reasons = new TextTable(TextColumn.Number(""), TextColumn.Number(""), "");
        foreach (var (reason, (lost, gained)) in changes.Reasons)
            reasons.Add($"-{lost}", $"+{gained}", reason);
        reasons.Print();
        if (changes.Verdicts.Count > 0)
            Console.WriteLine("verdicts:");
        TextTable.Counts(changes.Verdicts).Print();
    }
}
