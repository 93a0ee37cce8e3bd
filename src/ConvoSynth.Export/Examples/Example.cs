using ConvoSynth.Runs.Rows;

namespace ConvoSynth.Export.Examples;

/// <summary>What a trainer learns from at once: messages that end with one to learn from.</summary>
/// <param name="Messages">From the system message to the last message to learn from.</param>
/// <param name="LastOnly">Whether only the last message is learned from, whatever the others say.</param>
internal sealed record Example(ShardRow Row, IReadOnlyList<ChatMessage> Messages, bool LastOnly)
{
    /// <summary>The tools on offer, a JSON list in OpenAI's form; empty if there were none.</summary>
    public ReadOnlyMemory<byte> Tools => Row.Tools;

    public ChatMessage Last => Messages[^1];

    public IEnumerable<ChatMessage> Context => Messages.Take(Messages.Count - 1);

    /// <summary>Whether a trainer is to learn from the message at this place.</summary>
    public bool Trains(int place) => place == Messages.Count - 1 || (!LastOnly && Messages[place].Train);

    /// <summary>The answers of the agent from which a trainer must not learn.</summary>
    public int Masked => Enumerable.Range(0, Messages.Count).Count(i => Messages[i].Speaker == Speaker.Assistant && !Trains(i));
}
