using System.Text.Json;

namespace ConvoSynth.Cli.Tests;

/// <summary>Foreign tasks and dialogues: small ones defined here, and real ones if their folder is named.</summary>
public sealed class ForeignTests : IDisposable
{
    private const string Variable = "CONVOSYNTH_CHECK_DATA";
    private const string NotFound = "Error: user not found";

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(NotFound, 0, "1/1 tasks match")]
    [InlineData("somebody_1", 1, "0/1 tasks match")]
    public async Task A_task_matches_only_where_its_observations_come_back(string observation, int exitCode, string line)
    {
        var ran = await Convosynth.Run("check-domain", "--domain", "retail", "--tasks", Tasks(observation));
        ran.ExitCode.Should().Be(exitCode, ran.Errors);
        ran.Output.Should().StartWith(line);
    }

    [Theory]
    [InlineData(NotFound, 1, 0, "1/1", "1/1")]
    [InlineData(NotFound, 0, 1, "1/1", "0/1")]
    [InlineData("somebody_1", 1, 1, "0/1", "1/1")]
    public async Task A_replay_compares_observations_and_rewards_with_the_record(
        string observation,
        int reward,
        int exitCode,
        string observations,
        string rewards
    )
    {
        var record = _folder.Write(
            "recorded.json",
            $$$"""
            {"system": "Be kind.", "dialogues": [{"id": "d1", "agent": "a", "human": "h", "task_id": "t1",
             "instruction": "Ask for yourself.", "reward": {{{reward}}}, "messages": [
              {"role": "user", "content": "I am nobody@nowhere.example"},
              {"role": "assistant", "content": null, "tool_calls": [{"id": "c1", "type": "function",
                "function": {"name": "find_user_id_by_email", "arguments": "{\"email\": \"nobody@nowhere.example\"}"}}]},
              {"role": "tool", "tool_call_id": "c1", "name": "find_user_id_by_email", "content": "{{{observation}}}"},
              {"role": "assistant", "content": "I cannot find you."},
              {"role": "user", "content": "###STOP###"}]}]}
            """
        );
        var ran = await Convosynth.Run(
            "replay",
            "--domain",
            "retail",
            "--tasks",
            Tasks(NotFound),
            "--recorded",
            record,
            "--out",
            _folder.At("run")
        );
        ran.ExitCode.Should().Be(exitCode, ran.Errors);
        ran.Output.Should().Contain($"observations: {observations} came back").And.Contain($"rewards: {rewards} agree");
        var shown = await Convosynth.Run("show", _folder.At("run"), "--first", "--json");
        JsonDocument.Parse(shown.Output).RootElement.GetProperty("messages")[0].GetProperty("content").GetString().Should().Be("Be kind.");
        File.Delete(record);
        (await Convosynth.Run("replay-run", _folder.At("run"))).Output.Should().Contain("came out the same, byte for byte");
    }

    [Fact]
    public async Task Results_and_tasks_of_a_benchmark_are_played_and_checked_as_they_are()
    {
        var tasks = _folder.Write(
            "tasks_test.py",
            """
            from bench.types import Action, Task

            TASKS = [
                Task(annotator="0", user_id="u1", instruction="You are u1.",
                     actions=[Action(name="find_user_id_by_email", kwargs={"email": "nobody@nowhere.example"})], outputs=[]),
            ]
            """
        );
        var results = _folder.Write(
            "results.json",
            """
            [{"task_id": 0, "reward": 1.0, "trial": 0,
              "info": {"task": {"user_id": "u1", "instruction": "You are u1.", "actions": [], "outputs": []}}, "traj": [
              {"role": "system", "content": "Be kind."}, {"role": "user", "content": "I am nobody@nowhere.example"},
              {"role": "assistant", "content": null, "tool_calls": [{"id": "c1", "type": "function",
                "function": {"name": "find_user_id_by_email", "arguments": "{\"email\": \"nobody@nowhere.example\"}"}}]},
              {"role": "tool", "tool_call_id": "c1", "name": "find_user_id_by_email", "content": "Error: user not found"},
              {"role": "assistant", "content": "A mark \u202ethat turns and \u001b[31mcolours."},
              {"role": "user", "content": "###STOP###"}]},
             {"task_id": 0, "reward": 0.0, "trial": 1, "info": {"error": "timeout"}, "traj": []}]
            """
        );

        (await Convosynth.Run("check-domain", "--domain", "retail", "--tasks", tasks))
            .Output.Should()
            .StartWith("1/1 tasks match")
            .And.Contain("0 of 1 gold calls have an observation");
        var ran = await Convosynth.Run("replay", "--domain", "retail", "--tasks", tasks, "--recorded", results, "--out", _folder.At("run"));

        ran.ExitCode.Should().Be(0, ran.Errors);
        ran.Output.Should().Contain("observations: 1/1 came back").And.Contain("rewards: 1/1 agree");
        ran.Errors.Should().Contain("1 results hold no dialogue and are left out: task-0-trial-1 (timeout)");
        var shown = await Convosynth.Run("show", _folder.At("run"), "--first");
        shown.Output.Should().Contain(@"A mark \u202ethat turns and \u001b[31mcolours.").And.NotContain("\u202e").And.NotContain("\u001b");
        (await Convosynth.Run("replay-run", _folder.At("run"))).Output.Should().Contain("came out the same, byte for byte");
    }

    [Fact]
    public async Task A_record_about_an_unknown_task_is_refused()
    {
        var record = _folder.Write(
            "recorded.json",
            """{"dialogues": [{"id": "d1", "task_id": "t9", "messages": [{"role": "user", "content": "Hi"}]}]}"""
        );
        var ran = await Convosynth.Run(
            "replay",
            "--domain",
            "retail",
            "--tasks",
            Tasks(NotFound),
            "--recorded",
            record,
            "--out",
            _folder.At("run")
        );
        ran.Sentence().Should().Contain("the dialogue d1 is about the task t9");
    }

    [Theory]
    [InlineData("""{"task": []}""", "a list of tasks is wanted")]
    [InlineData("""{"tasks": []}""", "holds no task")]
    [InlineData("""[{"id": "t1"}]""", "\"actions\" is no list")]
    [InlineData("""[{"id": "t1", "actions": [], "changes": [3]}]""", "change 0")]
    public async Task A_file_that_holds_no_tasks_is_refused(string text, string reason)
    {
        var file = _folder.Write("tasks.json", text);
        var ran = await Convosynth.Run("check-domain", "--domain", "retail", "--tasks", file);
        ran.Sentence().Should().Contain(file).And.Contain(reason);
    }

    [RealData]
    public async Task All_real_dialogues_come_back_as_they_were()
    {
        var data = Path.Combine(Environment.GetEnvironmentVariable(Variable)!, "retail");
        var ran = await Convosynth.Run(
            "replay",
            "--domain",
            "retail",
            "--data",
            data,
            "--tasks",
            Path.Combine(data, "tasks-with-reads.json"),
            "--recorded",
            Path.Combine(data, "recorded.json"),
            "--out",
            _folder.At("run"),
            "--json"
        );
        ran.ExitCode.Should().Be(0, ran.Errors);
        var summary = JsonDocument.Parse(ran.Output).RootElement;
        summary.GetProperty("agreement").GetProperty("matched").GetInt64().Should().Be(180);
        summary.GetProperty("agreement").GetProperty("total").GetInt64().Should().Be(180);
    }

    private string Tasks(string observation) =>
        _folder.Write(
            "tasks.json",
            $$"""
            [{"id": "t1", "outputs": [], "changes": [], "actions": [
              {"name": "find_user_id_by_email", "arguments": {"email": "nobody@nowhere.example"}, "observation": "{{observation}}"}]}]
            """
        );

    [AttributeUsage(AttributeTargets.Method)]
    private sealed class RealDataAttribute : FactAttribute
    {
        public RealDataAttribute()
        {
            if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Variable)))
                Skip = $"{Variable} names no folder of real data";
        }
    }
}
