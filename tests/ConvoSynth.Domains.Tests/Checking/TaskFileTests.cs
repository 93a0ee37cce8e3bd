using System.Text;
using ConvoSynth.Domains.Checking;

namespace ConvoSynth.Domains.Tests.Checking;

/// <summary>Task files in the formats of public benchmarks.</summary>
public sealed class TaskFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tasks-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Tasks_in_python_are_read_as_they_are()
    {
        var tasks = TaskFile.Read(
            Write(
                "tasks_test.py",
                """"
                """A docstring."""
                from typing import List
                from bench.types import Action, Task  # [

                DEFAULT = {"a": 1}
                TASKS: List[Task] = [
                    Task(
                        annotator="0",
                        user_id='kim_1',
                        instruction="You are Kim; it\'s \u0041 "
                        'matter of "taste".',
                        actions=[
                            Action(name="do", kwargs={"n": -1, "x": 2.5, "ok": True, "none": None, "list": ["a", ("b", 3)],
                                                      "text": ("one" " two")}),
                            Action(name="rest", kwargs={}),
                        ],
                        outputs=["7", "8.5"],
                    ),
                    Task(user_id="b", instruction="""Two
                lines""", actions=[], outputs=[]),
                ]
                """"
            )
        );

        tasks.Select(t => t.Id).Should().Equal("0", "1");
        tasks[0]
            .Actions.Select(a => (a.Tool, a.Arguments.ToString(), a.Observation))
            .Should()
            .Equal(("do", """{"n":-1,"x":2.5,"ok":true,"none":null,"list":["a",["b",3]],"text":"one two"}""", null), ("rest", "{}", null));
        tasks[0].Outputs.Should().Equal("7", "8.5");
    }

    [Theory]
    [InlineData("TASKS = [f'x']", "line 1: a text that begins with f is no plain text")]
    [InlineData("\nTASKS = [open('x')]", "line 2: a call wants name=value")]
    [InlineData("TASKS = [a]", "line 1: a is no literal, and nothing is run")]
    [InlineData("TASKS = ['x", "line 1: a text is not closed")]
    [InlineData("def f(): pass", "line 1: a name and = are wanted here")]
    [InlineData("X = 1", "a list of tasks is wanted")]
    public void What_is_no_literal_is_named_with_its_line_and_never_run(string text, string reason)
    {
        var file = Write("tasks.py", text);
        var read = () => TaskFile.Read(file);
        read.Should().Throw<FormatException>().WithMessage($"{file}*{reason}");
    }

    [Fact]
    public void Tasks_under_evaluation_criteria_are_read_as_they_are()
    {
        const string Task =
            """{"id": "7", "evaluation_criteria": {"actions": ["""
            + """{"action_id": "7_0", "name": "do", "arguments": "{\"n\":1}"}"""
            + """, {"name": "toggle", "arguments": {}, "requestor": "user"}], "communicate_info": ["5"]}}""";
        foreach (
            var text in (string[])[$"[{Task}]", $$"""{"tasks": [{{Task}}, {"id": "8", "evaluation_criteria": {"actions": null} }] }"""]
        )
        {
            var task = TaskFile.Read(Write("tasks.json", text))[0];

            (task.Id, task.Outputs.Single()).Should().Be(("7", "5"));
            task.Actions.Select(a => (a.Tool, a.Arguments.ToString())).Should().Equal(("do", """{"n":1}"""));
        }
    }

    [Fact]
    public void Tasks_in_json_may_call_arguments_kwargs_and_begin_with_a_byte_order_mark()
    {
        var tasks = TaskFile.Read(
            Write(
                "tasks.json",
                "\uFEFF"
                    + """[{"user_id": "u1", "instruction": "x", "actions": [{"name": "get", "kwargs": {"id": "u1"}}], "outputs": null}]"""
            )
        );

        tasks.Should().ContainSingle().Which.Actions.Should().ContainSingle().Which.Arguments.ToString().Should().Be("""{"id":"u1"}""");
    }

    [Fact]
    public void Results_hold_their_tasks_once_each()
    {
        const string Task = """{"user_id": "u1", "actions": [{"name": "get", "kwargs": {}}], "outputs": []}""";
        var tasks = TaskFile.Read(
            Write(
                "results.json",
                $$"""
                [{"task_id": 4, "trial": 0, "info": {"task": {{Task}}}, "traj": []},
                 {"task_id": 4, "trial": 1, "info": {"task": {{Task}}}, "traj": []},
                 {"task_id": 9, "trial": 0, "info": {"task": {{Task}}}, "traj": []}]
                """
            )
        );

        tasks.Select(t => t.Id).Should().Equal("4", "9");
    }

    private string Write(string name, string text)
    {
        var file = Path.Combine(_folder.FullName, name);
        File.WriteAllBytes(file, Encoding.UTF8.GetBytes(text));
        return file;
    }
}
