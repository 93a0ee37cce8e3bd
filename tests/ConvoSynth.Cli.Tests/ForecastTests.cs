using System.Text.Json.Nodes;

namespace ConvoSynth.Cli.Tests;

/// <summary>A forecast against the run that it is of.</summary>
public sealed class ForecastTests : IDisposable
{
    private const int Count = 40;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_forecast_that_plays_the_whole_run_tells_the_tokens_and_the_dollars_that_it_then_costs()
    {
        using var endpoint = Convosynth.Start("endpoint", "--port", "0", "--domain", "library");
        var url = await endpoint.Process.StandardOutput.ReadLineAsync();
        var spec = _folder.Write(
            "spec.yaml",
            $$"""
            domains: [library]
            count: {{Count}}
            endpoints:
              - name: local
                provider: openai-compatible
                url: "{{url}}/v1"
                model: rehearsal
                rehearsal: true
                price: {input: 20, cached_input: 5, output: 80}
                requests_per_minute: 600000
            roles: {human: local, agent: local, writer: local, judges: [local]}
            """
        );
        var run = _folder.At("run");
        (await Convosynth.Run("generate", "--spec", spec, "--no-probe", "--out", run)).ExitCode.Should().Be(0);
        var paid = (await File.ReadAllLinesAsync(Path.Combine(run, "ledger.jsonl"))).Select(l => JsonNode.Parse(l)).ToArray();

        var ran = await Convosynth.Run("forecast", "--spec", spec, "--json");

        ran.ExitCode.Should().Be(0, ran.Errors);
        var forecast = JsonNode.Parse(ran.Output)!;
        forecast["roles"]!
            .AsArray()
            .Select(r => ((string)r!["role"]!, Math.Round((double)r["calls"]! * Count), Math.Round((double)r["output_tokens"]! * Count)))
            .Should()
            .BeEquivalentTo(
                paid.GroupBy(l => (string)l!["role"]!, StringComparer.Ordinal)
                    .Select(g => (g.Key, (double)g.Sum(l => (long)l!["calls"]!), (double)g.Sum(l => (long)l!["usage"]!["output_tokens"]!)))
            );
        ((decimal)forecast["cost"]!).Should().BeApproximately(paid.Sum(l => (decimal)l!["cost"]!), 0.02m);
    }

    [Fact]
    public async Task A_spec_whose_keys_are_not_there_is_forecast_all_the_same()
    {
        var ran = await Convosynth.Run(
            "forecast",
            "--spec",
            Path.Combine(Convosynth.Repository, "infra", "specs", "anthropic.yaml"),
            "--domain",
            "library",
            "--count",
            "1000000",
            "--sample",
            "10",
            "--max-cost",
            "1"
        );

        ran.ExitCode.Should().Be(0, ran.Errors);
        ran.Output.Should()
            .StartWith("1,000,000 dialogues, from 10 that scripts played; no model was called\n")
            .And.MatchRegex("bound by tokens a minute of claude \\(200,000\\)")
            .And.MatchRegex("\nbudget: --max-cost 1 ends the run after about [1-9]");
    }

    [Fact]
    public async Task A_forecast_names_a_value_out_of_range() =>
        (await Convosynth.Run("forecast", "--sample", "5")).Sentence().Should().Be("--sample is 5; it must be from 10 to 100000");
}
