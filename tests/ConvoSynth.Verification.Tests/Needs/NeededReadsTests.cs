using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Verification.Verifiers;

namespace ConvoSynth.Verification.Tests;

public sealed class NeededReadsTests
{
    private const string Check = "efficiency.needless-reads";

    [Fact]
    public void The_reads_of_a_right_dialogue_are_needed_and_nothing_is_noted()
    {
        var (verdict, needed) = Judge(LoanTalks.Clean().Done());
        verdict.Outcome.Should().Be(Outcome.Pass);
        needed.Should().Equal((3, true), (7, true));
    }

    [Fact]
    public void A_read_that_shows_nothing_new_is_noted_at_its_message_and_rejects_nothing()
    {
        var talk = LoanTalks
            .New()
            .Identified()
            .Call("find_member", ("card_no", "20000001"), ("surname", "Ames"))
            .Confirmed()
            .Renewed()
            .Reported()
            .Stop()
            .Done();
        var (verdict, needed) = Judge(talk);
        (verdict.Outcome, verdict.Message, verdict.Fault).Should().Be((Outcome.Noted, 5, Fault.None));
        verdict.Evidence.Should().Be("1 of 2 reads ground nothing: find_member in message 5");
        verdict.Rejects.Should().BeFalse();
        needed.Should().Equal((3, true), (5, false), (9, true));
    }

    [Theory]
    [InlineData(1, Outcome.Noted)]
    [InlineData(0, Outcome.Fail)]
    public void A_limit_rejects_the_dialogue_that_passes_it(int limit, Outcome outcome)
    {
        var talk = LoanTalks.New().Identified().Call("get_title", ("title_id", "T502")).Confirmed().Renewed().Reported().Stop().Done();
        var (verdict, _) = Judge(talk, limit);
        verdict.Outcome.Should().Be(outcome);
        verdict.Fault.Should().Be(outcome == Outcome.Fail ? Fault.Agent : Fault.None);
    }

    [Fact]
    public void A_read_is_needed_if_the_agent_says_what_it_alone_shows()
    {
        var silent = LoanTalks.New().Identified().Call("list_titles").Confirmed().Renewed().Reported().Stop().Done();
        Judge(silent).Needed.Should().Contain((5, false));
        var said = LoanTalks
            .New()
            .Identified()
            .Call("list_titles")
            .Confirmed("By the way, we have Persuasion, too. Shall I renew Dune for 2 weeks?")
            .Renewed()
            .Reported()
            .Stop()
            .Done();
        Judge(said).Needed.Should().Contain((5, true));
    }

    [Fact]
    public void A_calculation_is_needed_if_its_result_is_said()
    {
        var talk = LoanTalks.New().Identified().Call("add", ("a", 20.5), ("b", 20.25));
        Judge(talk.Confirmed().Renewed().Reported().Stop().Done()).Needed.Should().Contain((5, null));
    }

    [Fact]
    public void A_call_that_failed_is_not_judged()
    {
        var talk = LoanTalks.New().Identified().Call("get_title", ("title_id", "T999")).Confirmed().Renewed().Reported().Stop().Done();
        var (verdict, needed) = Judge(talk);
        verdict.Outcome.Should().Be(Outcome.Pass);
        needed.Should().Contain((5, null));
    }

    [Fact]
    public void In_a_task_from_elsewhere_the_proof_of_identity_and_the_source_of_an_id_are_needed()
    {
        var foreign = Tasks.Renewal with { Scenario = Tasks.Renewal.Scenario with { Requests = [], Facts = [] } };
        var talk = LoanTalks.New().Identified().Call("get_title", ("title_id", "T502")).Confirmed().Renewed().Reported().Stop().Done();
        Judge(talk, task: foreign).Needed.Should().Equal((3, true), (5, false), (9, true));
    }

    [Fact]
    public void Of_two_reads_that_show_the_same_the_earlier_one_is_needed()
    {
        var foreign = Tasks.Renewal with { Scenario = Tasks.Renewal.Scenario with { Requests = [], Facts = [] } };
        var talk = LoanTalks
            .New()
            .Identified()
            .Call("get_loan", ("loan_id", "L1001"))
            .Call("get_loan", ("loan_id", "L1001"))
            .Confirmed()
            .Renewed()
            .Reported()
            .Stop()
            .Done();
        Judge(talk, task: foreign).Needed.Where(n => n.Message == 7).Should().Equal((7, false));
    }

    private static (Verdict Verdict, (int Message, bool? Needed)[] Needed) Judge(
        Conversation talk,
        int? limit = null,
        Blueprint? task = null
    )
    {
        var result = Verifier.Default(TestPacks.Loans, limit).Verify(TestPacks.Loans, task ?? Tasks.Renewal, talk);
        return (result.Verdicts.Single(v => v.Name == Check), [.. result.Meta.SelectMany((m, i) => (m.Needed ?? []).Select(n => (i, n)))]);
    }
}
