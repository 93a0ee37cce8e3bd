using System.Globalization;
using ConvoSynth.Cli.Tables;
using ConvoSynth.Runs.Calibrations;
using ConvoSynth.Verification.Judges;

namespace ConvoSynth.Cli.Texts;

/// <summary>A calibration for people.</summary>
internal static class CalibrationText
{
    public static void Print(CalibrationReport report)
    {
        if (report.Seats.Any(s => s.Simulated))
            Console.WriteLine("simulated: the test endpoint judged, so these are figures of its settings and of no model");
        Console.WriteLine(
            $"{report.Planted} dialogues with a planted fault, {report.PlantedLeftOpen} of which no check rejects, "
                + $"and {report.Clean} without"
        );
        var table = new TextTable(
            "judge",
            "finds faults",
            "of those left open",
            "passes clean",
            "settles right",
            TextColumn.Number("no vote"),
            TextColumn.Number("tokens"),
            TextColumn.Number("dollars"),
            "votes"
        );
        foreach (var seat in report.Seats)
        {
            var barred = seat.Barred(report.Bounds);
            table.Add(
                seat.Name,
                Share(seat.Sensitivity),
                Share(seat.SensitivityLeftOpen),
                Share(seat.Specificity),
                Share(seat.Questions),
                seat.NoVote,
                seat.InputTokens + seat.OutputTokens,
                Dollars(seat.Cost),
                barred is null ? "yes" : $"no: {barred}"
            );
        }

        table.Print();
        Console.WriteLine(report.Committee is { } committee ? Together(committee) : "no judge reaches the bounds: none would vote");
    }

    private static string Together(CommitteeFigures committee)
    {
        var worth = committee.Worth is { } w
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"worth {w.Judges:0.00} independent judges ({w.Low:0.00} to {w.High:0.00}), correlation of errors {w.Correlation:0.00}"
            )
            : "worth in independent judges unknown: too few errors were seen";
        var alpha = string.Join(", ", committee.Alpha.Select(a => $"{a.Key} {Number(a.Value)}"));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            together: {committee.Seats} that vote do not accept {Share(committee.Sensitivity)} of the faults and accept {Share(
                committee.Specificity
            )} of the clean
              {worth}
              agreement (alpha): {alpha}
              a dialogue: {committee.AskedPerDialogue:0.00} judges asked, {committee.TokensPerDialogue:0} tokens, {Dollars(
                committee.CostPerDialogue
            )} dollars
            """
        );
    }

    private static string Share(Proportion share) =>
        share.Share is { } value
            ? string.Create(CultureInfo.InvariantCulture, $"{100 * value:0.0} % ({100 * share.Low:0.0} to {100 * share.High:0.0})")
            : "none";

    private static string Number(double? value) => value is { } v ? v.ToString("0.00", CultureInfo.InvariantCulture) : "unknown";

    private static string Dollars(decimal? value) => value is { } v ? v.ToString("0.######", CultureInfo.InvariantCulture) : "unknown";
}
