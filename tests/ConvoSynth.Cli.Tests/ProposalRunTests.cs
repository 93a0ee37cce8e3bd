using System.Text.Json.Nodes;
using ConvoSynth.Rehearsal.FakeOpenAI.Scripts;

namespace ConvoSynth.Cli.Tests;

/// <summary>Runs whose tasks a scripted proposer proposes, over HTTP.</summary>
public sealed class ProposalRunTests : IDisposable
{
    private const int Count = 40;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_killed_run_ends_in_the_rows_of_an_undisturbed_one_its_funnel_adds_up_and_it_is_played_again_without_a_call()
    {
        string[] broken = [.. ProposerConduct.Faults.SelectMany(f => new[] { "--proposal", $"{f}=0.06" })];
        using var endpoint = Endpoint(out var url, ["--latency", "0.02", .. broken, "--proposal", "repair=0.6"]);
        var spec = Spec(await url);
        using (
            var process = Convosynth.Start("generate", "--spec", spec, "--no-probe", "--concurrency", "4", "--out", _folder.At("a", "run"))
        )
        {
            await Convosynth.UntilSomeAreDone(process);
            process.Process.Kill();
            await process.Process.WaitForExitAsync();
        }

        var ran = await Convosynth.Run("generate", "--spec", spec, "--no-probe", "--resume", "--out", _folder.At("a", "run"));
        var whole = await Convosynth.Run("generate", "--spec", spec, "--no-probe", "--out", _folder.At("b", "run"));
        endpoint.Process.Kill();
        var replayed = await Convosynth.Run("replay-run", _folder.At("a", "run"));

        whole.ExitCode.Should().Be(0, whole.Errors);
        ran.ExitCode.Should().Be(0, ran.Errors);
        replayed.ExitCode.Should().Be(0, replayed.Output + replayed.Errors);
        TestFolder.Rows(_folder.At("a", "run")).Should().HaveCount(Count).And.Equal(TestFolder.Rows(_folder.At("b", "run")));
        var summary = JsonNode.Parse(File.ReadAllText(Path.Combine(_folder.At("a", "run"), "summary.json")))!;
        var funnel = summary["proposals"]!;
        var rounds = funnel["rounds"]!.AsArray().Select(r => (Valid: (long)r!["valid"]!, Refused: Sum(r["refused"]!))).ToArray();
        rounds.Should().HaveCount(3);
        ((long)funnel["proposed"]!).Should().Be(Count);
        (rounds[0].Valid + rounds[0].Refused).Should().Be(Count);
        for (var i = 1; i < rounds.Length; i++)
            (rounds[i].Valid + rounds[i].Refused).Should().Be(rounds[i - 1].Refused, "each refused proposal is asked for again");
        ((long)funnel["given_up"]!).Should().Be(rounds[^1].Refused).And.Be((long)summary["failed"]!);
        rounds[0].Refused.Should().BeInRange(12, 35);
        rounds[1].Valid.Should().BePositive();
        ((bool)funnel["simulated"]!).Should().BeTrue();
        ((long)funnel["tokens_per_valid"]!).Should().BePositive();
        ((long)summary["accepted"]!).Should().Be(rounds.Sum(r => r.Valid), "each valid proposal can be played");
        ran.Output.Should().Contain("proposals (simulated): 40 tasks").And.Contain("tokens for each valid blueprint");
    }

    private static long Sum(JsonNode counts) => counts.AsObject().Sum(c => (long)c.Value!);

    private string Spec(string? url) =>
        _folder.Write(
            "spec.yaml",
            $$"""
            domains: [library]
            count: {{Count}}
            seed: 3
            endpoints: [{name: one, provider: openai-compatible, model: rehearsal, url: "{{url}}/v1", rehearsal: true}]
            roles: {human: one, agent: one, judges: [one], committee: {blueprints: true} }
            proposals: {endpoint: one, summarizer: one, rounds: 2}
            """
        );

    private static Underway Endpoint(out Task<string?> url, params string[] options)
    {
        var endpoint = Convosynth.Start(["endpoint", "--port", "0", "--domain", "library", .. options]);
        url = endpoint.Process.StandardOutput.ReadLineAsync();
        return endpoint;
    }
}
