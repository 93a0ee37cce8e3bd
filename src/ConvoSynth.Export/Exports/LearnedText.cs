using ConvoSynth.Export.Examples;

namespace ConvoSynth.Export.Exports;

/// <summary>Counts what a trainer learns from.</summary>
internal sealed class LearnedText
{
    public long Messages { get; private set; }

    public long Characters { get; private set; }

    public void Add(Example example)
    {
        for (var i = 0; i < example.Messages.Count; i++)
        {
            if (example.Messages[i].Speaker == Speaker.Assistant && example.Trains(i))
                Add(example.Messages[i]);
        }
    }

    public void Add(ChatMessage message)
    {
        Messages++;
        Characters += message.Text?.Length ?? 0;
        foreach (var call in message.Calls)
            Characters += call.Name.Length + call.Arguments.GetRawText().Length;
    }
}
