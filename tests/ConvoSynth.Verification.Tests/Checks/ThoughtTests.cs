using ConvoSynth.Core;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Verification.Verifiers;

namespace ConvoSynth.Verification.Tests;

/// <summary>Thoughts before the renewal of loan L1001 for 2 weeks (message 7 of the clean talk), which the human has confirmed.</summary>
public sealed class ThoughtTests
{
    private const int Write = 7;

    [Theory]
    [InlineData("The member agreed to renew Dune for 2 weeks. Calling renew_loan on L1001.")]
    [InlineData("Ames said yes. get_title would tell me more, but I don't need get_title here. renew_loan(loan_id=L1001, weeks=2).")]
    [InlineData("I used find_member already and it listed L1001. After this, pay_fine may come up. Now renew_loan.")]
    [InlineData("A renewal beyond 3 weeks is not allowed, and this is 2. So I renew loan L1001 with renew_loan.")]
    [InlineData("I can't call pay_fine or place_hold for this. The loan L1001 gets its two more weeks.")]
    [InlineData("Dune is due on March 10, 2031, so two more weeks should make it March 24.")]
    public void A_thought_that_agrees_with_the_call_fails_nothing(string thought) =>
        Verdicts(Thinking(thought)).Where(v => v.Outcome == Outcome.Fail).Should().BeEmpty();

    [Theory]
    [InlineData("Now I use pay_fine for member M1.")]
    [InlineData("The member wants a hold. Next step: place_hold.")]
    [InlineData("I should call pay_fine now.")]
    [InlineData("Loan L2001 is the one to renew.")]
    [InlineData("I call renew_loan with loan_id L2001.")]
    [InlineData("The policy does not allow this renewal.")]
    [InlineData("I must refuse, since the fines are too high.")]
    [InlineData("The member has not confirmed the weeks. I should wait.")]
    public void A_thought_that_contradicts_the_call_fails(string thought) =>
        Verdicts(Thinking(thought)).ShouldFail("thoughts.call", at: Write);

    [Fact]
    public void A_planned_call_that_does_not_follow_is_unsure()
    {
        var talk = LoanTalks.Clean().Done();
        var report = talk.Messages.Length - 2;
        Verdicts(Thinking("I will now call pay_fine.", report))
            .Should()
            .ContainSingle(v => v.Stage == "thoughts")
            .Which.Should()
            .Match<Verdict>(v => v.Outcome == Outcome.Unsure && v.Message == report);
    }

    [Theory]
    [InlineData("T502 is Persuasion.")]
    [InlineData("The human means Persuasion by Austen, I am sure.")]
    public void A_thought_that_names_what_the_next_observation_shows_fails(string thought)
    {
        var talk = LoanTalks.New().Human("What is title T502?").Call("get_title", ("title_id", "T502")).Agent("It is Persuasion.").Stop();
        var conversation = talk.Done();
        conversation.Messages[2].Content.Should().Contain("Persuasion");
        Verdicts(With(conversation, thought, 1)).ShouldFail("thoughts.seen", at: 1);
    }

    [Fact]
    public void A_code_without_a_source_fails()
    {
        Verdicts(Thinking("The hold HLD4821 is in the way. renew_loan is the call.")).ShouldFail("thoughts.seen", at: Write);
        Verdicts(Thinking("The card 20000001 is theirs. renew_loan is the call.")).Should().NotContain(v => v.Stage == "thoughts");
    }

    [Fact]
    public void Thoughts_are_judged_only_where_rows_show_them()
    {
        var pack = TestPacks.Loans;
        var verdicts = Verifier.Default(pack).Verify(pack, Tasks.Renewal, Thinking("I must refuse this.")).Verdicts;
        verdicts.Should().NotContain(v => v.Stage == "thoughts");
        verdicts.Where(v => v.Rejects).Should().BeEmpty();
    }

    private static Conversation Thinking(string thought, int at = Write) => With(LoanTalks.Clean().Done(), thought, at);

    private static Conversation With(Conversation conversation, string thought, int at) =>
        conversation with
        {
            Messages = conversation.Messages.SetItem(at, conversation.Messages[at] with { Reasoning = new("model", Json.Null, thought) }),
        };

    // The passes of the two checks are left out.
    private static IReadOnlyList<Verdict> Verdicts(Conversation conversation) =>
        [
            .. Verifier
                .Default(TestPacks.Loans)
                .WithThoughts()
                .Verify(TestPacks.Loans, Tasks.Renewal, conversation)
                .Verdicts.Where(v => v.Stage != "thoughts" || v.Outcome != Outcome.Pass),
        ];
}
