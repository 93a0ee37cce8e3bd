namespace ConvoSynth.Cli.Tests;

public sealed class InterruptTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Ctrl_C_commits_what_is_finished_and_a_resume_completes_to_the_same_rows()
    {
        string[] command = ["generate", "--domain", "retail", "--count", "120", "--partition-size", "40", "--seed", "7", "--fault-rate", "0.2", "--concurrency", "12"];
        using (var process = Convosynth.Start([.. command, "--latency-ms", "120", "--out", _folder.At("a", "run")]))
        {
            await Convosynth.UntilSomeAreDone(process);
            await Convosynth.Interrupt(process);
            var stopped = await Convosynth.End(process);
            stopped.ExitCode.Should().Be(130, stopped.Errors);
            stopped.Errors.Should().Contain("--resume");
        }

        var early = TestFolder.Rows(_folder.At("a", "run"));
        early.Should().NotBeEmpty();
        Own(early).Should().HaveCountLessThan(120);
        (await Convosynth.Run([.. command, "--out", _folder.At("a", "run"), "--resume"])).ExitCode.Should().Be(0);
        (await Convosynth.Run([.. command, "--out", _folder.At("b", "run")])).ExitCode.Should().Be(0);
        var rows = TestFolder.Rows(_folder.At("a", "run"));
        Own(rows).Should().HaveCount(120);
        rows.Should().Equal(TestFolder.Rows(_folder.At("b", "run")));
        rows.Should().Contain(early);
    }

    // Attempts that were tried again are rows beside their index's own.
    private static IEnumerable<string> Own(IEnumerable<string> rows) => rows.Where(r => r.Split('\n')[1] != "retried");
}
