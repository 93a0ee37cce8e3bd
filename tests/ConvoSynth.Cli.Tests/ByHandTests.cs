namespace ConvoSynth.Cli.Tests;

public sealed class ByHandTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Tasks_by_hand_become_one_dialogue_each()
    {
        var ran = await Convosynth.Run(
            "generate",
            "--domain",
            "library",
            "--blueprints",
            Path.Combine(Convosynth.Blueprints, "by-hand", "library.yaml"),
            "--out",
            _folder.At("run")
        );
        ran.ExitCode.Should().Be(0, ran.Errors);
        ran.Output.Should().Contain("3 planned, 3 accepted, 0 undecided, 0 rejected, 0 failed");
    }

    [Fact]
    public async Task A_resume_with_a_changed_file_is_refused()
    {
        var file = Path.Combine(_folder.At("tasks.yaml"));
        _folder.Write("tasks.yaml", "- { id: a, intent: renew_loan, keys: { a: L00357 } }\n");
        (await Convosynth.Run("generate", "--domain", "library", "--blueprints", file, "--out", _folder.At("run"))).ExitCode.Should().Be(0);
        _folder.Write("tasks.yaml", "- { id: a, intent: renew_loan, keys: { a: L00357 }, values: { weeks: 1 } }\n");
        var ran = await Convosynth.Run("generate", "--domain", "library", "--blueprints", file, "--out", _folder.At("run"), "--resume");
        ran.Sentence().Should().Contain("holds another run").And.Contain("blueprints");
    }

    [Fact]
    public async Task A_task_that_cannot_be_made_stops_the_run_before_anything_is_written()
    {
        _folder.Write("tasks.yaml", "- { id: a, intent: renew_loan, keys: { a: L99 } }\n");
        var ran = await Convosynth.Run(
            "generate",
            "--domain",
            "library",
            "--blueprints",
            _folder.At("tasks.yaml"),
            "--out",
            _folder.At("run")
        );
        ran.Sentence().Should().Contain("tasks.yaml:1: the task a cannot be made: there is no loan L99");
        Directory.Exists(_folder.At("run")).Should().BeFalse();
    }
}
