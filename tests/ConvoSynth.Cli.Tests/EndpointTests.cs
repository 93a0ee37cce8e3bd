using System.Text;

namespace ConvoSynth.Cli.Tests;

public sealed class EndpointTests
{
    [Fact]
    public async Task The_endpoint_prints_its_address_answers_and_ends_when_interrupted_with_its_log_whole()
    {
        using var folder = new TestFolder();
        using var process = Convosynth.Start("endpoint", "--domain", "library", "--latency", "0.01", "--log", folder.At("log.jsonl"));
        var url = await process.Process.StandardOutput.ReadLineAsync();
        using var client = new HttpClient { BaseAddress = new(url!) };
        using var body = new StringContent(
            """
            {"model":"any","messages":[{"role":"user","content":"Begin."}],
             "metadata":{"convosynth_run":"demo","convosynth_domains":"library","convosynth_seed":"1","convosynth_index":"3",
             "convosynth_role":"human","convosynth_step":"0"}}
            """,
            Encoding.UTF8,
            "application/json"
        );
        using var response = await client.PostAsync("/v1/chat/completions", body);
        var answer = await response.Content.ReadAsStringAsync();
        var stats = await client.GetStringAsync("/stats");
        await Convosynth.Interrupt(process);
        var ran = await Convosynth.End(process);

        url.Should().MatchRegex(@"^http://127\.0\.0\.1:\d+$");
        answer.Should().Contain("\"finish_reason\":\"stop\"").And.Contain("\"object\":\"chat.completion\"");
        stats.Should().Contain("\"answers\":1,");
        ran.ExitCode.Should().Be(0, ran.Errors);
        ran.Errors.Trim().Should().Be("stopping; press again to stop now");
        File.ReadAllLines(folder.At("log.jsonl"))
            .Should()
            .ContainSingle()
            .Which.Should()
            .Contain("\"run\":\"demo\",\"index\":3,\"attempt\":0,\"role\":\"human\",\"step\":0")
            .And.Contain("\"latency\":0.01,");
    }

    [Theory]
    [InlineData("--latency -1", "the median latency is -1 seconds; it must be from 0 to 600")]
    [InlineData("--fail 418=0.5", "there is no failure \"418\"")]
    [InlineData("--fail 500=2", "the rate of the failure 500 is 2; it must be from 0 to 1")]
    [InlineData("--domain nowhere", "there is no domain \"nowhere\"")]
    [InlineData("--domain library --log /nowhere/log", "/nowhere/log")]
    public async Task A_setting_that_cannot_be_is_one_sentence(string arguments, string sentence) =>
        (await Convosynth.Run(["endpoint", .. arguments.Split(' ')])).Sentence().Should().Contain(sentence);

    [Fact]
    public async Task Help_says_that_it_is_no_language_model() =>
        (await Convosynth.Run("endpoint", "--help")).Output.Should().Contain("It is NO language model");
}
