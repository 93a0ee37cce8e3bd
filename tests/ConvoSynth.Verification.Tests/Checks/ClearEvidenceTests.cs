using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Verification.Verifiers;

namespace ConvoSynth.Verification.Tests;

/// <summary>Checks that pass only on clear evidence and are unsure without it.</summary>
public sealed class ClearEvidenceTests
{
    private static readonly Lazy<Pack> Airline = new(() => PackLoading.Load(TestPacks.Shipped("airline")));

    [Theory]
    [InlineData("I want to be compensated for the delay.", true, false)]
    [InlineData("I want to be compensated for the delay.", false, true)]
    [InlineData("My flight was cancelled, and I want to be compensated.", false, false)]
    [InlineData("My flight was cancelled.", false, true)]
    public void A_judged_clause_that_applies_is_unsure_unless_something_shows_that_it_was_kept(string wish, bool cancels, bool isUnsure)
    {
        var pack = Airline.Value;
        var row = pack.BaseView["reservations"].Rows.First(r => r["cabin"].Text == "business" && r["status"].IsNull);
        var talk = new Talk(pack)
            .Human($"I am {row["user_id"].Text}. {wish}")
            .Call("get_user_details", ("user_id", row["user_id"]))
            .Call("get_reservation_details", ("reservation_id", row.Key))
            .Agent("Shall I?")
            .Human("Yes.");
        if (cancels)
            talk.Call("cancel_reservation", ("reservation_id", row.Key));
        talk.Call("send_certificate", ("user_id", row["user_id"]), ("amount", 50)).Agent("Done.").Stop();
        Verdicts(pack, talk).Any(v => v.Check == "judged" && v.Outcome == Outcome.Unsure).Should().Be(isUnsure);
    }

    [Theory]
    [InlineData("Yes, but will that cost me anything?", true)]
    [InlineData("Yes. Can you look for something cheaper first?", true)]
    [InlineData("Yes, can you go ahead with it?", false)]
    [InlineData("Yes, right?", false)]
    public void A_question_that_stands_open_at_the_write_is_unsure(string answer, bool isOpen)
    {
        var verdicts = LoanTalks
            .New()
            .Identified()
            .Agent("Shall I renew Dune for 2 weeks?")
            .Human(answer)
            .Renewed()
            .Reported()
            .Stop()
            .Done()
            .Verdicts(Tasks.Renewal);
        verdicts.Any(v => v.Check == "confirmation" && v.Outcome == Outcome.Unsure).Should().Be(isOpen);
    }

    [Fact]
    public void A_hand_over_of_what_is_to_be_refused_fails_and_is_unsure_in_a_foreign_task()
    {
        var refusal = Tasks.Of(Tasks.FindAmes);
        var talk = LoanTalks.New().Identified().Agent("I cannot do that.").Human("Try.").Call("transfer_to_staff", ("summary", "insists"));
        talk.Done(DialogueEnd.Transfer).Verdicts(refusal).ShouldFail("procedure.transfer-iff", at: 7);
        var foreign = refusal with { Scenario = refusal.Scenario with { Requests = [] } };
        talk.Done(DialogueEnd.Transfer)
            .Verdicts(foreign)
            .Should()
            .Contain(v => v.Check == "transfer-iff" && v.Outcome == Outcome.Unsure && v.Message == 7);
    }

    [Fact]
    public void Somebody_of_whom_nothing_was_ever_looked_up_was_not_identified() =>
        LoanTalks
            .New()
            .Human("Renew Dune.")
            .Agent("I need the loan number.")
            .Stop("I do not have it.")
            .Done()
            .Verdicts(Tasks.Renewal)
            .Should()
            .Contain(v => v.Check == "identify" && v.Outcome == Outcome.Unsure);

    [Fact]
    public void Nobody_is_handed_over_before_they_were_identified_where_a_rule_says_so()
    {
        var pack = Airline.Value;
        Verdicts(pack, new Talk(pack).Human("Undo it.").Call("transfer_to_human_agents", ("summary", "wants it undone")))
            .ShouldFail("procedure.identify", at: 1);
    }

    [Fact]
    public void The_same_write_right_after_it_went_through_fails()
    {
        var fine = ("pay_fine", new (string, Json)[] { ("member_id", "M1"), ("amount", 2) });
        var talk = LoanTalks
            .New()
            .Identified()
            .Agent("How much?")
            .Human("2.")
            .Confirmed("Shall I pay $2.00 of your fine?")
            .Call(fine.Item1, fine.Item2)
            .Call(fine.Item1, fine.Item2)
            .Agent("Done.")
            .Stop();
        talk.Done().Verdicts(Tasks.Renewal).ShouldFail("outcome.writes", at: 11);
    }

    [Fact]
    public void A_name_in_a_read_that_nobody_gave_is_unsure() =>
        LoanTalks
            .New()
            .Human("Hi, I would like to renew Dune for 2 weeks.")
            .Agent("Your card number?")
            .Human("20000001")
            .Call("find_member", ("card_no", "20000001"), ("surname", "Amis"))
            .Agent("Hm.")
            .Stop()
            .Done()
            .Verdicts(Tasks.Renewal)
            .Should()
            .Contain(v => v.Check == "arguments" && v.Stage == "grounding" && v.Outcome == Outcome.Unsure && v.Message == 3);

    [Theory]
    [InlineData("My card number is not 20000001, and I am Ames.", Outcome.Fail)]
    [InlineData("My card number is 2, and I am Ames. 20000001", Outcome.Unsure)]
    [InlineData("20000001, Ames. I would not like to renew \"Dune\" for 2 weeks.", Outcome.Unsure)]
    [InlineData("20000001, Ames. It is 9 weeks.", Outcome.Unsure)]
    public void A_fact_or_wish_that_the_human_denies_or_changes_is_caught(string said, Outcome outcome)
    {
        var talk = LoanTalks
            .New()
            .Human("Hi, I would like to renew Dune for 2 weeks.")
            .Agent("Who are you?")
            .Human(said)
            .Call("find_member", ("card_no", "20000001"), ("surname", "Ames"))
            .Confirmed()
            .Renewed()
            .Reported()
            .Stop();
        talk.Done().Verdicts(Tasks.Renewal).Should().Contain(v => v.Stage == "human" && v.Outcome == outcome && v.Message == 2);
    }

    [Fact]
    public void A_proposal_that_says_it_will_not_be_done_gets_no_clear_yes() =>
        LoanTalks
            .New()
            .Identified()
            .Confirmed("I cannot renew Dune for 2 weeks. Shall I go ahead?")
            .Renewed()
            .Reported()
            .Stop()
            .Done()
            .Verdicts(Tasks.Renewal)
            .Should()
            .Contain(v => v.Check == "confirmation" && v.Outcome == Outcome.Unsure && v.Message == 7);

    private static ImmutableArray<Verdict> Verdicts(Pack pack, Talk talk)
    {
        var task = Tasks.Renewal with
        {
            Domain = pack.Domain.Name,
            PackHash = pack.Hash,
            Persona = pack.Personas[0],
            Actions = [],
            AcceptedEndStates = [],
            AvailableTools = [.. pack.Tools.All.Select(t => t.Name)],
        };
        return Verifier.Default(pack).Verify(pack, task, talk.Done()).Verdicts;
    }
}
