namespace ConvoSynth.Cli.Tests;

/// <summary>An endpoint that starts to refuse everything during a run, over HTTP.</summary>
public sealed class RefusalTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_key_that_is_revoked_stops_the_run_and_a_resume_with_the_new_one_completes_to_the_same_rows()
    {
        using var first = Convosynth.Start("endpoint", "--domain", "library", "--key", "the-first", "--latency", "0.05");
        var url = (await first.Process.StandardOutput.ReadLineAsync())!;
        using var run = Start("the-first", Spec(url));
        await Convosynth.UntilSomeAreDone(run);
        await Convosynth.Interrupt(first);
        await Convosynth.End(first);
        using var second = Convosynth.Start("endpoint", "--domain", "library", "--key", "the-second", "--port", $"{new Uri(url).Port}");
        await second.Process.StandardOutput.ReadLineAsync();

        var refused = await Convosynth.End(run);

        refused
            .Sentence()
            .Should()
            .StartWith("endpoint \"local\" refuses the environment variable LOCAL_KEY (401")
            .And.Contain("check that it is right")
            .And.MatchRegex("[1-9][0-9]* of 300 dialogues wait: when that is mended, go on with --resume");
        var early = TestFolder.Rows(_folder.At("a", "run"));
        early.Should().NotBeEmpty().And.HaveCountLessThan(300).And.NotContain(r => r.Contains("\nfailed\n", StringComparison.Ordinal));
        (await Convosynth.RunIn(Key("the-first"), "generate", "--spec", Spec(url), "--out", _folder.At("a", "run"), "--resume"))
            .Sentence()
            .Should()
            .Contain("LOCAL_KEY (401", "it is probed before anything is done");
        var resumed = await Convosynth.RunIn(
            Key("the-second"),
            "generate",
            "--spec",
            Spec(url),
            "--out",
            _folder.At("a", "run"),
            "--resume"
        );
        resumed.ExitCode.Should().Be(0, resumed.Errors);
        var undisturbed = await Convosynth.RunIn(Key("the-second"), "generate", "--spec", Spec(url), "--out", _folder.At("b", "run"));
        undisturbed.ExitCode.Should().Be(0, undisturbed.Errors);
        var rows = TestFolder.Rows(_folder.At("a", "run"));
        rows.Should().Equal(TestFolder.Rows(_folder.At("b", "run")));
        rows.Should().HaveCountGreaterThanOrEqualTo(300).And.Contain(early);
        await Convosynth.Interrupt(second);
        await Convosynth.End(second);
    }

    private Underway Start(string key, string spec) =>
        Convosynth.Start(["generate", "--spec", spec, "--out", _folder.At("a", "run")], Key(key));

    private static Dictionary<string, string> Key(string key) => new() { ["LOCAL_KEY"] = key };

    private string Spec(string url) =>
        _folder.Write(
            "spec.yaml",
            $$"""
            domains: [library]
            count: 300
            seed: 4
            partition_size: 40
            concurrency: 8
            endpoints:
              - {name: local, provider: openai-compatible, url: "{{url}}/v1", model: rehearsal, rehearsal: true, key_variable: LOCAL_KEY}
            roles: {human: local, agent: local}
            """
        );
}
