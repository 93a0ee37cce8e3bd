using System.Collections.Immutable;
using System.Text.Json;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Blueprints;
using ConvoSynth.Domains.Proposals;
using ConvoSynth.Runs.Rows;

namespace ConvoSynth.Runs.Summaries;

/// <summary>One round of proposals.</summary>
/// <param name="Round">From 1; the first is without feedback.</param>
/// <param name="Valid">Proposals of this round that passed all stages.</param>
/// <param name="Refused">Stage → proposals that it refused.</param>
/// <param name="Faults">Fault, as <c>stage.reason</c> → proposals that have it.</param>
public sealed record ProposalRound(int Round, long Valid, SortedDictionary<string, long> Refused, SortedDictionary<string, long> Faults);

/// <summary>What became of a run's proposals.</summary>
/// <param name="Proposed">Indexes with a row whose task was to be proposed: valid, given up, or neither.</param>
/// <param name="GivenUp">Of these, indexes whose last proposal was refused.</param>
/// <param name="Neither">Of these, indexes that failed for another reason, such as an endpoint that did not answer.</param>
/// <param name="Simulated">Whether the built-in test endpoint proposed: then the figures are those of its settings.</param>
public sealed record ProposalFunnel(long Proposed, long GivenUp, long Neither, bool Simulated, ImmutableArray<ProposalRound> Rounds)
{
    /// <summary>Tokens of proposer and summarizer for each valid blueprint; null without one.</summary>
    public long? TokensPerValid { get; init; }

    public long Accepted { get; init; }

    /// <summary>All tokens behind proposed tasks, also of those given up, for each accepted dialogue; null without one.</summary>
    public long? TokensPerAccepted { get; init; }

    /// <summary>Accepted dialogues of sampled tasks in the same run.</summary>
    public long SampledAccepted { get; init; }

    /// <summary>The same for sampled tasks, whose blueprints take no token.</summary>
    public long? SampledTokensPerAccepted { get; init; }
}

/// <summary>Counts proposals from rows: what valid tasks took is in the blueprint, what given-up tasks took, in the reasons.</summary>
internal sealed class ProposalCounter(RunSpec spec)
{
    private readonly ProposalRound[] _rounds =
    [
        .. Enumerable
            .Range(1, spec.Proposals!.Rounds + 1)
            .Select(r => new ProposalRound(r, 0, new(StringComparer.Ordinal), new(StringComparer.Ordinal))),
    ];

    private long _proposed;
    private long _givenUp;
    private long _neither;
    private long _accepted;
    private long _sampledAccepted;
    private long _sampledTokens;

    /// <summary>The columns that it needs; none for a run without proposals.</summary>
    public static IReadOnlyList<string> Columns(RunSpec spec) => spec.Proposals is null ? [] : ["index", "attempt", "blueprint"];

    public void Count(ShardRow row)
    {
        var isProposed = spec.Proposals!.Proposes(spec.Seed, spec.TaskOf(row.Index));
        if (!isProposed)
            _sampledTokens += Tokens(row.Usage);
        if (row.Status == RowStatus.Retried)
            return;
        if (row.Status == RowStatus.Accepted)
        {
            if (isProposed)
                _accepted++;
            else
                _sampledAccepted++;
        }

        if (!isProposed)
            return;
        _proposed++;
        if (Refused(row) is not { } refused)
        {
            _neither++;
            return;
        }

        for (var i = 0; i < refused.Count && i < _rounds.Length; i++)
        {
            var stage = refused[i][0].Split('.')[0];
            _rounds[i].Refused[stage] = _rounds[i].Refused.GetValueOrDefault(stage) + 1;
            foreach (var fault in refused[i].Distinct(StringComparer.Ordinal))
                _rounds[i].Faults[fault] = _rounds[i].Faults.GetValueOrDefault(fault) + 1;
        }

        if (row.Status == RowStatus.Failed)
            _givenUp++;
        else
            _rounds[refused.Count] = _rounds[refused.Count] with { Valid = _rounds[refused.Count].Valid + 1 };
    }

    public ProposalFunnel Total(Ledger ledger)
    {
        var ours = ledger.Lines.Where(l => l.Role is ProposedBlueprints.Role or ProposedBlueprints.SummarizerRole);
        var (making, all) = (ours.Sum(Tokens), ledger.Lines.Sum(Tokens));
        var valid = _rounds.Sum(r => r.Valid);
        var simulated = spec.Endpoints.Any(e => e.Rehearsal && e.Name == spec.Proposals!.Endpoint);
        return new(_proposed, _givenUp, _neither, simulated, [.. _rounds])
        {
            TokensPerValid = valid == 0 ? null : making / valid,
            Accepted = _accepted,
            TokensPerAccepted = _accepted == 0 ? null : (all - _sampledTokens) / _accepted,
            SampledAccepted = _sampledAccepted,
            SampledTokensPerAccepted = _sampledAccepted == 0 ? null : _sampledTokens / _sampledAccepted,
        };
    }

    private static long Tokens(LedgerLine line) => line.Usage.InputTokens + line.Usage.OutputTokens;

    private static long Tokens(ReadOnlyMemory<byte> usage)
    {
        if (usage.IsEmpty)
            return 0;
        using var read = JsonDocument.Parse(usage);
        return Of("input_tokens") + Of("output_tokens");

        long Of(string name) => read.RootElement.TryGetProperty(name, out var value) ? value.GetInt64() : 0;
    }

    // For each refused proposal of the index its faults, in order; null if the row says nothing of proposals.
    private static List<string[]>? Refused(ShardRow row)
    {
        if (row.Status != RowStatus.Failed)
            return OfBlueprint(row.Blueprint);
        var rounds = row
            .RejectReasons.Where(r => r.StartsWith(ProposedBlueprints.ReasonPrefix, StringComparison.Ordinal))
            .Select(r => r[ProposedBlueprints.ReasonPrefix.Length..].Split('.', 2))
            .GroupBy(r => r[0], r => r[1], StringComparer.Ordinal)
            .Select(g => g.ToArray())
            .ToList();
        return rounds.Count == 0 ? null : rounds;
    }

    private static List<string[]>? OfBlueprint(ReadOnlyMemory<byte> blueprint)
    {
        if (blueprint.IsEmpty)
            return null;
        using var read = JsonDocument.Parse(blueprint);
        if (!read.RootElement.TryGetProperty("proposal", out var proposal))
            return null;
        return
        [
            .. proposal
                .GetProperty("refused")
                .EnumerateArray()
                .Select(r => r.GetProperty("faults").EnumerateArray().Select(f => f.GetProperty("check").GetString()!).ToArray()),
        ];
    }
}
