using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Models.Quota;

namespace ConvoSynth.Runs.Forecasts;

/// <summary>One role on one endpoint; all figures but <paramref name="Cost"/> are means for one dialogue.</summary>
/// <param name="InputTokens">Cached ones included.</param>
/// <param name="CachedTokens">Read from the provider's prompt cache, if it keeps each dialogue's earlier prompts.</param>
/// <param name="OutputTokens">Assumed reasoning included.</param>
/// <param name="Cost">US dollars of the whole run; null if the endpoint has no price.</param>
public sealed record RoleForecast(
    string Role,
    string Endpoint,
    double Calls,
    double InputTokens,
    double CachedTokens,
    double OutputTokens,
    decimal? Cost
);

/// <summary>How long the run takes if nothing but this limit holds it up.</summary>
public sealed record LimitForecast(string Limit, double Hours);

/// <summary>What a run will cost and how long it will take, computed from a sample that scripts played.</summary>
public sealed record Forecast
{
    // In seconds.
    private const double Minute = 60;
    private const double Hour = 3600;

    public required long Dialogues { get; init; }

    /// <summary>Dialogues in the sample.</summary>
    public required long Sample { get; init; }

    public required ImmutableArray<RoleForecast> Roles { get; init; }

    /// <summary>US dollars of the priced endpoints.</summary>
    public required decimal Cost { get; init; }

    /// <summary>Endpoints without a price, whose calls <see cref="Cost"/> lacks.</summary>
    public required ImmutableArray<string> Unpriced { get; init; }

    /// <summary>Longest first: the first one binds.</summary>
    public required ImmutableArray<LimitForecast> Limits { get; init; }

    public required double Hours { get; init; }

    public required long ShardBytes { get; init; }

    public required long JournalBytes { get; init; }

    /// <summary>Why a budget ends the run before its last dialogue, as a sentence; null if none does.</summary>
    public string? BudgetEnds { get; init; }

    /// <param name="concurrency">Dialogues in flight.</param>
    public static Forecast Of(RunSpec spec, int concurrency, Budget budget, PlayedSample sample, ForecastAssumptions assumed)
    {
        var endpoints = spec.Endpoints.ToDictionary(e => e.Name, StringComparer.Ordinal);
        var roles = sample
            .Ledger.Lines.GroupBy(l => (l.Role, l.Endpoint))
            .OrderBy(g => g.Key)
            .Select(g => RoleOf(spec.Count, endpoints[g.Key.Endpoint], g.Key.Role, g, sample.Dialogues, assumed))
            .ToImmutableArray();
        var limits = LimitsOf(spec.Count, roles, endpoints, concurrency, sample.CpuSeconds, assumed);
        var cost = roles.Sum(r => r.Cost ?? 0);
        var hours = limits[0].Hours;
        return new()
        {
            Dialogues = spec.Count,
            Sample = sample.Dialogues,
            Roles = roles,
            Cost = Math.Round(cost, 2),
            Unpriced = [.. roles.Where(r => r.Cost is null).Select(r => r.Endpoint).Distinct(StringComparer.Ordinal)],
            Limits = limits,
            Hours = hours,
            ShardBytes = sample.ShardBytes * spec.Count / sample.Dialogues,
            JournalBytes = sample.JournalBytes * spec.Count / sample.Dialogues,
            BudgetEnds = BudgetEndsOf(budget, spec.Count, cost, roles.Sum(r => r.InputTokens + r.OutputTokens), hours),
        };
    }

    public string ToJson() => JsonSerializer.Serialize(this, ForecastJson.Default.Forecast);

    private static RoleForecast RoleOf(
        long count,
        EndpointSpec endpoint,
        string role,
        IEnumerable<LedgerLine> lines,
        long sample,
        ForecastAssumptions assumed
    )
    {
        var (calls, usage) = (0L, Usage.None);
        foreach (var line in lines)
            (calls, usage) = (calls + line.Calls, usage + line.Usage);
        usage = usage with { OutputTokens = usage.OutputTokens + (calls * assumed.ReasoningTokens) };
        return new(
            role,
            endpoint.Name,
            Each(calls),
            Each(usage.InputTokens),
            Each(usage.CachedTokens),
            Each(usage.OutputTokens),
            endpoint.CostOf(usage) is { } cost ? Math.Round(cost * count / sample, 2) : null
        );

        double Each(long all) => Math.Round((double)all / sample, 2);
    }

    private static ImmutableArray<LimitForecast> LimitsOf(
        long count,
        ImmutableArray<RoleForecast> roles,
        Dictionary<string, EndpointSpec> endpoints,
        int concurrency,
        double cpuSeconds,
        ForecastAssumptions assumed
    )
    {
        var limits = new List<LimitForecast>();
        var minute = Minute / new QuotaOptions().Share;
        foreach (var group in roles.GroupBy(r => endpoints[r.Endpoint].AccountKey(), StringComparer.Ordinal))
        {
            var allowed = AccountLimits.Of(group.Key, endpoints.Values);
            var names = string.Join(", ", group.Select(r => r.Endpoint).Distinct(StringComparer.Ordinal));
            Add("requests a minute", allowed.RequestsPerMinute, group.Sum(r => r.Calls) * minute);
            Add("tokens a minute", allowed.TokensPerMinute, group.Sum(r => r.InputTokens + r.OutputTokens) * minute);
            Add("requests in flight", allowed.InFlight, group.Sum(r => Seconds(r, assumed)));

            void Add(string what, long? limit, double seconds)
            {
                if (limit is { } most)
                    limits.Add(Of(string.Create(CultureInfo.InvariantCulture, $"{what} of {names} ({most:#,0})"), seconds / most));
            }
        }

        // A dialogue asks one question after another.
        limits.Add(
            Of(
                string.Create(CultureInfo.InvariantCulture, $"dialogues in flight ({concurrency:#,0})"),
                roles.Sum(r => Seconds(r, assumed)) / concurrency
            )
        );
        limits.Add(Of(string.Create(CultureInfo.InvariantCulture, $"cores ({assumed.Cores:#,0})"), cpuSeconds / assumed.Cores));
        return [.. limits.OrderByDescending(l => l.Hours)];

        LimitForecast Of(string limit, double seconds) => new(limit, Math.Round(count * seconds / Hour, 3));
    }

    private static double Seconds(RoleForecast role, ForecastAssumptions assumed) =>
        (role.Calls * assumed.Latency) + (role.OutputTokens / assumed.TokensPerSecond);

    private static string? BudgetEndsOf(Budget budget, long count, decimal cost, double tokensEach, double hours)
    {
        if (budget.Cost is { } most && cost > most)
            return Ends(string.Create(CultureInfo.InvariantCulture, $"--max-cost {most}"), (double)(most / cost));
        if (budget.Tokens is { } tokens && tokensEach * count > tokens)
            return Ends(string.Create(CultureInfo.InvariantCulture, $"--max-tokens {tokens}"), tokens / (tokensEach * count));
        return budget.Duration is { } duration && hours > duration.TotalHours
            ? Ends($"--max-duration {duration}", duration.TotalHours / hours)
            : null;

        string Ends(string limit, double share) =>
            string.Create(CultureInfo.InvariantCulture, $"{limit} ends the run after about {Math.Floor(count * share):#,0} dialogues");
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    WriteIndented = true,
    NewLine = "\n",
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(Forecast))]
internal sealed partial class ForecastJson : JsonSerializerContext;
