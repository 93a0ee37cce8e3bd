using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Verification.Language;

namespace ConvoSynth.Verification.Tests;

public sealed class HumanTests
{
    [Theory]
    [InlineData(8, true)]
    [InlineData(30, false)]
    public void Long_messages_of_a_brief_person_are_the_opposite_unless_the_wish_is_long(int wordsOfWish, bool contradicts)
    {
        var scenario = Tasks.Renewal.Scenario;
        var blueprint = Tasks.Renewal with
        {
            Persona = new("brisk", "brisk", Json.Map(("brief", 1))),
            Scenario = scenario with { Requests = [scenario.Requests[0] with { Words = Words(wordsOfWish) }] },
        };
        MannerSigns
            .Of(blueprint, [Message.User(Words(55)), Message.User(Words(55)), Message.User(Words(55))])
            .Should()
            .ContainSingle()
            .Which.Contradicts.Should()
            .Be(contradicts);
    }

    private static string Words(int count) => string.Join(' ', Enumerable.Repeat("word", count));

    [Theory]
    [InlineData("My order is W5512.")]
    [InlineData("Write to ames@mail.example.")]
    [InlineData("My number is 20000009.")]
    [InlineData("That is $6, is it?")]
    [InlineData("I'm away from April 9.")]
    public void A_value_that_the_scenario_does_not_have_fails(string sentence)
    {
        LoanTalks
            .New()
            .Identified()
            .Agent("Shall I renew Dune for 2 weeks?")
            .Human($"Yes. {sentence}")
            .Renewed()
            .Reported()
            .Stop()
            .Done()
            .Verdicts(Tasks.Renewal)
            .ShouldFail("human.values", at: 6, Fault.Human);
    }

    [Theory]
    [InlineData("Card 2000-0001, you mean?")]
    [InlineData("Is it L1001, as you say?")]
    [InlineData("Until 2031?")]
    [InlineData("Until March 24, you say?")]
    public void A_value_of_a_fact_or_that_was_said_before_passes(string sentence)
    {
        LoanTalks
            .New()
            .Identified()
            .Agent("Shall I renew loan L1001, Dune, for 2 weeks, to March 24, 2031?")
            .Human($"Yes. {sentence}")
            .Renewed()
            .Reported()
            .Stop()
            .Done()
            .Verdicts(Tasks.Renewal)
            .ShouldPass("human.values");
    }

    [Fact]
    public void A_fact_that_is_never_to_be_said_fails()
    {
        LoanTalks
            .New()
            .Identified()
            .Confirmed()
            .Renewed()
            .Reported()
            .Stop("Thanks, my PIN is 7720000001.")
            .Done()
            .Verdicts(Tasks.Renewal)
            .ShouldFail("human.leak", at: 10, Fault.Human);
    }

    [Fact]
    public void Repeating_what_the_agent_said_is_no_leak()
    {
        LoanTalks
            .New()
            .Identified()
            .Agent("Your PIN is 7720000001.")
            .Stop("7720000001, thanks.")
            .Done()
            .Verdicts(Tasks.Renewal)
            .ShouldPass("human.leak");
    }

    [Fact]
    public void Stopping_before_the_agent_said_anything_is_the_humans_fault()
    {
        LoanTalks
            .New()
            .Human($"Never mind. {StopMarks.Stop}")
            .Done()
            .Verdicts(Tasks.Renewal)
            .ShouldFail("human.early-stop", at: 0, Fault.Human);
    }

    [Fact]
    public void A_task_without_a_scenario_leaves_all_but_the_humans_values_unjudged()
    {
        var verdicts = LoanTalks.Clean().Done().Verdicts(Foreign("You are Ames, card 20000001. You want to renew Dune for 2 weeks."));
        verdicts
            .Where(v => v is { Stage: "human", Outcome: Outcome.Skipped })
            .Select(v => v.Check)
            .Should()
            .Equal("leak", "words", "manner");
        verdicts.ShouldPass("human.values");
    }

    [Theory]
    [InlineData("Write to ames@mail.example.", true)]
    [InlineData("It's order #W5512009.", true)]
    [InlineData("That makes $1,126.04, by May 20, 2031 (2031-05-20).", false)]
    public void An_id_or_address_that_no_instruction_has_fails_and_what_people_work_out_does_not(string sentence, bool fails)
    {
        var verdicts = LoanTalks
            .New()
            .Identified()
            .Agent("Shall I renew Dune for 2 weeks?")
            .Human($"Yes. {sentence}")
            .Renewed()
            .Reported()
            .Stop()
            .Done()
            .Verdicts(Foreign("You are Ames, card 20000001. You want to renew Dune for 2 weeks."));
        if (fails)
            verdicts.ShouldFail("human.values", at: 6, Fault.Human);
        else
            verdicts.ShouldPass("human.values");
    }

    private static Blueprint Foreign(string instruction) =>
        Tasks.Renewal with
        {
            Scenario = Tasks.Renewal.Scenario with { Requests = [], Facts = [] },
            Instruction = instruction,
        };
}
