using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;

namespace ConvoSynth.Verification.Tests;

public sealed class FormatTests
{
    [Theory]
    [InlineData("""{"loan_id": "L1001", "weeks": 2""", "syntax")]
    [InlineData("""{"loan_id": "L1001", "weeks": 2, "weeks": 3}""", "duplicate-key")]
    [InlineData("""{"loan_id": "L1001\ud800", "weeks": 2}""", "lone-surrogate")]
    [InlineData("""{"loan_id": "L1001", "weeks": 90071992547409931}""", "number-range")]
    [InlineData("""["L1001", 2]""", "not an object")]
    [InlineData("", "syntax")]
    public void Arguments_that_are_no_strict_object_fail(string arguments, string kind)
    {
        var verdicts = LoanTalks
            .New()
            .Identified()
            .Confirmed()
            .Raw("renew_loan", arguments)
            .Renewed()
            .Reported()
            .Stop()
            .Done()
            .Verdicts(Tasks.Renewal);
        verdicts.ShouldFail("format.arguments", at: 7);
        verdicts.Single(v => v is { Check: "arguments", Outcome: Outcome.Fail }).Evidence.Should().Contain(kind);
    }

    [Theory]
    [InlineData("""{"loan_id": "L1001", "weeks": "2"}""", "weeks: \"2\" is no integer")]
    [InlineData("""{"loan_id": "L1001", "weeks": 4}""", "weeks: 4 is above 3")]
    [InlineData("""{"loan_id": "L1001", "weeks": 0}""", "weeks: 0 is below 1")]
    [InlineData("""{"loan_id": 1001, "weeks": 2}""", "loan_id: 1001 is no string")]
    [InlineData("""{"loan_id": "L1001"}""", "weeks: is missing")]
    [InlineData("""{"loan_id": "L1001", "weeks": 2, "days": 1}""", "days: is no argument of this tool")]
    public void Arguments_that_do_not_fit_the_schema_fail_and_name_the_path(string arguments, string evidence)
    {
        var verdicts = LoanTalks
            .New()
            .Identified()
            .Confirmed()
            .Raw("renew_loan", arguments)
            .Reported()
            .Stop()
            .Done()
            .Verdicts(Tasks.Renewal);
        verdicts.ShouldFail("format.schema", at: 7);
        verdicts.Single(v => v is { Check: "schema", Outcome: Outcome.Fail }).Evidence.Should().EndWith(evidence);
    }

    [Fact]
    public void A_tool_that_does_not_exist_fails()
    {
        var verdicts = LoanTalks
            .New()
            .Identified()
            .Raw("extend_loan", "{}")
            .Confirmed()
            .Renewed()
            .Reported()
            .Stop()
            .Done()
            .Verdicts(Tasks.Renewal);
        verdicts.ShouldFail("format.tool-name", at: 5);
        verdicts.Rejections().Should().Equal("format.tool-name");
    }

    [Fact]
    public void A_tool_that_was_not_offered_fails_although_the_pack_has_it()
    {
        var blueprint = Tasks.Renewal with { AvailableTools = ["find_member", "renew_loan"] };
        var verdicts = LoanTalks
            .New()
            .Identified()
            .Raw("get_loan", """{"loan_id":"L1001"}""", "Error: unknown tool get_loan")
            .Confirmed()
            .Renewed()
            .Reported()
            .Stop()
            .Done()
            .Verdicts(blueprint);
        verdicts.ShouldFail("format.tool-name", at: 5);
        verdicts.Rejections().Should().Equal("format.tool-name");
    }

    [Fact]
    public void The_human_begins()
    {
        LoanTalks
            .New()
            .Agent("Hello?")
            .Identified()
            .Confirmed()
            .Renewed()
            .Reported()
            .Stop()
            .Done()
            .Verdicts(Tasks.Renewal)
            .ShouldFail("format.roles", at: 0);
    }

    [Fact]
    public void Nobody_speaks_twice_in_a_row()
    {
        LoanTalks
            .New()
            .Identified()
            .Confirmed()
            .Renewed()
            .Reported()
            .Human("Oh.")
            .Stop()
            .Done()
            .Verdicts(Tasks.Renewal)
            .ShouldFail("format.roles", at: 11, Fault.Human);
    }

    [Fact]
    public void An_observation_without_a_call_fails()
    {
        var stray = new Message
        {
            Role = MessageRole.Tool,
            ToolCallId = "x",
            Content = "{}",
        };
        LoanTalks
            .New()
            .Human("Hi.")
            .Add(stray)
            .Agent("Hello.")
            .Stop()
            .Done()
            .Verdicts(Tasks.Renewal)
            .ShouldFail("format.roles", at: 1, Fault.Environment);
    }

    [Fact]
    public void A_call_without_an_observation_fails()
    {
        var call = Message.Calls(new ToolCall("a", "get_loan", """{"loan_id":"L1001"}"""));
        LoanTalks
            .New()
            .Identified()
            .Add(call)
            .Agent("Hm.")
            .Stop()
            .Done()
            .Verdicts(Tasks.Renewal)
            .ShouldFail("format.roles", at: 5, Fault.Environment);
    }

    [Fact]
    public void Observations_stand_in_the_order_of_their_calls()
    {
        var (a, b) = (new ToolCall("a", "get_loan", """{"loan_id":"L1001"}"""), new ToolCall("b", "get_loan", """{"loan_id":"L1002"}"""));
        var talk = LoanTalks
            .New()
            .Identified()
            .Add(Message.Calls(a, b))
            .Add(Message.Observation(b, "{}"))
            .Add(Message.Observation(a, "{}"))
            .Agent("Hm.")
            .Stop();
        talk.Done().Verdicts(Tasks.Renewal).ShouldFail("format.roles", at: 6, Fault.Environment);
    }

    [Fact]
    public void Two_calls_of_a_message_may_not_share_an_id()
    {
        var (a, b) = (new ToolCall("a", "list_titles", "{}"), new ToolCall("a", "list_titles", "{}"));
        var talk = LoanTalks
            .New()
            .Human("Hi.")
            .Add(Message.Calls(a, b))
            .Add(Message.Observation(a, ""))
            .Add(Message.Observation(b, ""))
            .Agent("Hm.")
            .Stop();
        talk.Done().Verdicts(Tasks.Renewal).ShouldFail("format.roles", at: 1);
    }

    [Fact]
    public void Parallel_calls_with_their_observations_in_order_are_well_formed()
    {
        var talk = LoanTalks
            .New()
            .Identified()
            .Together(("get_loan", Json.Map(("loan_id", "L1001"))), ("get_loan", Json.Map(("loan_id", "L1002"))))
            .Confirmed()
            .Renewed()
            .Reported()
            .Stop();
        talk.Done().Verdicts(Tasks.Renewal).ShouldPass("format.roles");
    }
}
