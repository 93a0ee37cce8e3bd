using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Verdicts;

namespace ConvoSynth.Verification.Tests;

public sealed class AnswerWordsTests
{
    private static readonly Blueprint EmmaDue = Tasks.Of(Tasks.FindAmes).Expecting("date", "2031-03-01", groundedBy: 0);

    private static readonly Blueprint EmmaRefused = Tasks.Of(Tasks.FindAmes) with
    {
        Refusals = [new("renew_loan", Json.Map(("loan_id", "L1002"), ("weeks", 2)), "3.1", "another reader has reserved it", 0)],
    };

    private static Blueprint BothRefused(string becauseOfFirst) =>
        EmmaRefused with
        {
            Scenario = EmmaRefused.Scenario with
            {
                Requests =
                [
                    new()
                    {
                        Kind = RequestKind.Refuse,
                        Tool = "renew_loan",
                        Words = "renew Emma",
                        Brief = "renew a loan",
                        Alternatives =
                        [
                            new("if that is possible", "renew Persuasion", false) { Because = becauseOfFirst },
                            new("otherwise", "renew Emma", true) { Because = "another reader has reserved it" },
                        ],
                        Because = ["another reader has reserved it"],
                        Refusals = [0],
                    },
                ],
            },
        };

    private static Talk Answered(params string[] texts)
    {
        var talk = LoanTalks.New().Identified();
        foreach (var text in texts)
            talk.Agent(text).Human("I see.");
        return talk.Agent("Anything else?").Stop();
    }

    [Fact]
    public void One_clear_statement_is_an_answer() =>
        Answered("Emma was due on March 1, 2031.").Done().Verdicts(EmmaDue).ShouldPass("outcome.outputs-words");

    [Fact]
    public void Other_values_of_the_kind_may_be_said_of_other_things() =>
        Answered("Dune is due on March 10, 2031, and Emma was due on March 1, 2031.", "You have Dune until March 10, 2031.")
            .Done()
            .Verdicts(EmmaDue)
            .ShouldPass("outcome.outputs-words");

    [Theory]
    [InlineData("Sorry, I misread that. It was due on March 5, 2031.")]
    [InlineData("I have to correct myself: it was due on March 5.")]
    [InlineData("Actually, it was due on March 5, 2031.")]
    public void An_answer_that_is_taken_back_fails(string correction) =>
        Answered("Emma was due on March 1, 2031.", correction).Done().Verdicts(EmmaDue).ShouldFail("outcome.outputs-words", at: 7);

    [Theory]
    [InlineData("Emma was due on February 27, 2031, March 1, 2031 or March 5, 2031.")]
    [InlineData("It was March 1 or March 5.")]
    public void Several_answers_to_one_question_fail(string answer) =>
        Answered(answer).Done().Verdicts(EmmaDue).ShouldFail("outcome.outputs-words", at: 5);

    [Fact]
    public void An_amount_among_several_fails()
    {
        var blueprint = Tasks.Of(Tasks.FindAmes).Expecting("money", 4.50, groundedBy: 0);
        Answered("You owe $3.25, $4.50 or $6.00.").Done().Verdicts(blueprint).ShouldFail("outcome.outputs-words", at: 5);
        Answered("You owe $4.50, which is less than $10.00.").Done().Verdicts(blueprint).ShouldPass("outcome.outputs-words");
    }

    [Fact]
    public void An_answer_that_is_never_said_fails() =>
        Answered("Emma was due on March 2, 2031.").Done().Verdicts(EmmaDue).ShouldFail("outcome.outputs-words", at: null);

    [Fact]
    public void An_answer_with_a_doubt_is_unsure() =>
        Answered("Emma was probably due on March 1, 2031.")
            .Done()
            .Verdicts(EmmaDue)
            .Should()
            .Contain(v => v.Check == "outputs-words" && v.Outcome == Outcome.Unsure);

    [Theory]
    [InlineData("I cannot renew Emma, because another reader has reserved it.")]
    [InlineData("Sorry, Emma is reserved by another reader, so I can't renew it.")]
    [InlineData("I'm not able to renew Emma. Our policy says: \"A reserved title cannot be renewed.\"")]
    public void A_refusal_with_the_reason_of_the_clause_passes(string refusal) =>
        Answered(refusal).Done().Verdicts(EmmaRefused).ShouldPass("outcome.refusal-words");

    [Fact]
    public void A_refusal_with_the_reason_of_a_clause_that_does_not_forbid_it_fails() =>
        Answered("I cannot renew Emma: a loan can be renewed twice.")
            .Done()
            .Verdicts(EmmaRefused)
            .ShouldFail("outcome.refusal-words", at: 5);

    [Fact]
    public void The_right_reason_for_one_refusal_does_not_cover_a_wrong_one_for_another()
    {
        var both = EmmaRefused with
        {
            Refusals = [.. EmmaRefused.Refusals, EmmaRefused.Refusals[0] with { Arguments = Json.Map(("loan_id", "L1002"), ("weeks", 3)) }],
        };
        Answered("I cannot renew Emma, because another reader has reserved it.", "I cannot do that either: a loan can be renewed twice.")
            .Done()
            .Verdicts(both)
            .ShouldFail("outcome.refusal-words", at: 7);
        Answered(
                "I cannot renew Emma, because another reader has reserved it.",
                "I cannot do that either, because another reader has reserved it."
            )
            .Done()
            .Verdicts(both)
            .ShouldPass("outcome.refusal-words");
    }

    [Theory]
    [InlineData(
        "I cannot renew Persuasion, because another reader has reserved it.",
        "I cannot renew Emma: a loan can be renewed twice.",
        7
    )]
    [InlineData(
        "I cannot renew Persuasion: a loan can be renewed twice.",
        "I cannot renew Emma, because another reader has reserved it.",
        5
    )]
    [InlineData(
        "I cannot renew Persuasion. That's because a loan can be renewed twice.",
        "I cannot renew Emma, because another reader has reserved it.",
        5
    )]
    public void The_right_reason_for_one_choice_does_not_cover_a_wrong_one_for_the_other(string first, string second, int at) =>
        Answered(first, second).Done().Verdicts(BothRefused("another reader has reserved it")).ShouldFail("outcome.refusal-words", at: at);

    [Theory]
    [InlineData(
        "I cannot renew Persuasion, because another reader has reserved it.",
        "I cannot renew Emma, because another reader has reserved it."
    )]
    [InlineData("I cannot renew Persuasion or Emma, because another reader has reserved it.", "There is no way around it.")]
    public void Two_choices_that_are_refused_for_their_reasons_pass(string first, string second) =>
        Answered(first, second).Done().Verdicts(BothRefused("another reader has reserved it")).ShouldPass("outcome.refusal-words");

    [Fact]
    public void Two_choices_with_reasons_of_their_own_are_told_apart()
    {
        var task = BothRefused("of our rule: A loan can be renewed twice.");
        Answered("I cannot renew Persuasion: a loan can be renewed twice.", "I cannot renew Emma, because another reader has reserved it.")
            .Done()
            .Verdicts(task)
            .ShouldPass("outcome.refusal-words");
        Answered(
                "I cannot renew Persuasion, because another reader has reserved it.",
                "I cannot renew Emma, because another reader has reserved it."
            )
            .Done()
            .Verdicts(task)
            .ShouldFail("outcome.refusal-words", at: 5);
    }

    [Fact]
    public void A_clause_that_is_quoted_for_the_second_choice_names_no_first_one_by_the_verb_of_both()
    {
        var task = BothRefused("of our rule: A loan can be renewed twice.");
        var request = task.Scenario.Requests[0];
        task = task with
        {
            Scenario = task.Scenario with
            {
                Requests =
                [
                    request with
                    {
                        Alternatives =
                        [
                            request.Alternatives[0] with
                            {
                                Words = "have a title renewed, Persuasion",
                            },
                            request.Alternatives[1] with
                            {
                                Words = "have a title renewed, Emma",
                                Offer = "prolong Emma",
                            },
                        ],
                    },
                ],
            },
        };
        Answered(
                "I cannot renew Persuasion: a loan can be renewed twice. I am not able to prolong Emma, because another reader has "
                    + "reserved it. The relevant rule reads: \"A reserved title cannot be renewed.\""
            )
            .Done()
            .Verdicts(task)
            .ShouldPass("outcome.refusal-words");
    }

    [Fact]
    public void A_reason_that_may_be_of_either_choice_is_unsure_with_its_sentence() =>
        Answered("I am sorry. I can do neither, I cannot renew a loan because another reader has reserved it.")
            .Done()
            .Verdicts(BothRefused("of our rule: A loan can be renewed twice."))
            .Should()
            .Contain(v =>
                v.Check == "refusal-words"
                && v.Outcome == Outcome.Unsure
                && v.Evidence!.Contains("I can do neither", StringComparison.Ordinal)
            );

    [Theory]
    [InlineData("I cannot renew Emma.")]
    [InlineData("Emma is a lovely book.")]
    public void A_refusal_without_a_reason_that_is_known_is_unsure(string text) =>
        Answered(text).Done().Verdicts(EmmaRefused).Should().Contain(v => v.Check == "refusal-words" && v.Outcome == Outcome.Unsure);

    [Fact]
    public void An_allowed_wish_that_is_refused_by_a_clause_fails() =>
        Answered("I cannot renew Dune, because another reader has reserved it.")
            .Done()
            .Verdicts(Tasks.Renewal)
            .ShouldFail("outcome.refusal-words", at: 5);
}
