using ConvoSynth.Core.Verdicts;
using ConvoSynth.Export.Examples;
using ConvoSynth.Runs.Rows;
using ConvoSynth.Runs.Trajectories;

namespace ConvoSynth.Export.Pairs;

/// <summary>
/// Cuts two dialogues of one task at their first difference. They are a pair only if the agent made the difference, and the verdict that
/// rejected one of them points at that very answer: else training would punish a paraphrase for an error that came later.
/// </summary>
internal static class Divergence
{
    public const string OtherFault = "the rejection is not the agent's fault alone";
    public const string HumanFirst = "the human's words or an observation differ first";
    public const string Same = "the dialogues do not differ";
    public const string FailsLater = "no verdict that rejects points at the first difference";
    public const string NotLearned = "the accepted answer is not to learn from";

    /// <returns>The pair, or the reason why there is none.</returns>
    public static (PreferencePair? Pair, string? Reason) Between(ShardRow accepted, ShardRow rejected)
    {
        var failures = RowConversation.VerdictsOf(rejected).Where(v => v.Outcome == Outcome.Fail).ToArray();
        if (failures.Length == 0 || failures.Any(v => v.Fault != Fault.Agent))
            return (null, OtherFault);
        var chosen = RowExamples.MessagesOf(accepted);
        var refused = RowExamples.MessagesOf(rejected);
        var at = 0;
        while (at < chosen.Length && at < refused.Length && chosen[at].SaysTheSameAs(refused[at]))
            at++;
        if (at == chosen.Length || at == refused.Length)
            return (null, Same);
        if (chosen[at].Speaker != Speaker.Assistant || refused[at].Speaker != Speaker.Assistant)
            return (null, HumanFirst);
        // Verdicts count messages without the system message.
        var place = at - (chosen[0].Speaker == Speaker.System ? 1 : 0);
        if (failures.All(v => v.Message != place))
            return (null, FailsLater);
        return chosen[at].Train ? (new(accepted, rejected, [.. chosen.Take(at)], chosen[at], refused[at]), null) : (null, NotLearned);
    }
}
