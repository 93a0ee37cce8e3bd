using System.Globalization;
using ConvoSynth.Cli.Tables;
using ConvoSynth.Runs.Forecasts;

namespace ConvoSynth.Cli.Texts;

/// <summary>A forecast for people.</summary>
internal static class ForecastText
{
    private const double Giga = 1e9;

    public static void Print(Forecast forecast, ForecastAssumptions assumed)
    {
        Line($"{forecast.Dialogues:#,0} dialogues, from {forecast.Sample:#,0} that scripts played; no model was called");
        Roles(forecast);
        Line($"cost: ${forecast.Cost:#,0.00} in all, ${forecast.Cost / forecast.Dialogues:0.000000} a dialogue");
        foreach (var endpoint in forecast.Unpriced)
            Line($"  without the endpoint {endpoint}, which has no price");
        Line($"time: {Duration(forecast.Hours)}, bound by {forecast.Limits[0].Limit}; each limit alone:");
        var limits = new TextTable("", TextColumn.Number(""));
        foreach (var limit in forecast.Limits)
            limits.Add(limit.Limit, Duration(limit.Hours));
        limits.Print();
        Line($"disk: {forecast.ShardBytes / Giga:0.###} GB of shards, {forecast.JournalBytes / Giga:0.###} GB of journals");
        if (forecast.BudgetEnds is { } ends)
            Line($"budget: {ends}");
        Line($"assumed: 4 bytes a token, {assumed.Latency} s before an answer, {assumed.TokensPerSecond} tokens a second,");
        Line($"  {assumed.ReasoningTokens} tokens of reasoning in an answer");
    }

    private static void Roles(Forecast forecast)
    {
        if (forecast.Roles.IsEmpty)
            return;
        var table = new TextTable(
            "role",
            "endpoint",
            TextColumn.Number("calls"),
            TextColumn.Number("input"),
            TextColumn.Number("cached"),
            TextColumn.Number("output"),
            TextColumn.Number("cost $ in all")
        );
        foreach (var role in forecast.Roles)
            table.Add(
                role.Role,
                role.Endpoint,
                Text(role.Calls, "0.0"),
                Text(role.InputTokens, "0"),
                Text(role.CachedTokens, "0"),
                Text(role.OutputTokens, "0"),
                role.Cost is { } cost ? Text(cost, "#,0.00") : "no price"
            );
        Console.WriteLine("means of one dialogue, further attempts included:");
        table.Print();
    }

    private static string Duration(double hours) =>
        hours switch
        {
            < 1.0 / 60 => Text(hours * 3600, "0 s"),
            < 1 => Text(hours * 60, "0.0 min"),
            < 48 => Text(hours, "0.0 h"),
            _ => Text(hours / 24, "#,0.0 days"),
        };

    private static string Text(IFormattable value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private static void Line(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
