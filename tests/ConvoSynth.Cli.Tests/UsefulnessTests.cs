using System.Text.Json.Nodes;

namespace ConvoSynth.Cli.Tests;

/// <summary>What a model makes of the calls of a run, over HTTP.</summary>
public sealed class UsefulnessTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Each_call_of_accepted_rows_has_its_losses_and_the_figures_add_up()
    {
        using var endpoint = Convosynth.Start("endpoint", "--port", "0", "--domain", "library");
        var url = await endpoint.Process.StandardOutput.ReadLineAsync();
        var spec = _folder.Write(
            "spec.yaml",
            $$"""
            endpoints:
              - {name: lm, provider: openai-compatible, model: m, url: "{{url}}/v1"}
              - {name: gpt, provider: openai, model: m, key_variable: KEY}
            """
        );
        var (run, file) = (_folder.At("run"), _folder.At("calls.csv"));
        await Convosynth.Run("generate", "--domain", "library", "--count", "12", "--out", run);

        var asked = await Convosynth.Run("usefulness", run, "--spec", spec, "--endpoint", "lm", "--out", file, "--json");
        var other = await Convosynth.Run("usefulness", run, "--spec", spec, "--endpoint", "gpt");
        var none = await Convosynth.Run("usefulness", run, "--spec", spec, "--endpoint", "x");

        asked.ExitCode.Should().Be(0, asked.Errors);
        var figures = JsonNode.Parse(asked.Output)!;
        var lines = (await File.ReadAllLinesAsync(file)).Skip(1).Select(l => l.Split(',')).ToList();
        lines.Should().HaveCountGreaterThan(12).And.HaveCount((int)figures["calls"]!);
        lines.Select(l => l[0]).Distinct().Should().HaveCount(12, "each dialogue has a call");
        lines.Count(l => l[8] == "true").Should().Be((int)figures["useful"]!);
        lines.Count(l => l[3] == "true" && l[8] == "true").Should().Be((int)figures["needed_and_useful"]!);
        lines.Select(l => l[6]).Distinct().Should().HaveCountGreaterThan(10, "the losses are computed");
        other.Sentence().Should().Contain("endpoint \"gpt\" gives no log-probabilities of a prompt; name a server such as vLLM");
        none.Sentence().Should().Contain("has no endpoint \"x\"; it has lm, gpt");
    }
}
