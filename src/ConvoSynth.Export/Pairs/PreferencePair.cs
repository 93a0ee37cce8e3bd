using ConvoSynth.Export.Examples;
using ConvoSynth.Runs.Rows;

namespace ConvoSynth.Export.Pairs;

/// <summary>Two answers to one conversation: of an accepted dialogue, and of a rejected one of the same task.</summary>
/// <param name="Context">The messages that both dialogues begin with.</param>
internal sealed record PreferencePair(
    ShardRow Accepted,
    ShardRow Rejected,
    IReadOnlyList<ChatMessage> Context,
    ChatMessage Chosen,
    ChatMessage Refused
)
{
    /// <summary>The tools on offer where the two dialogues part.</summary>
    public ReadOnlyMemory<byte> Tools => ToolEpochs.Of(Accepted).First(e => Context.Count < e.End).Row.Tools;
}
