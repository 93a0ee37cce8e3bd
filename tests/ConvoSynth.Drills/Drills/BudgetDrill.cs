using System.Globalization;
using System.Text.Json;

namespace ConvoSynth.Drills;

/// <summary>A run with a budget of half its cost stops there; with a larger budget it finishes.</summary>
internal static class BudgetDrill
{
    private const double Tolerance = 0.02;

    public static async Task<bool> Run(Settings settings)
    {
        var (count, concurrency) = (settings.Count ?? 2_000, settings.Concurrency ?? 200);
        using var folder = new DrillFolder();
        await using var endpoint = await EndpointProcess.Start(settings, "--latency", "0.1", "--latency-sigma", "0.4");
        var spec = folder.Spec(endpoint.Url);
        async Task<(int Exit, JsonElement Summary)> Generate(string name, params string[] more)
        {
            var ended = await Programs.Run(
                settings,
                [
                    "generate",
                    "--spec",
                    spec,
                    "--count",
                    $"{count}",
                    "--concurrency",
                    $"{concurrency}",
                    "--out",
                    folder.At(name),
                    "--no-probe",
                    "--json",
                    .. more,
                ]
            );
            return ended.Output.Length > 0
                ? (ended.ExitCode, JsonDocument.Parse(ended.Output).RootElement)
                : throw new InvalidOperationException(ended.Errors);
        }

        // Both runs use the same id, since it is part of every row.
        var (_, whole) = await Generate("run");
        var rows = Rows.Of(folder.At("run"));
        Directory.Move(folder.At("run"), folder.At("whole"));
        var full = Cost(whole);
        var half = Math.Round(full / 2, 4);
        var (exit, stopped) = await Generate("run", "--max-cost", half.ToString(CultureInfo.InvariantCulture));
        var spent = Cost(stopped);
        var (last, resumed) = await Generate("run", "--resume", "--max-cost", (full * 2).ToString(CultureInfo.InvariantCulture));
        var same = Rows.Of(folder.At("run")).SequenceEqual(rows);
        var off = (spent - half) / half;
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{count} dialogues, {concurrency} in flight: the whole run costs ${full:0.0000}; "
                    + $"a limit of ${half:0.0000} stopped it at ${spent:0.0000} ({off:+0.00%;-0.00%}, aim {Tolerance:P0}), "
                    + $"exit code {exit}, {stopped.GetProperty("open").GetInt64()} open; resumed: "
                    + $"${Cost(resumed):0.0000}, exit code {last}, rows {(same ? "the same" : "NOT the same")}"
            )
        );
        return Math.Abs(off) <= Tolerance && exit == 3 && last == 0 && same;
    }

    private static double Cost(JsonElement summary) =>
        summary.GetProperty("ledger").GetProperty("lines").EnumerateArray().Sum(l => l.GetProperty("cost").GetDouble());
}
