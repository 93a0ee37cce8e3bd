using ConvoSynth.Core;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Prompts;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Models;
using ConvoSynth.Models.Journal;

namespace ConvoSynth.Verification.Judges;

/// <summary>
/// A committee seat held by a language model, for one dialogue. Evidence that quotes no message is requested again. A model without a
/// valid answer after all repairs counts as not answering.
/// </summary>
/// <param name="seat">The seat's name in votes; <c>judge:</c> plus the name is the role of its calls.</param>
/// <param name="pack">The pack of the dialogue's domain, for its policy.</param>
/// <param name="journal">Stores answers before they are used; null in tests, and for models that are pure functions of their
/// requests.</param>
public sealed class ModelJudge(string seat, IStructuredModel model, PromptSet prompts, Pack pack, DialogueKey dialogue, IJournal? journal)
    : IJudgeSeat
{
    private const string Yes = "yes";
    private const string No = "no";
    private const string CannotTell = "cannot-tell";
    private const string NoVote = "none";

    // Evidence comes first: a server that enforces the order of the schema then makes the model quote before it votes.
    private static readonly Json QuestionSchema = Schemas.Object(
        ("evidence", Schemas.Text),
        ("answer", Schemas.OneOf(Yes, No, CannotTell))
    );

    private static readonly Json CommitteeSchema = Schemas.Object(
        ("evidence", Schemas.Text),
        ("correctness", Schemas.Bit),
        ("completeness", Schemas.Bit),
        ("naturalness", Schemas.Bit)
    );

    public string Name => seat;

    /// <exception cref="TransientModelException">The endpoint could not answer this time.</exception>
    public async Task<JudgeAnswer> AskAsync(JudgeQuestion question, CancellationToken cancellationToken)
    {
        var rendered = prompts.JudgeQuestion.Render(
            ("policy", pack.Policy.Text),
            ("rule", CheckRules.Of(question.Check)),
            ("notes", question.Notes),
            ("question", question.Question),
            ("messages", Transcript.Of(question.Messages))
        );
        var response = await model.Ask(
            new()
            {
                Key = new(dialogue, $"judge:{seat}", question.Number),
                System = rendered.System,
                User = rendered.User,
                SchemaName = "answer",
                Schema = QuestionSchema,
                Problem = a => a["answer"].Text == CannotTell ? null : Unquoted(a, question.Messages),
                Journal = journal,
            },
            cancellationToken
        );
        if (response.Value is not { } value)
            return NoAnswer(seat, $"no answer that would do: {response.Problem}") with { Calls = response.Calls };
        var (answer, evidence) = (value["answer"].Text ?? CannotTell, value["evidence"].Text ?? "");
        var outcome = answer switch
        {
            Yes => Outcome.Pass,
            No => Outcome.Fail,
            _ => Outcome.Unsure,
        };
        return new(outcome, outcome == Outcome.Fail ? CheckRules.FaultOf(question.Check) : Fault.None, evidence)
        {
            Votes = [new(seat, answer, evidence)],
            Calls = response.Calls,
        };
    }

    /// <exception cref="TransientModelException">The endpoint could not answer this time.</exception>
    public async Task<Ballot> VoteAsync(CommitteeQuestion question, CancellationToken cancellationToken)
    {
        var rendered = prompts.JudgeCommittee.Render(
            ("policy", pack.Policy.Text),
            ("instruction", question.Instruction),
            ("changes", question.Changes),
            ("conversation", Transcript.Of(question.Messages))
        );
        var response = await model.Ask(
            new()
            {
                Key = new(dialogue, $"judge:{seat}", 0, "committee"),
                System = rendered.System,
                User = rendered.User,
                SchemaName = "votes",
                Schema = CommitteeSchema,
                Problem = a => Unvoted(a) ?? Unquoted(a, question.Messages),
                Journal = journal,
            },
            cancellationToken
        );
        if (response.Value is not { } value)
            return Ballot.None($"no answer that would do: {response.Problem}") with { Calls = response.Calls };
        return new(Bit(value["correctness"]), Bit(value["completeness"]), Bit(value["naturalness"]), value["evidence"].Text ?? "")
        {
            Calls = response.Calls,
        };
    }

    /// <summary>The answer of a seat that could not be asked or gave no valid answer.</summary>
    public static JudgeAnswer NoAnswer(string seat, string why) =>
        new(Outcome.Unsure, Fault.None, why) { Votes = [new(seat, NoVote, why)] };

    private static string? Unvoted(Json answer)
    {
        foreach (var criterion in Committee.Criteria)
        {
            if (Bit(answer[criterion]) is null)
                return $"{criterion} is {answer[criterion]}; it must be 0 or 1";
        }

        return null;
    }

    private static string? Unquoted(Json answer, IEnumerable<QuotedMessage> messages) =>
        Quotations.Holds(answer["evidence"].Text ?? "", messages)
            ? null
            : "the evidence quotes nothing that stands in a message; quote the decisive words letter by letter, in double quotation marks";

    private static int? Bit(Json vote) =>
        vote.Number switch
        {
            0 => 0,
            1 => 1,
            _ => null,
        };
}
