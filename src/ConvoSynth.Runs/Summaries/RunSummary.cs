using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Runs.Folders;

namespace ConvoSynth.Runs.Summaries;

/// <summary>A run's results, counted from its committed rows, and the duration of this process's work on it.</summary>
public sealed record RunSummary
{
    public required string RunId { get; init; }

    public required long Planned { get; init; }

    /// <summary>The profile that decided acceptance.</summary>
    public Profile Accept { get; init; }

    public required long Accepted { get; init; }

    /// <summary>Rows that wait for a judge or a person.</summary>
    public long Undecided { get; init; }

    public required long Rejected { get; init; }

    public required long Failed { get; init; }

    /// <summary>Attempts in which the simulated human broke its role, and which another attempt followed; rows beyond the plan.</summary>
    public long Retried { get; init; }

    /// <summary>Planned indexes without a row: the run was stopped, and <c>--resume</c> continues it.</summary>
    public required long Open { get; init; }

    /// <summary>Why rows were rejected.</summary>
    public required SortedDictionary<string, long> Reasons { get; init; }

    /// <summary>The checks that left rows undecided.</summary>
    public SortedDictionary<string, long> UndecidedReasons { get; init; } = new(StringComparer.Ordinal);

    public required SortedDictionary<string, IntentCounts> Intents { get; init; }

    /// <summary>Slice → the outcomes of its rows, for a run with shares of slices; null for another.</summary>
    public SortedDictionary<string, IntentCounts>? Slices { get; init; }

    /// <summary>Planted fault → the outcomes of its rows.</summary>
    public required SortedDictionary<string, PlantedCounts> Planted { get; init; }

    /// <summary>Rejected rows without a planted fault.</summary>
    public required long RejectedUnplanted { get; init; }

    /// <summary>The steps from the plan to the accepted rows, each with its remainder.</summary>
    public ImmutableArray<FunnelStep> Funnel { get; init; } = [];

    /// <summary>Null if there was no early stop.</summary>
    public EarlyStops? EarlyStops { get; init; }

    /// <summary>The cost of the model calls behind the committed rows; null if no endpoint was called.</summary>
    public Ledger? Ledger { get; init; }

    /// <summary>US dollars: the cost of all committed rows per accepted row.</summary>
    public decimal? CostPerAccepted { get; init; }

    /// <summary>Input and output tokens of all committed rows per accepted row; null if no endpoint was called.</summary>
    public long? TokensPerAccepted { get; init; }

    /// <summary>Wall time of this process's work, in seconds.</summary>
    public double Seconds { get; init; }

    /// <summary>Counts the rows that this process made.</summary>
    public double DialoguesPerSecond { get; init; }

    /// <summary>For recorded dialogues: how the benchmark's reward, computed here, agrees with the recorded one.</summary>
    public RewardAgreement? Agreement { get; init; }

    /// <summary>For recorded dialogues: our own outcome checks beside the benchmark's reward.</summary>
    public OutcomeComparison? OutcomeStage { get; init; }

    /// <summary>For recorded dialogues: how many recorded observations the environment reproduced.</summary>
    public ObservationAgreement? Observations { get; init; }

    /// <summary>What became of proposals; null if no task was to be proposed.</summary>
    public ProposalFunnel? Proposals { get; init; }

    /// <summary>How the judges agree; null without a committee, or if no row was judged by all of its seats.</summary>
    public CommitteeAgreement? Committee { get; init; }

    public const string FileName = "summary.json";

    private static readonly string[] Columns =
    [
        "domain",
        "intent",
        "slice",
        "status",
        "reject_reasons",
        "undecided_reasons",
        "planted_fault",
        "usage",
    ];

    /// <summary>Counts the committed rows only.</summary>
    public static RunSummary Count(RunSpec spec, RunFolder run)
    {
        var reasons = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var undecidedReasons = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var intents = new SortedDictionary<string, IntentCounts>(StringComparer.Ordinal);
        var slices = new SortedDictionary<string, IntentCounts>(StringComparer.Ordinal);
        var planted = new SortedDictionary<string, PlantedCounts>(StringComparer.Ordinal);
        var funnel = new Funnel(spec.Count);
        var stops = new EarlyStopCounter();
        var judges = new JudgeAgreement(spec);
        var proposals = spec.Proposals is null ? null : new ProposalCounter(spec);
        long accepted = 0,
            undecided = 0,
            rejected = 0,
            failed = 0,
            retried = 0,
            unplanted = 0;
        foreach (
            var row in new RunReader(run).Rows(columns: [.. Columns, .. JudgeAgreement.Columns(spec).Union(ProposalCounter.Columns(spec))])
        )
        {
            judges.Count(row);
            proposals?.Count(row);
            if (row.PlantedFault is { } kind)
                planted[kind] = (planted.GetValueOrDefault(kind) ?? PlantedCounts.Zero).With(row.Status);
            if (row.Status == RowStatus.Retried)
            {
                retried++;
                continue;
            }

            funnel.Count(row);
            foreach (var reason in row.RejectReasons)
                reasons[reason] = reasons.GetValueOrDefault(reason) + 1;
            foreach (var reason in row.UndecidedReasons)
                undecidedReasons[reason] = undecidedReasons.GetValueOrDefault(reason) + 1;
            if (row.Status == RowStatus.Failed)
            {
                failed++;
                continue;
            }

            stops.Count(row);
            if (row.Status == RowStatus.Accepted)
                accepted++;
            else if (row.Status == RowStatus.Undecided)
                undecided++;
            else
                rejected++;
            if (row is { Status: RowStatus.Rejected, PlantedFault: null })
                unplanted++;
            var intent = $"{row.Domain}/{row.Intent}";
            intents[intent] = (intents.GetValueOrDefault(intent) ?? IntentCounts.Zero).With(row.Status);
            if (row.Slice is { } slice)
                slices[slice] = (slices.GetValueOrDefault(slice) ?? IntentCounts.Zero).With(row.Status);
        }

        var ledger = RunManifest.Read(run).Commits.Aggregate(Ledger.Empty, (sum, c) => sum + (c.Ledger ?? Ledger.Empty));
        return new()
        {
            Funnel = funnel.Steps(),
            EarlyStops = stops.Total(),
            Committee = judges.Total(),
            Proposals = proposals?.Total(ledger),
            Ledger = ledger.Lines.IsEmpty ? null : ledger,
            CostPerAccepted = ledger.Lines.IsEmpty || accepted == 0 ? null : Math.Round(ledger.Cost / accepted, 6),
            TokensPerAccepted =
                ledger.Lines.IsEmpty || accepted == 0 ? null : (ledger.Usage.InputTokens + ledger.Usage.OutputTokens) / accepted,
            RunId = spec.RunId,
            Planned = spec.Count,
            Accept = spec.Accept,
            Accepted = accepted,
            Undecided = undecided,
            Rejected = rejected,
            Failed = failed,
            Open = spec.Count - accepted - undecided - rejected - failed,
            Retried = retried,
            Reasons = reasons,
            UndecidedReasons = undecidedReasons,
            Intents = intents,
            Slices = spec.Slices is null ? null : slices,
            Planted = planted,
            RejectedUnplanted = unplanted,
        };
    }

    public void Write(RunFolder run) =>
        run.WriteFile(run.Path, FileName, stream => JsonSerializer.Serialize(stream, this, SummaryJson.Default.RunSummary));

    /// <summary>Adds the figures of <c>summary.json</c> that only the process that made the rows could measure.</summary>
    public RunSummary WithWhatRowsDoNotTell(RunFolder run)
    {
        if (run.ReadFile(FileName) is not { } text)
            return this;
        try
        {
            return JsonSerializer.Deserialize(text, SummaryJson.Default.RunSummary) is { } written
                ? this with
                {
                    Seconds = written.Seconds,
                    DialoguesPerSecond = written.DialoguesPerSecond,
                    Agreement = written.Agreement,
                    OutcomeStage = written.OutcomeStage,
                    Observations = written.Observations,
                }
                : this;
        }
        catch (JsonException e)
        {
            throw new RunException($"{Path.Combine(run.Path, FileName)} is damaged: {e.Message} Remove it: the counts are in the rows.");
        }
    }

    public string ToJson() => JsonSerializer.Serialize(this, SummaryJson.Default.RunSummary);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    WriteIndented = true,
    NewLine = "\n",
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(RunSummary))]
internal sealed partial class SummaryJson : JsonSerializerContext;
