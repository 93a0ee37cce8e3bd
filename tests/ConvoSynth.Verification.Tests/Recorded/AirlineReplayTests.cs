using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Dialogues.Blueprints;
using ConvoSynth.Dialogues.Recorded;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains.Checking;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Verification.Verifiers;

namespace ConvoSynth.Verification.Tests;

/// <summary>120 dialogues that language models played in tau-bench's airline domain, on that benchmark's database.</summary>
public sealed class AirlineReplayTests
{
    [RealDataFact]
    public void Every_recorded_observation_comes_back_and_every_reward_agrees()
    {
        var pack = PackLoading.Load(TestPacks.Shipped("airline"), RealDataFactAttribute.PathTo("airline")).AsBenchmark();
        var file = RealDataFactAttribute.PathTo("airline", "recorded.json");
        var recorded = RecordedDialogues.Read(file, File.ReadAllBytes(file));
        var tasks = TaskFile.Read(RealDataFactAttribute.PathTo("airline", "tasks.json")).ToDictionary(t => t.Id, StringComparer.Ordinal);
        var wrong = new List<string>();
        foreach (var dialogue in recorded.Dialogues)
        {
            var task = tasks[dialogue.TaskId];
            var blueprint = ForeignTask.AsBlueprint(pack, task, dialogue.Instruction);
            var trace = Trace.Run(pack, blueprint, dialogue.AsConversation(pack, recorded.System));
            wrong.AddRange(
                trace.Calls.Where(c => !CameBack(c)).Select(c => $"{dialogue.Id} message {c.Observation}: {c.Recorded} / {c.Result.Text}")
            );
            var verdicts = TauBenchOutcome.Verify(trace);
            var reward = verdicts.Any(v => v.Rejects) ? 0.0 : 1.0;
            if (!reward.Equals(dialogue.Reward))
                wrong.Add($"{dialogue.Id}: reward {dialogue.Reward}, here {reward}: {string.Join("; ", verdicts.Select(v => v.Evidence))}");
        }

        recorded.Dialogues.Should().HaveCount(120);
        wrong.Should().BeEmpty();
    }

    private static bool CameBack(TraceCall call) =>
        call.Observation >= 0
        && (
            call.Recorded == call.Result.Text
            || (call.Result.IsError && call.Recorded.StartsWith("Error", StringComparison.Ordinal))
            || (Json.TryParse(call.Recorded, out var a, out _) && Json.TryParse(call.Result.Text, out var b, out _) && a == b)
        );
}
