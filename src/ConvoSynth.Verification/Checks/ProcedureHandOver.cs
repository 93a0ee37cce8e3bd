using System.Buffers;
using System.Collections.Immutable;
using System.Text.RegularExpressions;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Verification.Language;

namespace ConvoSynth.Verification.Checks;

/// <summary>
/// <c>procedure.hand-over</c>: the agent makes every hand-over to a person that it announces. An announcement ("I'm transferring you
/// now", "you will be connected") fails if the transfer tool never succeeds, unless the human declines it. So does one in a domain
/// without such a tool. An offer, a condition or a question announces nothing. The policy may restrict hand-overs to requests that no
/// tool serves. Then an unrequested offer is unsure in a task without a hand-over.
/// </summary>
internal sealed partial class ProcedureHandOver(Pack pack) : ICheck
{
    private static readonly CheckName Name = new("procedure", "hand-over", CheckKind.Language);

    // Each form of Announcement() has one of these, and each of Offer().
    private static readonly SearchValues<string> Verbs = SearchValues.Create(
        [
            "transfer",
            "connect",
            "hand",
            "forward",
            "escalat",
            "pass",
            "rout",
            "put",
            "refer",
            "colleague",
            "agent",
            "specialist",
            "representative",
            "supervisor",
        ],
        StringComparison.Ordinal
    );
    private static readonly SearchValues<string> Offers = SearchValues.Create(
        ["transfer", "human agent", "connect", "refer", "escalat", "contact", "speak", "talk"],
        StringComparison.Ordinal
    );
    private static readonly CueSet Wish = new([
        "human",
        "humans",
        "supervisor",
        "manager",
        "representative",
        "real person",
        "escalat*",
        "transfer",
        "somebody else",
        "someone else",
        "anyone else",
        "colleague",
        "librarian",
        "specialist",
        "complain*",
    ]);

    public void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts)
    {
        var findings = new Findings(Name, verdicts);
        if (
            pack.Rules.Any(r => r.Rule == "transfer_iff")
            && !trace.Blueprint.Actions.Any(a => pack.Tools.Find(a.Tool) is { Kind: ToolKind.Transfer })
        )
            JudgeOffers(trace, ref findings);
        var handedOver = trace.Calls.Any(c => c.Succeeded && c.Tool is { Kind: ToolKind.Transfer });
        for (var i = 0; i < trace.Conversation.Messages.Length && !handedOver; i++)
        {
            if (
                trace.AgentSpeech.At(i) is not { } text
                || trace.Said(i) is not { } said
                || !said.Words.AsSpan().ContainsAny(Verbs)
                || IsTurnedDown(trace, i)
            )
                continue;
            foreach (var sentence in text.Sentences)
            {
                if (!Announces(text, sentence))
                    continue;
                findings.Fail(Fault.Agent, i, $"the agent announces a hand-over, and none was made: \"{text.Quote(sentence)}\"");
                break;
            }
        }

        findings.Close();
    }

    private static void JudgeOffers(Trace trace, ref Findings findings)
    {
        for (var i = 0; i < trace.Conversation.Messages.Length; i++)
        {
            if (trace.Said(i) is not { } said)
                continue;
            if (trace.Conversation.Messages[i].Role == MessageRole.User && Wish.IsIn(said.Words))
                return;
            if (trace.AgentSpeech.At(i) is not { } text || !said.Words.AsSpan().ContainsAny(Offers))
                continue;
            foreach (var sentence in text.Sentences)
            {
                if (!Offer().IsMatch(text.PaddedOf(sentence)))
                    continue;
                findings.Unsure(i, $"the agent brings up a hand-over that the human has not asked for: \"{text.Quote(sentence)}\"");
                return;
            }
        }
    }

    // A no to "Anything else?" declines nothing.
    private static bool IsTurnedDown(Trace trace, int message)
    {
        if (trace.Said(message) is { } asked && Reading.AsksForMore(asked))
            return false;
        for (var i = message + 1; i < trace.Conversation.Messages.Length; i++)
        {
            if (trace.Conversation.Messages[i].Role == MessageRole.User)
                return trace.Said(i) is { Reading.No: true };
        }

        return false;
    }

    private static bool Announces(AgentText text, TextSentence sentence)
    {
        if (sentence.IsQuestion)
            return false;
        var words = text.PaddedOf(sentence);
        var match = Announcement().Match(words);
        // "If you wish, I will transfer you" and "once you confirm" announce nothing yet.
        return match.Success && !Before().IsMatch(words[..(match.Index + 1)]) && !After().IsMatch(words[(match.Index + match.Length)..]);
    }

    private const string Base = "(?:transfer|connect|hand|forward|escalate|pass|route|put|refer)";
    private const string Ing = "(?:transferring|connecting|handing|forwarding|escalating|passing|routing|putting|referring)";
    private const string Done = "(?:transferred|connected|handed|forwarded|escalated|passed|routed|put|referred)";
    private const string Softly =
        "(?:(?:now|just|also|already|currently|then|gladly|immediately|right away|go ahead and|going to|about to"
        + "|successfully|being|shortly) )*";
    private const string Object =
        "(?:you|this|your (?:case|request|issue|matter|chat|conversation|concern)"
        + "|the (?:case|request|issue|matter|chat|conversation)|it|everything)";
    private const string Person =
        "(?:human|person|agent|colleague|representative|specialist|supervisor|manager|team|department|staff|advisor|operator"
        + "|librarian|clerk|someone|somebody|member of)";

    // The speaker acts, or has acted, on the listener or the case. For a verb that fits other things too, a person must follow as the
    // receiver.
    [GeneratedRegex(
        " (?:ill|i will|well|we will|let me|i am|im|we are|were) "
            + Softly
            + "(?:transfer|transferring) (?:you|this|your|the|it)\\b"
            + "| (?:ill|i will|well|we will|let me|i am|im|we are|were) "
            + Softly
            + "(?:"
            + Base
            + "|"
            + Ing
            + ") "
            + Object
            + " (?:\\w+ ){0,8}?"
            + Person
            + "| (?:ive|i have|weve|we have) "
            + Softly
            + "(?:"
            + Done
            + ") "
            + Object
            + " (?:\\w+ ){0,8}?"
            + Person
            + "| you (?:are|will be|have been) "
            + Softly
            + "(?:transferred|put through|connected|handed over|passed on)\\b"
            + "| youll "
            + Softly
            + "be "
            + Softly
            + "(?:transferred|put through|connected|handed over)\\b"
            + "| while i (?:connect|transfer|put) you\\b"
            + "| (?:initiating|starting|making|initiated|started|requested) (?:the|a|your) (?:transfer|hand ?over|handoff|escalation)\\b"
            + "| (?:ill|i will) "
            + Softly
            + "(?:initiate|start|request) (?:the|a|your) (?:transfer|hand ?over|handoff|escalation)\\b"
            + "| (?:a|another|one of our) (?:\\w+ ){0,2}(?:agent|colleague|representative|specialist|supervisor) will (?:now "
            + "|shortly )?(?:take over|take it from here|be with you|join|assist you|help you|continue)\\b"
    )]
    private static partial Regex Announcement();

    [GeneratedRegex(" (?:if|once|when|whenever|unless|should you|after you|before i|would|could|cannot|cant|not|wont) ")]
    private static partial Regex Before();

    [GeneratedRegex(" (?:if you|once you|when you|unless|as soon as you|after you) ")]
    private static partial Regex After();

    // "I can transfer you to a human agent", "please contact our support", unless the same clause denies it.
    [GeneratedRegex(
        "(?<! cannot| cant| not| unable to| wont| never)(?: \\w+){0,2} (?:transfer(?:ring)? (?:you|to)"
            + "|human agents? (?:may|might|can|could)"
            + "|(?:connect|refer|escalat|contact|speak|talk)\\w* (?:\\w+ ){0,6}?(?:human agents?|live agent|supervisor|manager"
            + "|representative|support team|colleague|librarian|specialist))\\b"
    )]
    private static partial Regex Offer();
}
