using ConvoSynth.Core.Dialogues;
using ConvoSynth.Dialogues.Traces;

namespace ConvoSynth.Verification.Language;

/// <summary>Readings of a trace's words that several checks share; each is computed once.</summary>
internal sealed class TraceWords(Trace trace)
{
    private readonly Dictionary<TraceCall, Mentions> _mentions = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<int, WorkedAmounts> _worked = [];
    private (int Before, KnownAmounts Amounts)? _amounts;
    private AgentSpeech? _speech;
    private FramedValues? _frames;
    private KnownValues? _known;
    private SpokenRows? _rows;
    private SpokenText?[]? _said;

    public static TraceWords Of(Trace trace) => trace.Derived(static t => new TraceWords(t));

    public AgentSpeech AgentSpeech => _speech ??= new(trace.Conversation);

    public KnownValues Known => _known ??= new(trace);

    public FramedValues Frames => _frames ??= new(trace.Blueprint.Scenario, trace.Pack.Policy.Text, trace.Blueprint.Twist?.Withheld ?? []);

    public SpokenRows Rows => _rows ??= new(trace);

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

/// <summary>The shared readings as members of the trace.</summary>
internal static class TraceWordsExtensions
{
    extension(Trace trace)
    {
        /// <summary>The agent's texts, split into words and sentences.</summary>
        public AgentSpeech AgentSpeech => TraceWords.Of(trace).AgentSpeech;

        /// <summary>The agent's knowledge, message by message.</summary>
        public KnownValues Known => TraceWords.Of(trace).Known;

        /// <summary>The words of the scenario around its facts.</summary>
        public FramedValues Frames => TraceWords.Of(trace).Frames;

        /// <summary>The rows that the agent's words name.</summary>
        public SpokenRows SpokenRows => TraceWords.Of(trace).Rows;

        /// <summary>The amounts known before a message; cached, since several checks ask for the same message.</summary>
        public KnownAmounts AmountsBefore(int message) => TraceWords.Of(trace).AmountsBefore(message);

        /// <summary>The explanation of the amounts in a message of the agent.</summary>
        public WorkedAmounts AmountsIn(int message) => TraceWords.Of(trace).AmountsIn(message);

        /// <summary>The ways to refer to a call's write.</summary>
        public Mentions MentionsOf(TraceCall call) => TraceWords.Of(trace).MentionsOf(call);

        /// <summary>The text of a message, prepared for search; null for an empty message or an observation.</summary>
        public SpokenText? Said(int message) => TraceWords.Of(trace).Said(message);
    }
}
