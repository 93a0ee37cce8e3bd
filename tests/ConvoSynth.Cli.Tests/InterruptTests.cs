namespace ConvoSynth.Cli.Tests;

public sealed class InterruptTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Ctrl_C_commits_what_is_finished_and_a_resume_completes_to_the_same_rows()
    {
        string[] command =
        [
            "generate",
            "--domain",
            "retail",
            "--count",
            "120",
            "--partition-size",
            "40",
            "--seed",
            "7",
            "--fault-rate",
            "0.2",
            "--concurrency",
            "12",
        ];
        using (var process = Convosynth.Start([.. command, "--latency-ms", "120", "--out", _folder.At("a", "run")]))
        {
            await Convosynth.UntilSomeAreDone(process);
            await Convosynth.Interrupt(process);
            var stopped = await Convosynth.End(process);
            stopped.ExitCode.Should().Be(130, stopped.Errors);
            stopped.Errors.Should().Contain("--resume").And.MatchRegex("waiting for [1-9][0-9]* in flight; press again to stop now");
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

    [Theory]
    [InlineData("-INT")]
    [InlineData("-TERM")]
    public async Task The_second_signal_ends_the_process_although_the_server_never_answers(string signal)
    {
        using var server = new SilentServer();
        var spec = _folder.Write(
            "spec.yaml",
            $$"""
            domains: [library]
            count: 24
            concurrency: 6
            endpoints: [{name: local, provider: openai-compatible, url: "{{server.Url}}v1", model: m, timeout_seconds: 600}]
            roles: {human: local, agent: local}
            """
        );
        using var process = Convosynth.Start("generate", "--spec", spec, "--no-probe", "--out", _folder.At("run"));
        using var limit = new CancellationTokenSource(Convosynth.Patience);
        await server.Asked.WaitAsync(limit.Token);
        await Convosynth.Signal(process, signal);
        var errors = new List<string>();
        while (await process.Process.StandardError.ReadLineAsync(limit.Token) is { } line)
        {
            errors.Add(line);
            if (line.Contains("press again to stop now", StringComparison.Ordinal) && line.StartsWith("waiting", StringComparison.Ordinal))
                break;
        }

        process.Process.HasExited.Should().BeFalse("what is in flight is waited for");
        var second = TimeProvider.System.GetTimestamp();
        await Convosynth.Signal(process, signal);
        var ended = await Convosynth.End(process);

        TimeProvider.System.GetElapsedTime(second).Should().BeLessThan(TimeSpan.FromSeconds(2));
        ended.ExitCode.Should().Be(130, ended.Errors);
        string.Join('\n', errors)
            .Should()
            .MatchRegex("stopping; press again to stop now\nwaiting for [1-6] in flight; press again to stop now");
        File.Exists(_folder.At("run", "run.json")).Should().BeTrue("a resume finds the run");
    }

    // Retried attempts are rows beside their index's own.
    private static IEnumerable<string> Own(IEnumerable<string> rows) => rows.Where(r => r.Split('\n')[1] != "retried");
}
