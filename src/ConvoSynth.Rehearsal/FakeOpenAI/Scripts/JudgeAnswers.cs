using ConvoSynth.Core;
using ConvoSynth.Rehearsal.FakeOpenAI.Requests;

namespace ConvoSynth.Rehearsal.FakeOpenAI.Scripts;

/// <summary>
/// The answers of scripted judges: functions of the script, the seat and the question, so that each repetition gets the same.
/// </summary>
internal static class JudgeAnswers
{
    // A vote counts only with a quotation; almost every dialogue and every task contains these words.
    private const string Evidence =
        "This judge follows a script and has read nothing; to point at something, it points at \"you\", \"the\" and \"to\".";
    private const string Garbage = "As a scripted judge that answers garbage, I have no JSON to offer.";
    private const string FirstCriterion = "correctness";

    /// <param name="schema">The schema of the answer: its criteria, or a single answer.</param>
    public static Answer Of(ScriptCall call, KeptScript script, Json schema, JudgeConducts conducts)
    {
        var conduct = conducts.Seats.GetValueOrDefault(call.Key.Role[ScriptCall.JudgePrefix.Length..]);
        if (conduct?.Manner == JudgeManner.Garbage)
            return Answer.Of(Garbage);
        var answer = Json.Map();
        foreach (var field in schema["required"].Items.Select(f => f.Text).OfType<string>())
        {
            answer = answer.With(
                field,
                field.EndsWith("evidence", StringComparison.Ordinal) ? Evidence
                    : field == "answer" ? AnswerOf(call, script, conduct, conducts)
                    : VoteOf(field, call, script, conduct, conducts)
            );
        }

        return Answer.Of(answer.ToString()) with
        {
            Hangs = conduct?.Manner == JudgeManner.Hangs,
        };
    }

    private static Json AnswerOf(ScriptCall call, KeptScript script, JudgeConduct? conduct, JudgeConducts conducts) =>
        conduct switch
        {
            { Manner: JudgeManner.Yes } => "yes",
            { Manner: JudgeManner.No } => "no",
            _ => IsFound(call, script, conduct, conducts) == call.IsSwapped ? "yes" : "no",
        };

    // What a judge finds is a matter of correctness.
    private static Json VoteOf(string criterion, ScriptCall call, KeptScript script, JudgeConduct? conduct, JudgeConducts conducts) =>
        conduct switch
        {
            { Manner: JudgeManner.Yes } => 1,
            { Manner: JudgeManner.No } => 0,
            _ => (criterion == FirstCriterion && IsFound(call, script, conduct, conducts)) == call.IsSwapped ? 1 : 0,
        };

    private static bool IsFound(ScriptCall call, KeptScript script, JudgeConduct? conduct, JudgeConducts conducts)
    {
        if (conduct is null)
            return false;
        // No fault is planted in a task.
        var isFaulty = script.PlantedFault is not null && !call.IsOnTask;
        var question = script
            .Seed.For("judges")
            .For(
                call.IsOnTask ? "task"
                : call.IsVote ? "dialogue"
                : "question"
            )
            .For(call.Key.Step);
        var areTogether = question.For("together").Random().Chance(conducts.Together);
        var draw = areTogether ? question.For("all") : question.For("each").For(call.Key.Role);
        return draw.Random().Chance(isFaulty ? conduct.Misses : conduct.Alarms) != isFaulty;
    }
}
