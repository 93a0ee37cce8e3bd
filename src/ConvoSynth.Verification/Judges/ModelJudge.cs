using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Prompts;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Models;
using ConvoSynth.Models.Journal;

namespace ConvoSynth.Verification.Judges;

/// <summary>
/// A committee seat held by a language model, for one dialogue. Evidence that quotes nothing is requested again. A model without a
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

    private static readonly Json QuestionSchema = AnswerSchema(Yes, No, CannotTell);
    private static readonly Json SwappedSchema = AnswerSchema(No, Yes, CannotTell);

    public string Name => seat;

    /// <summary>What the seat looks at first.</summary>
    /// <value>Null by default: the prompts alone.</value>
    public string? Rubric { get; init; }

    /// <summary>The draw of the sitting on the dialogue, and of that on its task.</summary>
    /// <value>Null by default: one form for every question.</value>
    public (Seed Dialogue, Seed Task)? Draws { get; init; }

    /// <exception cref="TransientModelException">The endpoint could not answer this time.</exception>
    public async Task<JudgeAnswer> AskAsync(JudgeQuestion question, CancellationToken cancellationToken)
    {
        var framing = Framing.Of(Draws?.Dialogue, seat, question.Number, []);
        var rendered = prompts.JudgeQuestion.Render(
            ("policy", PolicyOf(question.Amended)),
            ("rubric", RubricText),
            ("answers", framing.Answers),
            ("rule", CheckRules.Of(question.Check)),
            ("notes", question.Notes),
            ("question", framing.IsSwapped ? Judging.AsBroken(question.Question) : question.Question),
            ("messages", Transcript.Of(question.Messages))
        );
        var response = await model.Ask(
            new()
            {
                Key = new(dialogue, $"judge:{seat}", question.Number, framing.Part("")),
                System = rendered.System,
                User = rendered.User,
                SchemaName = "answer",
                Schema = framing.IsSwapped ? SwappedSchema : QuestionSchema,
                Problem = a => a["answer"].Text == CannotTell ? null : Unquoted(a, question.Messages),
                Journal = journal,
            },
            cancellationToken
        );
        if (response.Value is not { } value)
            return NoAnswer(seat, $"no answer that would do: {response.Problem}") with { Calls = response.Calls };
        var (given, evidence) = (value["answer"].Text ?? CannotTell, value["evidence"].Text ?? "");
        // Rows say yes where the rule is kept, however it was asked.
        var answer =
            !framing.IsSwapped || given == CannotTell ? given
            : given == Yes ? No
            : Yes;
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
        var criteria = question.Task is null ? Criterion.OfDialogues : Criterion.OfBlueprints;
        var draw = question.Task is null ? Draws?.Dialogue : Draws?.Task;
        var framing = Framing.Of(draw, seat, question: -1, [.. criteria.Select(c => c.Name)]);
        var rendered = question.Task is { } task ? OfTask(question, task, framing) : OfDialogue(question, framing);
        var quotable = Quotations.Plain(question.Quotable());
        var response = await model.Ask(
            new()
            {
                Key = new(dialogue, $"judge:{seat}", 0, framing.Part(question.Task is null ? "committee" : "blueprint")),
                System = rendered.System,
                User = rendered.User,
                SchemaName = "votes",
                Schema = framing.Schema,
                Problem = a => framing.Problem(a, quotable),
                Journal = journal,
            },
            cancellationToken
        );
        if (response.Value is not { } value)
            return Ballot.None($"no answer that would do: {response.Problem}") with { Calls = response.Calls };
        return new([.. criteria.Select(c => new Mark(c.Name, framing.Met(value, c.Name)!.Value, framing.Evidence(value, c.Name)))], null)
        {
            Calls = response.Calls,
        };
    }

    /// <summary>The answer of a seat that could not be asked or gave no valid answer.</summary>
    public static JudgeAnswer NoAnswer(string seat, string why) =>
        new(Outcome.Unsure, Fault.None, why) { Votes = [new(seat, NoVote, why)] };

    private string PolicyOf(Amendment? amended) => amended?.In(pack.Policy.Text) ?? pack.Policy.Text;

    private string RubricText => Rubric is { } rubric ? $"Look at this first, and leave nothing else out: {rubric}" : "";

    private RenderedPrompt OfDialogue(CommitteeQuestion question, Framing framing) =>
        prompts.JudgeCommittee.Render(
            ("policy", PolicyOf(question.Amended)),
            ("rubric", RubricText),
            ("ballot", framing.Ballot),
            ("instruction", question.Instruction),
            ("changes", question.Changes),
            ("conversation", Transcript.Of(question.Messages))
        );

    private RenderedPrompt OfTask(CommitteeQuestion question, JudgedTask task, Framing framing) =>
        prompts.JudgeBlueprint.Render(
            ("policy", PolicyOf(question.Amended)),
            ("tools", task.Tools),
            ("rubric", RubricText),
            ("ballot", framing.Ballot),
            ("instruction", question.Instruction),
            ("plan", task.Plan),
            ("changes", question.Changes)
        );

    private static Json AnswerSchema(params string[] answers) =>
        // Evidence comes first: a server that enforces the order of the schema then makes the model quote before it answers.
        Schemas.Object(("evidence", Schemas.Text), ("answer", Schemas.OneOf(answers)));

    private static string? Unquoted(Json answer, ImmutableArray<QuotedMessage> messages) =>
        Quotations.Holds(answer["evidence"].Text ?? "", messages) ? null : Quotations.Missing;
}
