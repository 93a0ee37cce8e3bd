using System.Text;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Dialogues.Recorded;

namespace ConvoSynth.Dialogues.Tests;

/// <summary>Recorded dialogues in the formats in which programs write results.</summary>
public sealed class ResultFileTests
{
    private const string Task = """{"user_id": "u1", "instruction": "You are u1.", "actions": [], "outputs": []}""";

    [Fact]
    public void Results_of_a_benchmark_are_read_as_they_are()
    {
        var record = Read(
            $$$$"""
            [{"task_id": 3, "reward": 1.0, "trial": 2, "info": {"task": {{{{Task}}}}, "source": "user", "user_cost": 0.003}, "traj": [
              {"role": "system", "content": "# Policy"}, {"role": "user", "content": "Hi"},
              {"role": "assistant", "content": null, "function_call": null,
               "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "get", "arguments": "{\"id\":\"u1\"}"}}]},
              {"role": "tool", "tool_call_id": "c1", "content": "Error: no such user"},
              {"role": "assistant", "content": "I can't find you."}, {"role": "user", "content": "###STOP###"}]}]
            """
        );

        record.System.Should().Be("# Policy");
        var dialogue = record.Dialogues.Should().ContainSingle().Subject;
        (dialogue.Id, dialogue.TaskId, dialogue.Reward, dialogue.Instruction).Should().Be(("task-3-trial-2", "3", 1.0, "You are u1."));
        dialogue
            .Messages.Select(m => m.Role)
            .Should()
            .Equal(MessageRole.User, MessageRole.Assistant, MessageRole.Tool, MessageRole.Assistant, MessageRole.User);
        dialogue.Messages[1].Content.Should().BeNull();
        dialogue.Messages[1].ToolCalls.Should().Equal(new ToolCall("c1", "get", """{"id":"u1"}"""));
        dialogue.Messages[2].Name.Should().Be("get");
    }

    [Fact]
    public void Calls_and_contents_in_older_or_looser_forms_are_read_too()
    {
        var messages = Read(
            $$$$"""
            [{"task_id": "a", "reward": 0, "info": {"task": {{{{Task}}}}}, "traj": [
              {"role": "user", "content": [{"type": "text", "text": "Hel"}, {"type": "text", "text": "lo"}]},
              {"role": "assistant", "content": "", "function_call": {"name": "get", "arguments": {"id": 1}}},
              {"role": "function", "name": "get", "content": "{}"},
              {"role": "assistant", "content": "One moment.", "tool_calls": [{"function": {"name": "rest", "arguments": null}}]},
              {"role": "tool", "content": "ok"}]}]
            """
        )
            .Dialogues[0]
            .Messages;

        messages[0].Content.Should().Be("Hello");
        messages[1].Content.Should().BeNull();
        messages[1].ToolCalls.Single().Arguments.Should().Be("""{"id":1}""");
        messages[2].ToolCallId.Should().Be(messages[1].ToolCalls[0].Id);
        messages[3]
            .ToolCalls.Single()
            .Should()
            .Match<ToolCall>(c => c.Name == "rest" && c.Arguments == "{}" && c.Id != messages[1].ToolCalls[0].Id);
        (messages[4].ToolCallId, messages[4].Name).Should().Be((messages[3].ToolCalls[0].Id, "rest"));
    }

    [Fact]
    public void Results_without_a_dialogue_are_left_out_by_name()
    {
        var record = Read(
            $$$$"""
            [{"task_id": 0, "trial": 1, "reward": 0, "info": {"error": "timeout", "traceback": "…"}, "traj": []},
             {"task_id": 1, "trial": 0, "reward": 1, "info": {"task": {{{{Task}}}}}, "traj": [{"role": "user", "content": "Hi"}]},
             {"task_id": 1, "trial": 0, "reward": 1, "info": {"task": {{{{Task}}}}}, "traj": [{"role": "user", "content": "Hi"}]}]
            """
        );

        record.LeftOut.Should().Equal("task-0-trial-1 (timeout)");
        record.Dialogues.Select(d => d.Id).Should().Equal("task-1-trial-0", "task-1-trial-0-result-2");
    }

    [Fact]
    public void Simulations_with_their_tasks_are_read_as_they_are()
    {
        var record = Read(
            """
            {"info": {"agent_info": {"llm": "agent-1"}, "user_info": {"llm": "human-1"}, "environment_info": {"policy": "# Policy"}},
             "tasks": [{"id": "7", "user_scenario": {"instructions": {
               "domain": "airline", "reason_for_call": "You want a refund.", "known_info": "You are u1.", "unknown_info": null}}}],
             "simulations": [
               {"id": "x", "task_id": "7", "trial": 1, "seed": 626729, "reward_info": {"reward": 1.0}, "messages": [
                 {"role": "assistant", "content": "Hi! How can I help you today?", "tool_calls": null},
                 {"role": "user", "content": "Hi", "tool_calls": null},
                 {"role": "assistant", "content": null, "tool_calls": [
                   {"id": "c1", "name": "get", "arguments": {"id": "u1"}, "requestor": "assistant"}]},
                 {"id": "c1", "role": "tool", "content": "{}", "requestor": "assistant", "error": false},
                 {"role": "user", "content": "###STOP###"}]},
               {"id": "y", "task_id": "7", "trial": 2, "messages": [], "termination_reason": "agent_error"},
               {"id": "z", "task_id": "7", "trial": 3, "messages": [
                 {"role": "user", "content": null, "tool_calls": [{"id": "u1", "name": "toggle", "arguments": {}, "requestor": "user"}]}]}]}
            """
        );

        record.System.Should().Be("# Policy");
        record.LeftOut.Should().Equal("task-7-trial-2 (agent_error)", "task-7-trial-3 (the user calls tools of its own)");
        var dialogue = record.Dialogues.Should().ContainSingle().Subject;
        (dialogue.Id, dialogue.TaskId, dialogue.Reward, dialogue.Agent).Should().Be(("task-7-trial-1", "7", 1.0, "agent-1"));
        dialogue.Instruction.Should().Be("You want a refund.\n\nYou are u1.");
        dialogue.Messages.Select(m => m.Role).Should().Equal(MessageRole.User, MessageRole.Assistant, MessageRole.Tool, MessageRole.User);
        dialogue.Messages[1].ToolCalls.Should().Equal(new ToolCall("c1", "get", """{"id":"u1"}"""));
        (dialogue.Messages[2].ToolCallId, dialogue.Messages[2].Name).Should().Be(("c1", "get"));
    }

    [Theory]
    [InlineData(
        """[{"task_id": 1, "reward": NaN, "info": {"user_cost": -Infinity}, "traj": ["""
            + """{"role": "user", "content": "NaN \"1234567890123456789\""}]}]"""
    )]
    [InlineData(
        """{"results": [{"task_id": 1, "seed": 12345678901234567890, "traj": ["""
            + """{"role": "user", "content": "NaN \"1234567890123456789\""}]}"""
            + """, null, {"task_id": 2, "traj": null}]}"""
    )]
    public void What_Python_writes_and_JSON_does_not_have_is_read(string text) =>
        Read(text).Dialogues.Should().ContainSingle().Which.Messages.Single().Content.Should().Be("NaN \"1234567890123456789\"");

    [Fact]
    public void A_file_of_JSON_lines_is_the_list_of_them() =>
        RecordedDialogues
            .Read(
                "results.jsonl",
                Encoding.UTF8.GetBytes(
                    """
                    {"task_id": 1, "traj": [{"role": "user", "content": "Hi"}]}
                    {"task_id": 2, "traj": [{"role": "user", "content": "Ho"}]}
                    """
                )
            )
            .Dialogues.Select(d => d.TaskId)
            .Should()
            .Equal("1", "2");

    [Fact]
    public void A_file_in_UTF_16_is_known_by_its_mark() =>
        RecordedDialogues
            .Read(
                "results.json",
                [
                    .. Encoding.Unicode.Preamble,
                    .. Encoding.Unicode.GetBytes("""[{"task_id": 1, "traj": [{"role": "user", "content": "Hi"}]}]"""),
                ]
            )
            .Dialogues.Should()
            .ContainSingle();

    [Theory]
    [InlineData("""[{"task_id": 1}]""", "result 0: a list \"traj\" is wanted")]
    [InlineData("""[{"reward": 1, "traj": [{"role": "user", "content": "Hi"}]}]""", "result 0: a \"task_id\" is wanted")]
    [InlineData("""[{"task_id": 1, "traj": [{"role": "narrator", "content": "Hi"}]}]""", "result 0.traj[0]: the role narrator is none of")]
    [InlineData("{}", "a list \"dialogues\" is wanted, or a list of results")]
    public void What_is_no_result_is_named_with_its_place(string text, string reason)
    {
        var read = () => Read(text);
        read.Should().Throw<FormatException>().WithMessage($"results.json: *{reason}*");
    }

    private static RecordedDialogues Read(string text) => RecordedDialogues.Read("results.json", Encoding.UTF8.GetBytes(text));
}
