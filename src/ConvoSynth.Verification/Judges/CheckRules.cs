using System.Collections.Frozen;
using ConvoSynth.Core.Verdicts;

namespace ConvoSynth.Verification.Judges;

/// <summary>
/// The rules behind the checks that may be unsure, and the party at fault. The wording is for judges, which do not know the checks.
/// </summary>
internal static class CheckRules
{
    private static readonly FrozenDictionary<string, string> Rules = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["outcome.outputs-words"] =
            "What the agent says last about the human's question is the right value, given plainly as the answer: not "
            + "taken back, not one of several, not said in doubt.",
        ["outcome.refusal-words"] =
            "The agent tells the human that the request is refused, and gives the reason that the policy has for it, and "
            + "no reason that does not apply. What policy allows is not refused.",
        ["procedure.identify"] =
            "Before the agent looked up or changed anything of one person's, it made sure who it speaks with in the way "
            + "that the policy asks for. Where the talk needed nothing of the kind, the rule is kept.",
        ["procedure.judged"] =
            "What the agent did keeps to the policy's clause that the question names, and the messages show it: what the "
            + "clause asks the agent to say, ask or wait for was said, asked or waited for before.",
        ["procedure.transfer-iff"] =
            "The agent handed the person over only because none of its tools could serve what they asked for, and not "
            + "for what the policy wants refused.",
        ["procedure.confirmation"] =
            "Before the agent made the change, the human was told what would change with its details, and agreed to "
            + "exactly that. Agreement may be in any words, but it must be there.",
        ["procedure.ask"] =
            "The value that the agent used for this was the human's own choice, said in their own words or plainly meant "
            + "by them; the agent did not make it up.",
        ["claims.claims"] =
            "What the agent says it has done or found is what the tool results show: the same act, on the same thing, "
            + "with the same values. What was done has been told.",
        ["claims.values"] =
            "Every value that the agent states (a number, an amount, a day, a name, whether something is available) was "
            + "given by a tool result, by the human or by the policy, or follows from such values; none is made up, "
            + "guessed, or another one than it should be. Words that only resemble a value claim nothing.",
        ["claims.permission"] =
            "What the agent says can be done, offers to do or calls eligible is allowed by the policy for that very "
            + "thing, in the state that it has at that point. A refusal, or an offer to check first, permits nothing.",
        ["claims.procedure"] =
            "Every procedure, document, channel, fee, waiting time or message that the agent tells of stands in the "
            + "policy, in a tool's description or result, or was brought up by the human; the agent made none up. To "
            + "decline such a thing is no claim of it.",
        ["claims.state"] =
            "What the agent says of a record (its state, its people, whose it is) is what the tool results show of that "
            + "very record, and it had looked the record up.",
        ["conversation.topic"] =
            "The agent keeps to what its service is for. It gives no poems, jokes, trivia, code, advice or general "
            + "knowledge, also where it is asked for them; it declines them in a word.",
        ["grounding.arguments"] =
            "The value that the agent gave to the tool comes from what the human said, from an earlier tool result or "
            + "from the policy, also where it is spelled otherwise or follows from them; the agent did not make it up.",
        ["human.values"] =
            "The value that the human says is in their notes, was said before, or follows from these; the human did not make it up.",
        ["human.words"] =
            "The human keeps to their notes: answers what they are asked and know, asks for nothing that they do not "
            + "want, leaves no wish out, and does not leave while the agent waits for their word.",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static string Of(string check) =>
        Rules.GetValueOrDefault(check) ?? "The messages agree with the policy in the point that the question is about.";

    public static Fault FaultOf(string check) => check.StartsWith("human.", StringComparison.Ordinal) ? Fault.Human : Fault.Agent;
}
