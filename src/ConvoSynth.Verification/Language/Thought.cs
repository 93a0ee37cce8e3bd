using ConvoSynth.Core.Dialogues;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;

namespace ConvoSynth.Verification.Language;

/// <summary>The agent's thought before one of its messages, and what it plans.</summary>
internal sealed class Thought
{
    /// <summary>Beside conditions, words that put a call off: such a sentence plans no call of this message.</summary>
    private static readonly CueSet Later = new(["afterwards", "then", "later", "instead of", "rather than", "would", "could"]);

    /// <summary>A policy that forbids an act.</summary>
    private static readonly CueSet Forbidden = new([
        "must refuse",
        "have to refuse",
        "need to refuse",
        "should refuse",
        "will refuse",
        "must decline",
        "have to decline",
        "should decline",
        "is not allowed",
        "isnt allowed",
        "not permitted",
        "policy forbids",
        "against policy",
        "against the policy",
        "policy does not allow",
        "policy doesnt allow",
    ]);

    /// <summary>A yes that is not there yet.</summary>
    private static readonly CueSet Unconfirmed = new([
        "has not confirmed",
        "hasnt confirmed",
        "have not confirmed",
        "not confirmed yet",
        "has not said yes",
        "hasnt said yes",
        "no yes yet",
        "still need a yes",
        "need a yes first",
        "need confirmation",
        "needs to confirm",
        "must confirm first",
        "ask for confirmation first",
    ]);

    private readonly List<(int Sentence, string Tool)> _named = [];
    private readonly List<string> _padded;

    private Thought(Trace trace, int message, string text)
    {
        Message = message;
        Words = AgentText.Of(text);
        _padded = [.. Words.Sentences.Select(Words.PaddedOf)];
        for (var s = 0; s < Words.Sentences.Count; s++)
        {
            var sentence = Words.Quote(Words.Sentences[s]);
            foreach (var tool in trace.Pack.Tools.All)
                Name(s, sentence, tool.Name);
            foreach (var tool in trace.Pack.Lookalikes)
                Name(s, sentence, tool.Name);
        }
    }

    public int Message { get; }

    public AgentText Words { get; }

    /// <summary>The thoughts of a dialogue, in order.</summary>
    public static IReadOnlyList<Thought> In(Trace trace) => trace.Derived(static t => new Thoughts(t)).All;

    /// <summary>The tools that the last planning sentence names, and that sentence; null if no sentence plans a call of now.</summary>
    public (IReadOnlyList<string> Tools, TextSentence Sentence)? Plan
    {
        get
        {
            for (var s = Words.Sentences.Count - 1; s >= 0; s--)
            {
                if (!IsPlan(s))
                    continue;
                return ([.. _named.Where(n => n.Sentence == s).Select(n => n.Tool)], Words.Sentences[s]);
            }

            return null;
        }
    }

    public bool Names(string tool) => _named.Exists(n => n.Tool == tool);

    /// <summary>The last sentence by which the act may not be made now, unless a later one plans a tool of those; null if none.</summary>
    /// <param name="tools">The tools that the message calls.</param>
    public TextSentence? Objection(IReadOnlyCollection<string> tools)
    {
        for (var s = Words.Sentences.Count - 1; s >= 0; s--)
        {
            if (IsPlan(s) && _named.Exists(n => n.Sentence == s && tools.Contains(n.Tool)))
                return null;
            if (Forbidden.IsIn(_padded[s]) || Unconfirmed.IsIn(_padded[s]))
                return Words.Sentences[s];
        }

        return null;
    }

    // A sentence names a tool, and neither denies nor postpones it.
    private bool IsPlan(int s) =>
        _named.Exists(n => n.Sentence == s)
        && !Words.Refuses(Words.Sentences[s])
        && !Later.IsIn(_padded[s])
        && !Words.Sentences[s].IsQuestion;

    private void Name(int sentence, string text, string tool)
    {
        if (FieldValues.ContainsToken(text, tool) && !_named.Contains((sentence, tool)))
            _named.Add((sentence, tool));
    }

    private sealed class Thoughts(Trace trace)
    {
        public IReadOnlyList<Thought> All { get; } =
        [
            .. trace
                .Conversation.Messages.Select((m, i) => (Message: m, At: i))
                .Where(m => m.Message is { Role: MessageRole.Assistant, Reasoning.Text: { } text } && !string.IsNullOrWhiteSpace(text))
                .Select(m => new Thought(trace, m.At, m.Message.Reasoning!.Text!)),
        ];
    }
}
