using System.Text.Json;
using ConvoSynth.Serve.Rewards;

namespace ConvoSynth.Serve.Tests;

/// <summary>Every frame of a small record, checked by pydantic against the protocols' types.</summary>
public sealed class FrameTests : IDisposable
{
    private const string Tasks = """
        [{"id": "t1", "outputs": [], "actions": [
          {"name": "find_user_id_by_email", "arguments": {"email": "nobody@nowhere.example"}, "observation": "Error: user not found"}]}]
        """;

    // The first ends as tau-bench wants it, the second runs out of steps.
    private const string Record = """
        {"system": "Be kind.", "dialogues": [
         {"id": "ends", "agent": "a", "human": "h", "task_id": "t1", "instruction": "Ask.", "reward": 1, "messages": [
          {"role": "user", "content": "I am nobody@nowhere.example"},
          {"role": "assistant", "content": null, "tool_calls": [{"id": "c1", "type": "function",
            "function": {"name": "find_user_id_by_email", "arguments": "{\"email\": \"nobody@nowhere.example\"}"}}]},
          {"role": "tool", "tool_call_id": "c1", "name": "find_user_id_by_email", "content": "Error: user not found"},
          {"role": "assistant", "content": "I cannot find you."},
          {"role": "user", "content": "###STOP###"}]},
         {"id": "breaks-off", "agent": "a", "human": "h", "task_id": "t1", "instruction": "Ask.", "reward": 0, "messages": [
          {"role": "user", "content": "Hello"},
          {"role": "assistant", "content": null, "tool_calls": [{"id": "c1", "type": "function",
            "function": {"name": "no_such_tool", "arguments": "{}"}}]},
          {"role": "tool", "tool_call_id": "c1", "name": "no_such_tool", "content": "Error: unknown tool no_such_tool"}]}]}
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("convosynth-frames-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [PythonTheory]
    [InlineData("openenv")]
    [InlineData("ors")]
    [InlineData("nemo-gym")]
    [InlineData("gymnasium")]
    public async Task Every_frame_has_the_form_of_its_protocol(string protocol)
    {
        var (tasks, record) = (Path.Combine(_folder, "tasks.json"), Path.Combine(_folder, "recorded.json"));
        await File.WriteAllTextAsync(tasks, Tasks);
        await File.WriteAllTextAsync(record, Record);
        await using var served = await Served.Start(
            new()
            {
                Environment = new()
                {
                    Pack = "retail",
                    Packs = RepositoryRoot.At("blueprints"),
                    TaskFile = tasks,
                    Recorded = record,
                },
                Reward = RewardRule.TauBench,
            }
        );

        var ran = Python.Run("replay.py", served.Server.Url, protocol, record);

        ran.Code.Should().Be(0, ran.Errors);
        var rewards = JsonSerializer.Deserialize<Dictionary<string, double?>>(ran.Output);
        rewards.Should().BeEquivalentTo(new Dictionary<string, double?> { ["ends"] = 1, ["breaks-off"] = 0 });
    }
}
