using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Recorded;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Rows;
using ConvoSynth.Runs.Trajectories;
using ConvoSynth.Verification.Verifiers;

namespace ConvoSynth.Runs.Summaries;

/// <summary>How often the benchmark's reward, computed here, equals the recorded one.</summary>
public sealed record RewardAgreement(long Matched, long Total, IReadOnlyList<RewardDisagreement> Disagreements);

/// <summary>A dialogue whose computed reward differs from the recorded one, and the failures found here.</summary>
public sealed record RewardDisagreement(string Id, long Index, double Recorded, double Reward, IReadOnlyList<string> Why);

/// <summary>Our own outcome checks beside the benchmark's reward: counts, and each dialogue on which they differ.</summary>
public sealed record OutcomeComparison(
    long BothPass,
    long BothFail,
    long OnlyRewardPasses,
    long OnlyOursPass,
    IReadOnlyList<OutcomeDifference> Differences
);

/// <summary>A dialogue on which our outcome checks and the benchmark's reward differ.</summary>
/// <param name="Passes">Whether our checks pass.</param>
/// <param name="Why">The reasons of the failing side.</param>
public sealed record OutcomeDifference(string Id, long Index, bool Passes, IReadOnlyList<string> Why);

/// <summary>How many recorded observations the environment reproduced.</summary>
public sealed record ObservationAgreement(long Matched, long Total, IReadOnlyList<ObservationDifference> Differences);

/// <summary>An observation that differs; <paramref name="Message"/> is its index in the record.</summary>
public sealed record ObservationDifference(string Id, int Message, string What);

/// <summary>Compares the committed rows of a replay with the record behind them.</summary>
public sealed class ReplayAgreement(Pack pack, RecordedDialogues record)
{
    private const int Quoted = 160;

    private readonly List<RewardDisagreement> _disagreements = [];
    private readonly List<OutcomeDifference> _differences = [];
    private readonly List<ObservationDifference> _observations = [];
    private long _agree;
    private long _rows;
    private long _bothPass;
    private long _bothFail;
    private long _same;
    private long _observed;

    public RunSummary AddTo(RunSummary summary, RunFolder run)
    {
        foreach (var row in new RunReader(run).Rows())
            Take(row, record.Dialogues[(int)row.Index]);
        return summary with
        {
            Agreement = new(_agree, _rows, _disagreements),
            OutcomeStage = new(_bothPass, _bothFail, _differences.Count(d => !d.Passes), _differences.Count(d => d.Passes), _differences),
            Observations = new(_same, _observed, _observations),
        };
    }

    private void Take(ShardRow row, RecordedDialogue recorded)
    {
        _rows++;
        if (row.Status == RowStatus.Failed)
        {
            _observed += recorded.Messages.Count(m => m.Role == MessageRole.Tool);
            _disagreements.Add(
                new(recorded.Id, row.Index, recorded.Reward, 0, [$"no dialogue came about: {string.Join("; ", row.RejectReasons)}"])
            );
            return;
        }

        var blueprint = RowConversation.BlueprintOf(row);
        var conversation = RowConversation.Of(row, pack.ToolsFor(blueprint));
        Observations(recorded, conversation);
        var reward = TauBenchOutcome.Verify(Trace.Run(pack, blueprint, conversation));
        var passes = !reward.Any(v => v.Rejects);
        if ((passes ? 1.0 : 0.0).Equals(recorded.Reward))
            _agree++;
        else
            _disagreements.Add(new(recorded.Id, row.Index, recorded.Reward, passes ? 1 : 0, Evidence(reward)));
        Outcome(row, recorded, passes, Evidence(reward));
    }

    private void Outcome(ShardRow row, RecordedDialogue recorded, bool rewarded, IReadOnlyList<string> why)
    {
        var ours = RowConversation.VerdictsOf(row).Where(v => v.Stage == "outcome").ToArray();
        var passes = !ours.Any(v => v.Rejects);
        if (passes && rewarded)
            _bothPass++;
        else if (!passes && !rewarded)
            _bothFail++;
        else
            _differences.Add(new(recorded.Id, row.Index, passes, passes ? why : Evidence(ours)));
    }

    private static string[] Evidence(IEnumerable<Verdict> verdicts) =>
        [.. verdicts.Where(v => v.Rejects).Select(v => $"{v.Reason}: {v.Evidence}")];

    // Pairs observations by position. If the n-th ones differ, something was not played as recorded.
    private void Observations(RecordedDialogue recorded, Conversation conversation)
    {
        var here = conversation.Messages.Where(m => m.Role == MessageRole.Tool).ToArray();
        var taken = 0;
        for (var i = 0; i < recorded.Messages.Length; i++)
        {
            if (recorded.Messages[i] is not { Role: MessageRole.Tool } there)
                continue;
            _observed++;
            var ours = taken < here.Length ? here[taken++] : null;
            if (ours is not null && ours.Name == there.Name && Equal(there.Content ?? "", ours.Content ?? ""))
                _same++;
            else
                _observations.Add(
                    new(
                        recorded.Id,
                        i,
                        $"recorded {Cut(there.Content ?? "")}; here {(ours is null ? "there is none" : Cut(ours.Content ?? ""))}"
                    )
                );
        }
    }

    // Each environment words its own errors.
    private static bool Equal(string there, string here)
    {
        if (string.Equals(there, here, StringComparison.Ordinal))
            return true;
        if (IsError(there) || IsError(here))
            return IsError(there) && IsError(here);
        return Json.TryParse(there, out var a, out _) && Json.TryParse(here, out var b, out _) && a == b;
    }

    private static bool IsError(string text) =>
        text.StartsWith("Error", StringComparison.Ordinal) || text.StartsWith("Unknown action", StringComparison.Ordinal);

    private static string Cut(string text) => text.Length <= Quoted ? text : text[..Quoted] + "…";
}
