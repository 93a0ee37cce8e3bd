using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Blueprints;
using ConvoSynth.Dialogues.Recorded;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains.Checking;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Verification.Verifiers;
using Xunit.Abstractions;

namespace ConvoSynth.Verification.Tests;

/// <summary>180 dialogues that language models played in tau-bench's retail domain, on that benchmark's database.</summary>
public sealed class RetailReplayTests(ITestOutputHelper output)
{
    [RealDataFact]
    public void Every_recorded_observation_comes_back_and_every_reward_agrees()
    {
        var pack = PackLoading.Load(TestPacks.Shipped("retail"), RealDataFactAttribute.PathTo("retail")).AsBenchmark();
        var file = RealDataFactAttribute.PathTo("retail", "recorded.json");
        var recorded = RecordedDialogues.Read(file, File.ReadAllBytes(file));
        var tasks = TaskFile
            .Read(RealDataFactAttribute.PathTo("retail", "tasks-with-reads.json"))
            .ToDictionary(t => t.Id, StringComparer.Ordinal);
        var verifier = Verifier.Default(pack);
        var wrong = new List<string>();
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var calls = 0;
        foreach (var dialogue in recorded.Dialogues)
        {
            var task = tasks[dialogue.TaskId];
            var blueprint = ForeignTask.AsBlueprint(pack, task, dialogue.Instruction);
            var trace = Trace.Run(pack, blueprint, dialogue.AsConversation(pack, recorded.System));
            calls += trace.Calls.Count;
            wrong.AddRange(
                trace
                    .Calls.Where(c => !ReplayEquals(c))
                    .Select(c => $"{dialogue.Id} message {c.Observation}: {c.Recorded} / {c.Result.Text}")
            );

            var verdicts = TauBenchOutcome.Verify(trace);
            var reward = verdicts.Any(v => v.Rejects) ? 0.0 : 1.0;
            if (!reward.Equals(dialogue.Reward))
                wrong.Add($"{dialogue.Id}: reward {dialogue.Reward}, here {reward}: {string.Join("; ", verdicts.Select(v => v.Evidence))}");

            var ours = verifier.Verify(trace).Verdicts.Any(v => v is { Stage: "outcome", Check: "outputs" } && v.Rejects);
            if (ours != verdicts.Any(v => v is { Check: "outputs" } && v.Rejects))
                output.WriteLine($"OUTPUTS DIFFER {dialogue.Id} ours rejects: {ours}");
            foreach (var verdict in verifier.Verify(trace).Verdicts)
            {
                var key = $"{verdict.Stage}.{verdict.Check} {verdict.Outcome} reward {dialogue.Reward}";
                counts[key] = counts.GetValueOrDefault(key) + 1;
                if (verdict.Rejects)
                    output.WriteLine($"{dialogue.Id} r{dialogue.Reward} #{verdict.Message} {verdict.Reason} {verdict.Evidence}");
            }
        }

        output.WriteLine($"{recorded.Dialogues.Length} dialogues, {calls} calls");
        foreach (var (key, count) in counts)
            output.WriteLine($"{count, 5} {key}");
        recorded.Dialogues.Should().HaveCount(180);
        wrong.Should().BeEmpty();
    }

    private static bool ReplayEquals(TraceCall call) =>
        call.Observation >= 0
        && (
            call.Recorded == call.Result.Text
            || (IsError(call.Recorded) && call.Result.IsError)
            || (Json.TryParse(call.Recorded, out var a, out _) && Json.TryParse(call.Result.Text, out var b, out _) && a == b)
        );

    private static bool IsError(string text) =>
        text.StartsWith("Error", StringComparison.Ordinal) || text.StartsWith("Unknown action", StringComparison.Ordinal);
}
