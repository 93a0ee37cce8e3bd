using System.Collections.Immutable;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.State;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Environments;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Verification.Language;

namespace ConvoSynth.Verification.Verifiers;

/// <summary>
/// The reward rule of tau-bench, beside our own outcome checks. The reward is 1 on three conditions. The dialogue ended, the database
/// equals the result of the gold actions, and each output occurs in a text of the agent without calls. The text of a foreign task must
/// occur literally, ignoring case and the commas of the message. The value of one of our own tasks may occur in any spelling of its type.
/// </summary>
public static class TauBenchOutcome
{
    public const string Stage = "tau-bench";

    private static readonly CheckName EndState = new(Stage, "end-state");
    private static readonly CheckName Outputs = new(Stage, "outputs");
    private static readonly CheckName Ended = new(Stage, "end");

    /// <summary>One verdict for each of the rule's three conditions; the reward is 1 if none failed.</summary>
    public static ImmutableArray<Verdict> Verify(Trace trace)
    {
        var verdicts = ImmutableArray.CreateBuilder<Verdict>(3);
        var end = new Findings(Ended, verdicts);
        if (trace.Conversation.End is not (DialogueEnd.HumanStop or DialogueEnd.Transfer))
            end.Fail(Fault.Agent, null, "the dialogue ran out of steps");
        end.Close();

        var state = new Findings(EndState, verdicts);
        if (!WritesAsGold(trace) && GoldDiff(trace.Pack, trace.Blueprint) is var gold && !trace.Diff.Equals(gold))
            state.Fail(Fault.Agent, null, Difference(trace.Diff, gold));
        state.Close();

        var said = new Findings(Outputs, verdicts);
        foreach (var output in trace.Blueprint.Outputs)
        {
            if (!IsSaid(trace.Conversation.Messages, output))
                said.Fail(Fault.Agent, null, $"the agent never says {output.Text ?? output.Value.ToString()}");
        }

        said.Close();
        return verdicts.ToImmutable();
    }

    // The same writes in the same order leave the same database, so most dialogues need no replay of gold.
    private static bool WritesAsGold(Trace trace)
    {
        var next = 0;
        var gold = trace.Blueprint.Actions;
        foreach (var call in trace.Calls)
        {
            if (!call.Wrote && call.Writes.IsEmpty)
                continue;
            while (next < gold.Length && !gold[next].Writes)
                next++;
            if (!call.Wrote || next == gold.Length || gold[next].Tool != call.Tool!.Name || gold[next].Arguments != call.Arguments)
                return false;
            next++;
        }

        return !gold.Skip(next).Any(a => a.Writes);
    }

    // The diff keeps generated values as they are. A transfer changes nothing.
    private static StateDiff GoldDiff(Pack pack, Blueprint blueprint)
    {
        var environment = new DialogueEnvironment(pack, blueprint.Patch);
        foreach (var action in blueprint.Actions)
        {
            if (pack.Tools.Find(action.Tool) is { } tool)
                environment.Call(tool, action.Arguments);
        }

        return environment.Diff();
    }

    private static bool IsSaid(ImmutableArray<Message> messages, ExpectedOutput output)
    {
        foreach (var message in messages)
        {
            if (Speech.IsAgentTurn(message) && IsSaid(message.Content!, output))
                return true;
        }

        return false;
    }

    private static bool IsSaid(string text, ExpectedOutput output) =>
        output.Text is { } wanted
            ? text.Replace(",", "", StringComparison.Ordinal).Contains(wanted, StringComparison.OrdinalIgnoreCase)
            : output.Accepted.Append(output.Value).Any(v => FieldValues.Says(text, output.Type, v));

    private static string Difference(StateDiff made, StateDiff gold)
    {
        var missing = gold.Changes.FirstOrDefault(c => !made.Changes.Contains(c));
        var extra = made.Changes.FirstOrDefault(c => !gold.Changes.Contains(c));
        return $"missing: {missing?.ToString() ?? "nothing"}; not in gold: {extra?.ToString() ?? "nothing"}";
    }
}
