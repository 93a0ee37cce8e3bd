using System.Collections.Immutable;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Verification.Verifiers;

namespace ConvoSynth.Cli.Coverage;

/// <summary>
/// Agents that do no work, judged by the outcome checks of real dialogues. A blueprint that passes one requires nothing.
/// </summary>
internal sealed class TrivialAgents(Pack pack)
{
    private const string Refusal = "I'm sorry, I can't help you with that.";

    private readonly Verifier _verifier = Verifier.Default(pack);

    /// <summary>Whether an agent that says and does nothing passes.</summary>
    public bool SilencePasses(Blueprint blueprint) => Passes(blueprint, "");

    /// <summary>Whether an agent that reads nothing and refuses passes.</summary>
    public bool RefusingPasses(Blueprint blueprint) => Passes(blueprint, Refusal);

    /// <summary>Whether a refusal is the whole solution.</summary>
    public static bool RefusalIsGold(Blueprint blueprint) =>
        !blueprint.Refusals.IsEmpty && blueprint.Outputs.IsEmpty && !blueprint.Actions.Any(a => a.Writes);

    private bool Passes(Blueprint blueprint, string reply)
    {
        ImmutableArray<Message> messages = [Message.User(blueprint.Instruction), Message.Assistant(reply), Message.User(StopMarks.Stop)];
        var conversation = new Conversation
        {
            System = pack.SystemPrompt,
            Tools = pack.ToolsFor(blueprint),
            Messages = messages,
            Meta = [.. messages.Select(_ => new MessageMeta())],
            End = DialogueEnd.HumanStop,
        };
        return !_verifier
            .Verify(pack, blueprint, conversation)
            .Verdicts.Any(v => v.Rejects && (v.Stage == "outcome" || v.Name == "procedure.transfer-iff"));
    }
}
