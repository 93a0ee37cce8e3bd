using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Domains;

namespace ConvoSynth.Synthesis;

/// <summary>
/// The reward rule of tau-bench, beside our own outcome checks: 1 where the dialogue came to an end, the database equals the one that the gold
/// actions leave, and every output occurs in a message in which the agent speaks and calls nothing, ignoring case and the commas of the message.
/// </summary>
public static class TauBenchOutcome
{
    private static readonly CheckName EndState = new("tau-bench", "end-state");
    private static readonly CheckName Outputs = new("tau-bench", "outputs");
    private static readonly CheckName Ended = new("tau-bench", "end");

    /// <summary>The database changes that the gold actions make on a fresh copy, generated values and all as they are. The transfer changes nothing.</summary>
    public static StateDiff GoldDiff(Pack pack, Blueprint blueprint)
    {
        var environment = new DialogueEnvironment(pack, blueprint.Patch);
        foreach (var action in blueprint.Actions)
        {
            if (pack.Tools.Find(action.Tool) is { } tool) environment.Call(tool, action.Arguments);
        }

        return environment.Diff();
    }

    /// <summary>One verdict for each of the rule's three conditions; the reward is 1 where none failed.</summary>
    /// <param name="gold">What <see cref="GoldDiff"/> gave for the trace's blueprint.</param>
    /// <param name="outputs">The texts that the agent must say.</param>
    public static ImmutableArray<Verdict> Verify(Trace trace, StateDiff gold, IReadOnlyList<string> outputs)
    {
        var verdicts = ImmutableArray.CreateBuilder<Verdict>(3);
        var end = new Findings(Ended, verdicts);
        if (trace.Conversation.End is not (DialogueEnd.HumanStop or DialogueEnd.Transfer)) end.Fail(Fault.Agent, null, "the dialogue ran out of steps");
        end.Close();

        var state = new Findings(EndState, verdicts);
        if (!trace.Diff.Equals(gold)) state.Fail(Fault.Agent, null, Difference(trace.Diff, gold));
        state.Close();

        var said = new Findings(Outputs, verdicts);
        foreach (var output in outputs)
        {
            if (!IsSaid(trace.Conversation.Messages, output)) said.Fail(Fault.Agent, null, $"the agent never says {output}");
        }

        said.Close();
        return verdicts.ToImmutable();
    }

    private static bool IsSaid(ImmutableArray<Message> messages, string output)
    {
        foreach (var message in messages)
        {
            if (Speech.IsAgentTurn(message) && message.Content!.Replace(",", "", StringComparison.Ordinal).Contains(output, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }

    private static string Difference(StateDiff made, StateDiff gold)
    {
        var missing = gold.Changes.FirstOrDefault(c => !made.Changes.Contains(c));
        var extra = made.Changes.FirstOrDefault(c => !gold.Changes.Contains(c));
        return $"missing: {missing?.ToString() ?? "nothing"}; not in gold: {extra?.ToString() ?? "nothing"}";
    }
}
