using System.Text;
using ConvoSynth.Core;

namespace ConvoSynth.Synthesis.Tests.Recorded;

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
