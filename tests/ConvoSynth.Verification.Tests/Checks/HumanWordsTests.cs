using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;

namespace ConvoSynth.Verification.Tests;

public sealed class HumanWordsTests
{
    private static readonly Blueprint Two = Tasks.Renewal with
    {
        Scenario = Tasks.Renewal.Scenario with
        {
            Requests =
            [
                new()
                {
                    Kind = RequestKind.Do,
                    Tool = "renew_loan",
                    Words = "renew \"Dune\" for 2 weeks",
                    Brief = "renew a loan",
                    Slots = ["a.title", "1.weeks"],
                    FirstAction = 1,
                    ActionCount = 1,
                },
                new()
                {
                    Kind = RequestKind.Tell,
                    Words = "how much the fines come to",
                    Brief = "how much you owe in fines",
                },
            ],
        },
        Instruction = "You are Ames. You want to renew Dune for 2 weeks, and to know how much the fines come to.",
    };

    [Fact]
    public void A_human_who_keeps_to_the_scenario_passes() => LoanTalks.Clean().Done().Verdicts(Tasks.Renewal).ShouldPass("human.words");

    [Fact]
    public void Telling_everything_at_once_before_the_agent_has_said_a_word_fails()
    {
        LoanTalks
            .New()
            .Human("Renew Dune for 2 weeks. My card number is 20000001 and my surname is Ames.")
            .Call("find_member", ("card_no", "20000001"), ("surname", "Ames"))
            .Confirmed()
            .Renewed()
            .Reported()
            .Stop()
            .Done()
            .Verdicts(Tasks.Renewal)
            .ShouldFail("human.words", at: 0, Fault.Human);
    }

    [Fact]
    public void Leaving_while_the_agent_waits_for_a_yes_fails_also_where_the_row_is_named_by_its_key_alone() =>
        LoanTalks
            .New()
            .Identified()
            .Agent("No problem. Loan: L1001. That is all that would change. Shall I?")
            .Human("I have to go now, bye.")
            .Done(DialogueEnd.HumanStop)
            .Verdicts(Tasks.Renewal)
            .ShouldFail("human.words", at: 6, Fault.Human);

    [Fact]
    public void The_words_of_another_wish_of_the_task_are_no_other_value()
    {
        Request Booking(string who, params string[] slots) =>
            Two.Scenario.Requests[0] with
            {
                Words = $"book a seat in economy for {who}, one way, with no bags",
                Slots = [.. slots],
            };
        var scenario = Two.Scenario with
        {
            Facts = [new("1.passengers", "Dario Finch", "text", "passengers", "Dario Finch", Disclosure.WhenAsked)],
            Requests = [Booking("Dario Finch", "1.passengers"), Booking("yourself alone")],
        };
        bool IsOther(string who) =>
            LoanTalks
                .New()
                .Human($"I want to book a seat in economy for {who}, one way, with no bags.")
                .Agent("I see.")
                .Stop()
                .Done()
                .Verdicts(Two with { Scenario = scenario })
                .Any(v => v.Check == "words" && v.Evidence?.Contains("where the scenario has", StringComparison.Ordinal) == true);
        IsOther("myself alone").Should().BeFalse();
        IsOther("Dario Finch").Should().BeFalse();
        IsOther("Clara Moor").Should().BeTrue();
    }

    [Fact]
    public void Telling_one_of_several_unasked_is_no_fault()
    {
        LoanTalks
            .New()
            .Human("Ames here, renew Dune for 2 weeks.")
            .Agent("And your card number?")
            .Human("20000001")
            .Call("find_member", ("card_no", "20000001"), ("surname", "Ames"))
            .Confirmed()
            .Renewed()
            .Reported()
            .Stop()
            .Done()
            .Verdicts(Tasks.Renewal)
            .ShouldPass("human.words");
    }

    [Fact]
    public void Not_knowing_what_the_scenario_gives_fails_unless_it_is_told_later()
    {
        Talk Asked() =>
            LoanTalks
                .New()
                .Human("Hi, I would like to renew Dune for 2 weeks.")
                .Agent("What is your card no, please? I mean the card number.")
                .Human("I don't remember it.");
        Asked().Agent("Then I cannot help.").Stop().Done().Verdicts(Tasks.Renewal).ShouldFail("human.words", at: 2, Fault.Human);
        Asked()
            .Agent("It is on the card.")
            .Human("Ah, 20000001, Ames.")
            .Call("find_member", ("card_no", "20000001"), ("surname", "Ames"))
            .Confirmed()
            .Renewed()
            .Reported()
            .Stop()
            .Done()
            .Verdicts(Tasks.Renewal)
            .ShouldPass("human.words");
    }

    [Fact]
    public void Asking_for_another_row_of_ones_own_that_the_scenario_does_not_know_fails()
    {
        LoanTalks
            .New()
            .Identified()
            .Confirmed()
            .Renewed()
            .Reported()
            .Human("Great. Please renew Ulysses as well.")
            .Agent("That is not possible.")
            .Stop()
            .Done()
            .Verdicts(Tasks.Renewal)
            .ShouldFail("human.words", at: 10, Fault.Human);
    }

    [Fact]
    public void Taking_up_what_the_agent_named_is_no_invention()
    {
        LoanTalks
            .New()
            .Identified()
            .Confirmed()
            .Renewed()
            .Agent("Dune is renewed. Ulysses is due soon.")
            .Human("Please renew Ulysses as well.")
            .Agent("That is not possible.")
            .Stop()
            .Done()
            .Verdicts(Tasks.Renewal)
            .ShouldPass("human.words");
    }

    [Fact]
    public void Dropping_a_wish_fails()
    {
        LoanTalks.Clean().Done().Verdicts(Two).ShouldFail("human.words", at: 10, Fault.Human);
        LoanTalks
            .New()
            .Identified()
            .Confirmed()
            .Renewed()
            .Reported()
            .Human("And how much do I owe in fines?")
            .Agent("$4.50.")
            .Stop()
            .Done()
            .Verdicts(Two)
            .ShouldPass("human.words");
    }

    [Theory]
    [InlineData("Is that really all that fines?", false)]
    [InlineData("Please look at my fines.", true)]
    [InlineData("That is fine with me.", false)]
    [InlineData("Is it fine to ask how much that comes to?", true)]
    public void A_question_about_the_proposal_raises_no_wish(string said, bool raises)
    {
        var verdicts = LoanTalks.New().Identified().Human(said).Confirmed().Renewed().Reported().Stop().Done().Verdicts(Two);
        if (raises)
            verdicts.ShouldPass("human.words");
        else
            verdicts.ShouldFail("human.words", at: 11, Fault.Human);
    }

    [Fact]
    public void Leaving_while_the_agent_waits_for_the_yes_fails()
    {
        var blueprint = Tasks.Renewal with { Scenario = Two.Scenario with { Requests = [Two.Scenario.Requests[0]] } };
        LoanTalks
            .New()
            .Identified()
            .Agent("Shall I renew Dune for 2 weeks?")
            .Stop("Thanks, bye.")
            .Done()
            .Verdicts(blueprint)
            .ShouldFail("human.words", at: 6, Fault.Human);
        LoanTalks
            .New()
            .Identified()
            .Agent("You asked for something else. Shall I renew Dune for 2 weeks?")
            .Stop("Thanks, bye.")
            .Done()
            .Verdicts(blueprint)
            .ShouldFail("human.words", at: 6, Fault.Human);
        // No fact of the wish, but an object that only its tool has.
        LoanTalks
            .New()
            .Identified()
            .Agent("Shall I settle the fine?")
            .Stop("Thanks, bye.")
            .Done()
            .Verdicts(blueprint with { Scenario = Two.Scenario with { Requests = [Two.Scenario.Requests[0] with { Tool = "pay_fine" }] } })
            .ShouldFail("human.words", at: 6, Fault.Human);
        LoanTalks.New().Identified().Agent("I cannot renew Dune.").Stop("A pity.").Done().Verdicts(blueprint).ShouldPass("human.words");
    }

    private static Blueprint WithQuestion(string words) =>
        Two with
        {
            Scenario = Two.Scenario with
            {
                Requests =
                [
                    Two.Scenario.Requests[0],
                    new()
                    {
                        Kind = RequestKind.Tell,
                        Words = words,
                        Brief = words,
                        Slots = ["a.title"],
                    },
                ],
            },
        };

    [Fact]
    public void A_fact_that_two_wishes_share_raises_only_one_of_them()
    {
        var blueprint = WithQuestion("how many copies there are (Dune)");
        LoanTalks.Clean().Done().Verdicts(blueprint).ShouldFail("human.words", at: 10, Fault.Human);
        LoanTalks
            .New()
            .Identified()
            .Confirmed()
            .Renewed()
            .Reported()
            .Human("And of Dune, how many copies are there?")
            .Agent("I cannot tell.")
            .Stop()
            .Done()
            .Verdicts(blueprint)
            .ShouldPass("human.words");
    }

    [Fact]
    public void Two_wishes_in_the_same_words_take_two_sentences()
    {
        var again = Two.Scenario.Requests[0] with { Kind = RequestKind.Refuse, ActionCount = 0 };
        var blueprint = Two with { Scenario = Two.Scenario with { Requests = [Two.Scenario.Requests[0], again] } };
        LoanTalks.Clean().Done().Verdicts(blueprint).ShouldFail("human.words", at: 10, Fault.Human);
        LoanTalks
            .New()
            .Identified()
            .Confirmed()
            .Renewed()
            .Reported()
            .Human("Please renew another loan.")
            .Agent("I cannot.")
            .Stop()
            .Done()
            .Verdicts(blueprint)
            .ShouldPass("human.words");
    }

    [Fact]
    public void Telling_everything_at_once_after_a_greeting_fails_though_the_greeting_has_words_that_anybody_says()
    {
        LoanTalks
            .New()
            .Human("Hi, I need a hand with something, do you have a minute?")
            .Agent("Gladly, what is it?")
            .Human("Renew Dune for 2 weeks. My card number is 20000001 and my surname is Ames.")
            .Call("find_member", ("card_no", "20000001"), ("surname", "Ames"))
            .Confirmed()
            .Renewed()
            .Reported()
            .Stop()
            .Done()
            .Verdicts(Tasks.Renewal)
            .ShouldFail("human.words", at: 2, Fault.Human);
    }
}
