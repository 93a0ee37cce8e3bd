namespace ConvoSynth.Cli.Tests;

/// <summary>The report of a run without an accepted row, and what its folder offers for loading.</summary>
public sealed class OutcomeTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_run_of_which_nothing_was_accepted_and_something_failed_says_so_first_and_ends_with_an_error()
    {
        using var endpoint = Convosynth.Start("endpoint", "--domain", "library", "--fail", "500=1");
        var url = (await endpoint.Process.StandardOutput.ReadLineAsync())!;
        var spec = _folder.Write(
            "spec.yaml",
            $$"""
            domains: [library]
            count: 3
            endpoints: [{name: local, provider: openai-compatible, url: "{{url}}/v1", model: rehearsal, rehearsal: true, retries: 0}]
            roles: {human: local, agent: local}
            """
        );

        var ran = await Convosynth.Run("generate", "--spec", spec, "--no-probe", "--out", _folder.At("run"));

        ran.ExitCode.Should().Be(1, ran.Output);
        ran.Errors.Should().Contain("error: nothing was accepted, and 3 of 3 dialogues failed; the first: ");
        File.ReadAllText(_folder.At("run", "README.md"))
            .Should()
            .Contain("no row of this run was accepted")
            .And.NotContain("default: true");
        await Convosynth.Interrupt(endpoint);
        await Convosynth.End(endpoint);
    }
}
