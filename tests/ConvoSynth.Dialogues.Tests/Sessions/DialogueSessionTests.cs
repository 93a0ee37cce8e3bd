using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Sessions;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Models;
using ConvoSynth.Verification.Tests;
using ConvoSynth.Verification.Verifiers;

namespace ConvoSynth.Dialogues.Tests;

/// <summary>Behaviour of real models that scripted ones never show.</summary>
public sealed class DialogueSessionTests
{
    [Theory]
    [InlineData("renew_everything", "{}", "Error: unknown tool renew_everything", "format.tool-name")]
    [InlineData("renew_loan", "{\"loan_id\": ", "Error: invalid arguments: *", "format.arguments")]
    [InlineData("renew_loan", "[\"L1001\", 2]", "Error: invalid arguments: an object is wanted", "format.arguments")]
    [InlineData("renew_loan", "{\"loan_id\":\"L1001\",\"weeks\":\"two\"}", "Error: invalid arguments: *", "format.schema")]
    [InlineData("renew_loan", "{\"loan_id\":\"L1001\"}", "Error: invalid arguments: weeks is missing", "format.schema")]
    [InlineData(
        "renew_loan",
        "{\"loan_id\":\"L1001\",\"weeks\":2,\"force\":true}",
        "Error: invalid arguments: renew_loan has no argument force",
        "format.schema"
    )]
    [InlineData("find_member", "", "Error: invalid arguments: *", "format.arguments")]
    public void An_invalid_call_is_answered_with_an_error_and_the_dialogue_goes_on(
        string tool,
        string arguments,
        string observation,
        string check
    )
    {
        var session = Begun();

        session.AgentSaid(Calls(new ToolCall("c1", tool, arguments)));

        session.Messages[^1].Should().Match<Message>(m => m.Role == MessageRole.Tool && m.ToolCallId == "c1");
        session.Messages[^1].Content.Should().Match(observation);
        session.Next.Should().Be(NextTurn.Agent);
        session.AgentSaid(Text("I am sorry, something went wrong. What is your card number?"));
        session.Next.Should().Be(NextTurn.Human);
        session.HumanSaid(Text($"Never mind. {StopMarks.Stop}"));
        session.Finish().Verdicts(Tasks.Renewal).ShouldFail(check, 1);
    }

    [Fact]
    public void Two_calls_where_one_is_allowed_are_both_carried_out_in_order_and_are_a_verdict()
    {
        var session = Begun();

        session.AgentSaid(
            Calls(
                new("c1", "find_member", "{\"card_no\":\"20000001\",\"surname\":\"Ames\"}"),
                new("c2", "renew_loan", "{\"loan_id\":\"L1001\",\"weeks\":2}")
            )
        );

        session.Messages.Skip(2).Select(m => m.ToolCallId).Should().Equal("c1", "c2");
        session.Next.Should().Be(NextTurn.Agent);
        session.AgentSaid(Text("Dune is renewed."));
        session.HumanSaid(Text(StopMarks.Stop));
        session.Finish().Verdicts(Tasks.Renewal).ShouldFail("procedure.alone", 1);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n")]
    [InlineData(null)]
    public void An_empty_turn_of_the_agent_passes_the_turn_and_the_human_hears_that_nothing_came(string? content)
    {
        var session = Begun();

        session.AgentSaid(
            new()
            {
                Message = new() { Role = MessageRole.Assistant, Content = content },
                Model = "m",
            }
        );

        session.Next.Should().Be(NextTurn.Human);
        session.ForHuman().Should().Be(Message.User("(The agent sent an empty message.)"));
        session.HumanSaid(Text($"Hello? {StopMarks.Stop}"));
        session.Finish().Messages[1].Content.Should().Be(content);
        session.Finish().Verdicts(Tasks.Renewal).ShouldFail("conversation.empty-turns", 1);
    }

    [Fact]
    public void Two_calls_where_the_endpoint_allows_one_are_a_verdict_of_their_own()
    {
        var session = Begun();

        session.AgentSaid(
            Calls(new("c1", "list_titles", "{}"), new("c2", "find_member", "{\"card_no\":\"20000001\",\"surname\":\"Ames\"}")) with
            {
                Finish = FinishReason.ExtraCalls,
            }
        );

        session.Messages.Skip(2).Should().HaveCount(2).And.OnlyContain(m => m.Role == MessageRole.Tool && !m.Content!.StartsWith("Error"));
        session.AgentSaid(Text("What is the title?"));
        session.HumanSaid(Text(StopMarks.Stop));
        session.Finish().Verdicts(Tasks.Renewal).ShouldFail("format.extra-calls", 1);
    }

    [Theory]
    [InlineData(FinishReason.Refusal, "I'm sorry, I can't help with that.", "conversation.refusal")]
    [InlineData(FinishReason.ContentFilter, "", "conversation.content-filter")]
    [InlineData(FinishReason.ContentFilter, "Your loan of", "conversation.content-filter")]
    [InlineData(FinishReason.Length, "Your loan of Du", "conversation.length")]
    [InlineData(FinishReason.Length, "", "conversation.length")]
    [InlineData(FinishReason.Empty, "", "conversation.empty-turns")]
    public void A_response_that_is_none_is_a_verdict_by_name_and_the_dialogue_goes_on(FinishReason finish, string text, string check)
    {
        var agent = Begun();
        agent.AgentSaid(Text(text) with { Finish = finish });
        agent.Next.Should().Be(NextTurn.Human);
        agent.HumanSaid(Text($"Pardon? {StopMarks.Stop}"));
        agent.Finish().Verdicts(Tasks.Renewal).ShouldFail(check, 1);

        var human = Begun();
        human.AgentSaid(Text("What is your card number?"));
        human.HumanSaid(Text(text) with { Finish = finish });
        human.Next.Should().Be(NextTurn.Agent);
        human.AgentSaid(Text("Are you still there?"));
        human.HumanSaid(Text(StopMarks.Stop));
        human.Finish().Verdicts(Tasks.Renewal).ShouldFail(check, 2, Fault.Human);
    }

    [Theory]
    [InlineData(FinishReason.ContextLength, "conversation.context", true)]
    [InlineData(FinishReason.ContextLength, "conversation.context", false)]
    [InlineData(FinishReason.PromptFilter, "conversation.content-filter", true)]
    [InlineData(FinishReason.PromptFilter, "conversation.content-filter", false)]
    public void A_prompt_that_the_endpoint_does_not_take_ends_the_dialogue_at_once_at_the_endpoint_s_fault_alone(
        FinishReason finish,
        string check,
        bool isAgents
    )
    {
        var session = Begun();
        if (!isAgents)
            session.AgentSaid(Text("What is your card number?"));
        if (isAgents)
            session.AgentSaid(Text("") with { Finish = finish });
        else
            session.HumanSaid(Text("") with { Finish = finish });

        session.Next.Should().Be(NextTurn.Done);
        var verdicts = session.Finish().Verdicts(Tasks.Renewal);
        verdicts.ShouldFail(check, isAgents ? 1 : 2, Fault.Endpoint);
        verdicts.Rejections().Should().Equal(check);
        session.Finish().Meta[^1].Reason.Should().NotBeNull("nothing is to be learned from it");
    }

    [Fact]
    public void An_id_that_an_earlier_call_has_is_renamed_with_its_observation()
    {
        var session = Begun();
        session.AgentSaid(Calls(new ToolCall("call_0", "list_titles", "{}")));
        session.AgentSaid(Calls(new ToolCall("call_0", "list_titles", "{}")));

        var ids = session.Messages.SelectMany(m => m.ToolCalls).Select(c => c.Id).ToArray();
        ids.Should().OnlyHaveUniqueItems();
        session.Messages.Where(m => m.Role == MessageRole.Tool).Select(m => m.ToolCallId).Should().Equal(ids);
    }

    [Fact]
    public void A_call_that_the_limit_cut_off_is_answered_with_an_error_and_is_a_verdict_for_both()
    {
        var session = Begun();
        session.AgentSaid(Calls(new ToolCall("c1", "renew_loan", "{\"loan_id\":\"L10")) with { Finish = FinishReason.Length });

        session.Messages[^1].Content.Should().StartWith("Error: invalid arguments: ");
        session.AgentSaid(Text("One moment, please."));
        session.HumanSaid(Text(StopMarks.Stop));
        var verdicts = session.Finish().Verdicts(Tasks.Renewal);
        verdicts.ShouldFail("conversation.length", 1);
        verdicts.ShouldFail("format.arguments", 1);
    }

    [Fact]
    public void A_refusal_of_the_agents_model_is_no_refusal_that_the_policy_wants()
    {
        var refusal = Tasks.Renewal with
        {
            Refusals = [new(Tasks.RenewDune.Tool, Tasks.RenewDune.Arguments, "3.1", "another reader has reserved it", 0)],
        };
        ImmutableArray<Verdict> Of(FinishReason finish)
        {
            var session = Begun();
            session.AgentSaid(Text("I cannot renew Dune, because another reader has reserved it.") with { Finish = finish });
            session.HumanSaid(Text(StopMarks.Stop));
            return session.Finish().Verdicts(refusal);
        }

        Of(FinishReason.Refusal).ShouldFail("conversation.refusal", 1);
        Of(FinishReason.Stop).Should().NotContain(v => v.Check == "refusal" && v.Stage == "conversation");
    }

    [Theory]
    [InlineData(FinishReason.ToolCalls)]
    [InlineData(FinishReason.ExtraCalls)]
    public void A_human_whose_model_calls_a_tool_is_at_fault_and_nothing_is_carried_out(FinishReason finish)
    {
        var session = new DialogueSession(TestPacks.Loans, Tasks.Renewal, DialogueLimits.Default);

        session.HumanSaid(Calls(new ToolCall("c1", "renew_loan", "{\"loan_id\":\"L1001\",\"weeks\":2}")) with { Finish = finish });

        session.Messages.Should().Equal(Message.User(""));
        session.Next.Should().Be(NextTurn.Agent);
        session.AgentSaid(Text("How can I help?"));
        session.HumanSaid(Text(StopMarks.Stop));
        session.Diff().IsEmpty.Should().BeTrue();
        session.Finish().Verdicts(Tasks.Renewal).ShouldFail("human.calls", 0, Fault.Human);
    }

    [Fact]
    public void A_response_that_was_cut_off_is_a_verdict()
    {
        var session = Begun();
        session.AgentSaid(Text("Your loan of Du") with { Finish = FinishReason.Length });
        session.HumanSaid(Text(StopMarks.Stop) with { Note = "how it came about" });

        session.Finish().Verdicts(Tasks.Renewal).ShouldFail("conversation.length", 1);
        session.Finish().Meta[2].Note.Should().Be("how it came about");
    }

    [Fact]
    public void A_human_who_gives_up_ends_the_dialogue_at_their_own_fault_and_nobody_is_blamed_for_what_did_not_happen()
    {
        var session = Begun();
        session.AgentSaid(Text("What is your loan number?"));
        session.HumanSaid(Text($"{StopMarks.OutOfScope} {StopMarks.Stop}"));

        session.Next.Should().Be(NextTurn.Done);
        session.Finish().End.Should().Be(DialogueEnd.OutOfScope);
        var verdicts = session.Finish().Verdicts(Tasks.Renewal);
        verdicts.ShouldFail("human.out-of-scope", 2, Fault.Human);
        verdicts.Rejections().Should().Equal("human.out-of-scope");
        verdicts.Single(v => v is { Stage: "outcome", Check: "end-state" }).Outcome.Should().Be(Outcome.Skipped);
    }

    [Fact]
    public void What_the_agent_did_wrong_before_the_human_gave_up_stays_its_fault()
    {
        var session = Begun();
        session.AgentSaid(Calls(new ToolCall("c1", "renew_loan", "{\"loan_id\":\"L1001\",\"weeks\":2}")));
        session.AgentSaid(Text("Done."));
        session.HumanSaid(Text(StopMarks.OutOfScope));

        session.Finish().Verdicts(Tasks.Renewal).Rejections().Should().Contain("human.out-of-scope").And.Contain("procedure.identify");
    }

    [Fact]
    public void A_lost_dialogue_is_ended_at_once_where_that_is_asked_for_and_its_row_is_rejected_for_what_had_happened()
    {
        var stopped = Played(EarlyStopChecks.Of(TestPacks.Loans));
        var whole = Played(null);

        stopped.End.Should().Be(DialogueEnd.StoppedEarly);
        stopped.StopReason.Should().StartWith("procedure.identify: renew_loan before anybody was identified");
        stopped
            .Verdicts(Tasks.Renewal)
            .Rejections()
            .Should()
            .Equal("procedure.identify", "procedure.confirm", "grounding.arguments", "conversation.stopped");
        stopped.Messages.Length.Should().BeLessThan(whole.Messages.Length);
        whole.Verdicts(Tasks.Renewal).Rejections().Should().NotBeEmpty();
    }

    [Theory]
    [InlineData(FinishReason.Refusal, "I can't help with that.", "conversation.refusal")]
    [InlineData(FinishReason.ContentFilter, "", "conversation.content-filter")]
    [InlineData(FinishReason.Length, "My card numb", "conversation.length")]
    [InlineData(FinishReason.Empty, " ", "conversation.empty-turns")]
    [InlineData(FinishReason.ToolCalls, "One moment.", "human.calls")]
    public void A_human_without_a_message_of_their_own_ends_a_dialogue_that_may_be_stopped_at_their_own_fault(
        FinishReason finish,
        string text,
        string check
    )
    {
        var session = new DialogueSession(
            TestPacks.Loans,
            Tasks.Renewal,
            DialogueLimits.Default,
            earlyStop: EarlyStopChecks.Of(TestPacks.Loans)
        );
        session.HumanSaid(Text("Hi, I would like to renew Dune for 2 weeks."));
        session.AgentSaid(Text("What is your card number?"));

        session.HumanSaid(Text(text) with { Finish = finish });

        session.Next.Should().Be(NextTurn.Done);
        session.Finish().StopReason.Should().StartWith(check + ": ");
        var verdicts = session.Finish().Verdicts(Tasks.Renewal);
        verdicts.ShouldFail(check, 2, Fault.Human);
        verdicts.ShouldFail("conversation.stopped", 2, Fault.Human);
        verdicts
            .Where(v => v.Outcome == Outcome.Fail)
            .Should()
            .OnlyContain(v => v.Fault == Fault.Human, "nobody else is blamed for what did not happen");
    }

    [Fact]
    public void A_write_to_a_row_that_no_accepted_state_changes_is_lost_as_soon_as_it_is_made()
    {
        var talk = LoanTalks.New().Identified().Confirmed().Call("pay_fine", ("member_id", "M1"), ("amount", 4.5)).Done(DialogueEnd.Limit);

        Reason(Tasks.Renewal, talk.Messages)
            .Should()
            .Be(
                "outcome.writes: pay_fine({\"member_id\":\"M1\",\"amount\":4.5}) is in no accepted plan, and no accepted "
                    + "end state has what it changed"
            );
        Reason(Tasks.Renewal, [.. talk.Messages.Take(7)]).Should().BeNull();
    }

    [Fact]
    public void A_write_whose_change_stands_in_an_accepted_state_is_not_lost_although_no_plan_has_it()
    {
        var unplanned = Tasks.Renewal with { AcceptedEndStates = [.. Tasks.Renewal.AcceptedEndStates.Select(s => s with { Writes = [] })] };
        Reason(unplanned, LoanTalks.New().Identified().Confirmed().Renewed().Done(DialogueEnd.Limit).Messages).Should().BeNull();
        Reason(unplanned, LoanTalks.New().Identified().Confirmed().Renewed(weeks: 1).Done(DialogueEnd.Limit).Messages)
            .Should()
            .StartWith("outcome.writes: renew_loan(", "the due date is another");
    }

    [Fact]
    public void A_new_row_may_be_any_of_those_that_an_accepted_state_has()
    {
        (string, Json) Hold(string title) => ("place_hold", Json.Map(("title_id", title), ("member_id", "M1"), ("until", "2031-04-01")));
        var held = Tasks.Of(Tasks.FindAmes, Hold("T501"));
        var talk = LoanTalks
            .New()
            .Identified()
            .Confirmed("Shall I place the hold?")
            .Call("get_title", ("title_id", "T502"))
            .Call("place_hold", ("title_id", "T502"), ("member_id", "M1"), ("until", "2031-04-01"));
        var messages = talk.Done(DialogueEnd.Limit).Messages;

        Reason(held, messages).Should().BeNull("which generated row it is shows at the end only");
        Reason(Tasks.Renewal, messages).Should().StartWith("outcome.writes: place_hold(");
    }

    [Fact]
    public void The_same_call_three_times_in_a_row_is_a_loop_and_twice_is_none()
    {
        var talk = LoanTalks.New().Identified();
        for (var i = 0; i < 2; i++)
            talk.Call("find_member", ("card_no", "20000001"), ("surname", "Ames"));
        var messages = talk.Done(DialogueEnd.Limit).Messages;

        Reason(Tasks.Renewal, messages).Should().StartWith("conversation.loops: find_member(");
        Reason(Tasks.Renewal, [.. messages.Take(messages.Length - 2)]).Should().BeNull();
    }

    // The reason at the first turn of the agent that gives one, as a session asks.
    private static string? Reason(Blueprint blueprint, ImmutableArray<Message> messages)
    {
        for (var i = 0; i < messages.Length; i++)
        {
            if (messages[i].Role != MessageRole.Assistant)
                continue;
            var sofar = new Conversation
            {
                System = "",
                Tools = [],
                Messages = messages[..(i + 1 + messages[i].ToolCalls.Length)],
                Meta = [],
                End = DialogueEnd.Limit,
            };
            if (EarlyStopChecks.Of(TestPacks.Loans).AfterAgent(Trace.Run(TestPacks.Loans, blueprint, sofar), i) is { } reason)
                return reason;
        }

        return null;
    }

    private static Conversation Played(EarlyStopChecks? earlyStop)
    {
        var session = new DialogueSession(TestPacks.Loans, Tasks.Renewal, DialogueLimits.Default, earlyStop: earlyStop);
        session.HumanSaid(Text("Hi, I would like to renew Dune for 2 weeks."));
        session.AgentSaid(Calls(new ToolCall("c1", "renew_loan", "{\"loan_id\":\"L1001\",\"weeks\":2}")));
        if (session.Next == NextTurn.Done)
            return session.Finish();
        session.AgentSaid(Text("Dune is renewed."));
        session.HumanSaid(Text($"Thanks. {StopMarks.Stop}"));
        return session.Finish();
    }

    private static DialogueSession Begun()
    {
        var session = new DialogueSession(TestPacks.Loans, Tasks.Renewal, DialogueLimits.Default);
        session.HumanSaid(Text("Hi, I would like to renew Dune for 2 weeks."));
        return session;
    }

    private static ModelResponse Text(string text) => new() { Message = Message.Assistant(text), Model = "m" };

    private static ModelResponse Calls(params ImmutableArray<ToolCall> calls) =>
        new()
        {
            Message = Message.Calls(calls),
            Model = "m",
            Finish = FinishReason.ToolCalls,
        };
}
