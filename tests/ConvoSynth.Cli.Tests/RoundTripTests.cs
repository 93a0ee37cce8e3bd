using System.Globalization;
using System.Text.Json.Nodes;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Campaigns;
using YamlDotNet.RepresentationModel;

namespace ConvoSynth.Cli.Tests;

/// <summary>From a run to the spec of the next, with an agent behind the test endpoint that fails one slice at a planted rate.</summary>
public sealed class RoundTripTests : IDisposable
{
    private const int Tasks = 20;
    private const double Planted = 0.6;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_agent_that_fails_one_slice_moves_the_next_runs_shares_by_the_arithmetic_and_both_runs_replay()
    {
        using var endpoint = Convosynth.Start(
            "endpoint",
            "--domain",
            "library",
            "--fail-slice",
            FormattableString.Invariant($"no-op={Planted}")
        );
        var url = await endpoint.Process.StandardOutput.ReadLineAsync();
        var spec = _folder.Write(
            "first.yaml",
            $$"""
            domains: [library]
            count: {{Tasks * KeepBand.UsualRounds}}
            keep: 0.2..0.85
            slices: {base: 0.5, no-op: 0.5}
            endpoints: [{name: local, provider: openai-compatible, url: "{{url}}/v1", model: rehearsal, rehearsal: true}]
            roles: {human: local, agent: local}
            """
        );
        await Done("generate", "--spec", spec, "--no-probe", "--out", _folder.At("first"));

        var (basis, noOp) = (Rate("first", Slices.Base), Rate("first", Slices.NoOp));
        basis.Should().Be(1, "the agent fails no base task");
        var tolerance = 4 * Math.Sqrt(Planted * (1 - Planted) / (Tasks * KeepBand.UsualRounds / 2.0));
        noOp.Should().BeApproximately(1 - Planted, tolerance);

        await Done("spec", "--from", _folder.At("first"), "--basis", spec, "--out", _folder.At("next.yaml"));

        var (kept, mastered) = (0.5 * (2 - noOp), 0.5 * 0.5);
        var shares = Shares("next.yaml");
        shares[Slices.NoOp].Should().BeApproximately(kept / (kept + mastered), 0.0001);
        shares[Slices.Base].Should().BeApproximately(mastered / (kept + mastered), 0.0001);
        await Done("generate", "--spec", _folder.At("next.yaml"), "--no-probe", "--out", _folder.At("second"));
        var drawn = (double)(Total("second", Slices.NoOp) / (Total("second", Slices.NoOp) + Total("second", Slices.Base)));
        drawn.Should().BeApproximately(shares[Slices.NoOp], 4 * Math.Sqrt(0.25 / Tasks), "the second run draws by the new shares");
        Rate("second", Slices.NoOp).Should().BeApproximately(1 - Planted, tolerance);

        await Done("replay-run", _folder.At("first"), "--out", _folder.At("first-again"));
        await Done("replay-run", _folder.At("second"), "--out", _folder.At("second-again"));
    }

    [Theory]
    [InlineData("no-op", "--fail-slice is \"no-op\"; write SLICE=RATE")]
    [InlineData("base=0.5", "the slice to fail is \"base\"; there are missing-parameter")]
    [InlineData("no-op=2", "the rate of the slice no-op is 2; it must be from 0 to 1")]
    public async Task A_slice_that_cannot_be_failed_is_one_sentence(string pair, string sentence) =>
        (await Convosynth.Run("endpoint", "--fail-slice", pair)).Sentence().Should().Contain(sentence);

    private static async Task Done(params string[] arguments)
    {
        var ran = await Convosynth.Run(arguments);
        ran.ExitCode.Should().Be(0, ran.Errors + ran.Output);
    }

    private double Rate(string run, string slice) => (double)Counts(run, slice)["accepted"]! / (double)Total(run, slice);

    private decimal Total(string run, string slice) => (decimal)Counts(run, slice)["accepted"]! + (decimal)Counts(run, slice)["rejected"]!;

    private JsonObject Counts(string run, string slice) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(_folder.At(run), "summary.json")))!["slices"]![slice]!.AsObject();

    private Dictionary<string, double> Shares(string file)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(File.ReadAllText(_folder.At(file))));
        var slices = (YamlMappingNode)((YamlMappingNode)stream.Documents[0].RootNode).Children[new YamlScalarNode("slices")];
        return slices.Children.ToDictionary(
            s => ((YamlScalarNode)s.Key).Value!,
            s => double.Parse(((YamlScalarNode)s.Value).Value!, CultureInfo.InvariantCulture)
        );
    }
}
