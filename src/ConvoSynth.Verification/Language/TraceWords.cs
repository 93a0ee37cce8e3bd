using ConvoSynth.Core;
using ConvoSynth.Dialogues.Traces;

namespace ConvoSynth.Verification.Language;

/// <summary>What several checks read out of the words of a trace, each worked out once.</summary>
internal sealed class TraceWords(Trace trace)
{
    private readonly Dictionary<TraceCall, Mentions> _mentions = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<int, WorkedAmounts> _worked = [];
    private (int Before, KnownAmounts Amounts)? _amounts;
    private AgentSpeech? _speech;
    private FramedValues? _frames;
    private KnownValues? _known;
    private SpokenText?[]? _said;

    public static TraceWords Of(Trace trace) => trace.Derived(static t => new TraceWords(t));

    public AgentSpeech AgentSpeech => _speech ??= new(trace.Conversation);

    public KnownValues Known => _known ??= new(trace);

    public FramedValues Frames => _frames ??= new(trace.Blueprint.Scenario, trace.Pack.Policy.Text);

    public KnownAmounts AmountsBefore(int message)
    {
        if (_amounts is not { } made || made.Before != message)
            _amounts = made = (message, KnownAmounts.Before(trace, message));
        return made.Amounts;
    }

    public WorkedAmounts AmountsIn(int message)
    {
        if (!_worked.TryGetValue(message, out var worked))
            _worked.Add(message, worked = SaidAmounts.In(trace, AgentSpeech.At(message)!, message));
        return worked;
    }

    public Mentions MentionsOf(TraceCall call)
    {
        if (!_mentions.TryGetValue(call, out var mentions))
            _mentions.Add(call, mentions = Mentions.Of(trace, call));
        return mentions;
    }

    public SpokenText? Said(int message)
    {
        var messages = trace.Conversation.Messages;
        if (
            messages[message] is not { Role: MessageRole.User or MessageRole.Assistant, Content: { } text }
            || string.IsNullOrWhiteSpace(text)
        )
            return null;
        return (_said ??= new SpokenText?[messages.Length])[message] ??= new(text);
    }
}

/// <summary>The same, asked of the trace.</summary>
internal static class TraceWordsExtensions
{
    extension(Trace trace)
    {
        /// <summary>What the agent says, in words.</summary>
        public AgentSpeech AgentSpeech => TraceWords.Of(trace).AgentSpeech;

        /// <summary>What the agent can know, message by message.</summary>
        public KnownValues Known => TraceWords.Of(trace).Known;

        /// <summary>The scenario's words around its facts.</summary>
        public FramedValues Frames => TraceWords.Of(trace).Frames;

        /// <summary>The amounts that can be known before a message; of one message several checks ask.</summary>
        public KnownAmounts AmountsBefore(int message) => TraceWords.Of(trace).AmountsBefore(message);

        /// <summary>What is made of the amounts in a message of the agent, found once.</summary>
        public WorkedAmounts AmountsIn(int message) => TraceWords.Of(trace).AmountsIn(message);

        /// <summary>The ways to speak of a call's write, found once.</summary>
        public Mentions MentionsOf(TraceCall call) => TraceWords.Of(trace).MentionsOf(call);

        /// <summary>The text of a message, ready to be searched; null where the message says nothing, or is an observation.</summary>
        public SpokenText? Said(int message) => TraceWords.Of(trace).Said(message);
    }
}
