using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Tests;
using ConvoSynth.Verification.Judges;

namespace ConvoSynth.Verification.Tests;

public sealed class JudgingTests
{
    private static readonly Conversation Unclear = LoanTalks
        .New()
        .Identified()
        .Agent("Shall I renew Dune for 2 weeks?")
        .Human("Okay.")
        .Renewed()
        .Reported()
        .Stop()
        .Done();

    [Fact]
    public async Task Without_a_judge_what_is_unsure_stays_unsure()
    {
        var verdicts = Unclear.Verdicts(Tasks.Renewal);
        (await Judging.SettleAsync(verdicts, Unclear, Tasks.Renewal, judge: null, default)).Should().Equal(verdicts);
        verdicts.Rejections().Should().Equal("undecided:procedure.confirmation");
    }

    [Theory]
    [InlineData(Outcome.Pass)]
    [InlineData(Outcome.Fail)]
    public async Task A_judge_is_asked_the_one_question_with_the_messages_quoted_and_settles_it(Outcome outcome)
    {
        var judge = new Answering(outcome);
        var settled = await Judging.SettleAsync(Unclear.Verdicts(Tasks.Renewal), Unclear, Tasks.Renewal, judge, default);
        judge.Asked.Should().ContainSingle().Which.Check.Should().Be("procedure.confirmation");
        judge
            .Asked[0]
            .Messages.Select(m => m.Text)
            .Should()
            .Contain("Okay.")
            .And.Contain("Shall I renew Dune for 2 weeks?")
            .And.Contain(t => t.StartsWith("renew_loan(", StringComparison.Ordinal));
        settled.Rejections().Should().Equal(outcome == Outcome.Pass ? [] : ["procedure.confirmation"]);
        settled.Single(v => v.Check == "confirmation").Evidence.Should().StartWith("tester: because");
    }

    [Fact]
    public async Task A_judge_is_not_asked_about_what_failed()
    {
        var refused = LoanTalks.New().Identified().Agent("Shall I renew Dune for 2 weeks?").Human("No.").Renewed().Reported().Stop().Done();
        var judge = new Answering(Outcome.Pass);
        var settled = await Judging.SettleAsync(refused.Verdicts(Tasks.Renewal), refused, Tasks.Renewal, judge, default);
        judge.Asked.Should().BeEmpty();
        settled.Rejections().Should().Equal("procedure.confirmation");
    }

    private sealed class Answering(Outcome outcome) : IJudge
    {
        public List<JudgeQuestion> Asked { get; } = [];

        public string Name => "tester";

        public Task<JudgeAnswer> AskAsync(JudgeQuestion question, CancellationToken cancellationToken)
        {
            Asked.Add(question);
            return Task.FromResult(new JudgeAnswer(outcome, Fault.Agent, "because"));
        }
    }
}
