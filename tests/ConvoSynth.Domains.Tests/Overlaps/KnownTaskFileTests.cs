using ConvoSynth.Core;
using ConvoSynth.Domains.Overlaps;

namespace ConvoSynth.Domains.Tests.Overlaps;

/// <summary>Tasks of benchmarks, in the forms of their own files.</summary>
public sealed class KnownTaskFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("known-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_task_of_tau_bench_has_its_instruction_and_calls()
    {
        var task = One(
            Write(
                "tasks.json",
                """[{"instruction": "You are Kim.", "actions": [{"name": "cancel", "kwargs": {"order": "#1"}}], "outputs": []}]"""
            )
        );

        task.Text.Should().Be("You are Kim.");
        task.Calls.Should().ContainSingle().Which.Should().Be(new KnownCall("cancel", Json.Map(("order", "#1"))));
    }

    [Fact]
    public void A_task_of_tau2_bench_has_the_words_of_its_scenario_and_the_actions_of_its_criteria()
    {
        var task = One(
            Write(
                "tasks.json",
                """
                [{"id": "a7", "user_scenario": {"instructions": {"reason_for_call": "You want a refund.", "known_info": "You are Kim."}},
                  "evaluation_criteria": {"actions": [{"name": "cancel", "arguments": {"order": "#1"}}]}}]
                """
            )
        );

        (task.Id, task.Text).Should().Be(("a7", "You want a refund. You are Kim."));
        task.Calls.Single().Tool.Should().Be("cancel");
    }

    [Fact]
    public void A_task_of_bfcl_is_joined_with_its_expected_calls_in_another_file()
    {
        var question = Write(
            "BFCL_v3_multi_turn_base.json",
            """
            {"id": "base_0", "question": [[{"role": "user", "content": "Move it to temp."}], [{"role": "user", "content": "Sort it."}]]}
            {"id": "base_1", "question": [[{"role": "user", "content": "What is here?"}]]}
            """
        );
        var answers = Write(
            "possible_answer.json",
            """
            {"id": "base_0", "ground_truth": [["cd(folder='document')", "mv(source=\"a.pdf\", destination='temp')"], ["sort('a.pdf')"]]}
            {"id": "base_1", "ground_truth": [{"ls": {"a": [true, false]}}]}
            """
        );

        var tasks = KnownTaskFile.Read([question, answers]);

        tasks.Select(t => t.Text).Should().Equal("Move it to temp. Sort it.", "What is here?");
        tasks[0]
            .Calls.Select(c => $"{c.Tool} {c.Arguments}")
            .Should()
            .StartWith(["cd {\"folder\":\"document\"}", "mv {\"source\":\"a.pdf\",\"destination\":\"temp\"}"]);
        tasks[0].Calls[2].Tool.Should().Be("sort");
        tasks[1].Calls.Single().Should().Be(new KnownCall("ls", Json.Map(("a", true))));
    }

    [Fact]
    public void Arguments_as_the_text_of_a_model_and_integers_beyond_a_double_are_read()
    {
        var task = One(
            Write(
                "tasks.json",
                """
                [{"instruction": "", "actions": [
                  {"name": "look", "arguments": "{\"a\": 1}"}, {"name": "act", "requestor": "user", "arguments": {}},
                  {"name": "post", "arguments": {"id": 9876543210123456, "small": 1234567890123456}}]}]
                """
            )
        );

        task.Calls.Select(c => $"{c.Tool} {c.Arguments}")
            .Should()
            .Equal("look {\"a\":1}", "post {\"id\":\"9876543210123456\",\"small\":1234567890123456}");
    }

    [Theory]
    [InlineData("[1]", "task 0 is no object")]
    [InlineData("{}", "a list of tasks is wanted")]
    [InlineData("[{", "tasks.json")]
    public void What_is_no_list_of_tasks_is_refused_by_name(string content, string problem)
    {
        var read = () => KnownTaskFile.Read([Write("tasks.json", content)]);

        read.Should().Throw<FormatException>().WithMessage($"*tasks.json*").And.Message.Should().Contain(problem);
    }

    private static KnownTask One(string path) => KnownTaskFile.Read([path]).Should().ContainSingle().Subject;

    private string Write(string name, string content)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, content);
        return path;
    }
}
