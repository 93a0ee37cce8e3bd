namespace ConvoSynth.Cli.Tests;

/// <summary>Options and specs parse numbers alike, in every culture: a comma is never ignored.</summary>
public sealed class NumberTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("--max-cost", "2,50")]
    [InlineData("--max-cost", "1e2")]
    [InlineData("--fault-rate", "0,2")]
    [InlineData("--fault-rate", "NaN")]
    [InlineData("--count", "1,000")]
    [InlineData("--count", "1.0")]
    [InlineData("--max-tokens", "1 000")]
    [InlineData("--concurrency", "99999999999")]
    public async Task An_option_that_is_no_plain_number_is_refused_by_name(string option, string value)
    {
        var ran = await Convosynth.Run("generate", option, value, "--out", _folder.At("run"));

        ran.ExitCode.Should().Be(1);
        ran.Errors.Should().Contain($"{option} is \"{value}\"; it must be a ").And.NotContain("   at ");
        Directory.Exists(_folder.At("run")).Should().BeFalse();
    }

    [Theory]
    [InlineData("fault_rate: 0,2", "0,2")]
    [InlineData("count: 1,000", "1,000")]
    [InlineData("concurrency: 99999999999", "99999999999")]
    [InlineData("budget: {max_cost: \"2,50\"}", "2,50")]
    [InlineData("budget: {max_duration: \"1,5h\"}", "1,5h")]
    [InlineData("budget: {max_duration: 99999999999999h}", "99999999999999h")]
    [InlineData(
        "endpoints: [{name: e, provider: openai-compatible, model: m, url: \"http://localhost:1/v1\", temperature: \"0,5\"}]",
        "0,5"
    )]
    [InlineData(
        "endpoints: [{name: e, provider: openai-compatible, model: m, url: \"http://localhost:1/v1\", in_flight: 99999999999}]",
        "99999999999"
    )]
    [InlineData(
        "endpoints: [{name: e, provider: openai-compatible, model: m, url: \"http://localhost:1/v1\", price: "
            + "{input: \"0,10\", output: 1}}]",
        "0,10"
    )]
    [InlineData(
        "endpoints: [{name: e, provider: openai-compatible, model: m, url: \"http://localhost:1/v1\", price: {input: 1, output: NaN}}]",
        "NaN"
    )]
    public async Task So_is_a_value_of_a_spec_with_its_line(string line, string value)
    {
        var spec = _folder.Write("spec.yaml", "domains: [library]\n" + line + "\n");

        (await Convosynth.Run("generate", "--spec", spec, "--out", _folder.At("run")))
            .Sentence()
            .Should()
            .Contain("spec.yaml")
            .And.Contain("2")
            .And.Contain($"not \"{value}\"");
    }

    [Fact]
    public async Task A_server_on_this_machine_is_reached_although_a_proxy_is_set()
    {
        using var endpoint = Convosynth.Start("endpoint", "--domain", "library");
        var url = (await endpoint.Process.StandardOutput.ReadLineAsync())!;
        var proxy = new Dictionary<string, string>
        {
            ["HTTP_PROXY"] = "http://127.0.0.1:9",
            ["http_proxy"] = "http://127.0.0.1:9",
            ["NO_PROXY"] = "",
            ["no_proxy"] = "",
        };
        var own = await Convosynth.RunIn(proxy, "generate", "--spec", Spec(url), "--count", "2", "--out", _folder.At("a"));
        var other = await Convosynth.RunIn(
            proxy,
            "generate",
            "--spec",
            Spec("http://models.invalid:8000"),
            "--count",
            "2",
            "--out",
            _folder.At("b")
        );

        own.ExitCode.Should().Be(0, own.Errors);
        other.Sentence().Should().Contain("through the proxy http://127.0.0.1:9");
        await Convosynth.Interrupt(endpoint);
        await Convosynth.End(endpoint);
    }

    private string Spec(string url) =>
        _folder.Write(
            "proxied.yaml",
            $$"""
            domains: [library]
            endpoints: [{name: local, provider: openai-compatible, url: "{{url}}/v1", model: rehearsal, rehearsal: true, retries: 0}]
            roles: {human: local, agent: local}
            """
        );
}
