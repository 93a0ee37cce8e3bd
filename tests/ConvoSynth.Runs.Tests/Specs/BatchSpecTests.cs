using ConvoSynth.Core.Campaigns;
using ConvoSynth.Runs.Specs;

namespace ConvoSynth.Runs.Tests.Specs;

/// <summary>Endpoints that send batches, as a spec names them.</summary>
public sealed class BatchSpecTests : IDisposable
{
    private const string Plain = "provider: openai, model: m, key_variable: KEY";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("convosynth-spec-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Batches_have_defaults_and_settings_and_half_the_price()
    {
        Endpoint($"{Plain}, batch: true").Batch.Should().Be(new BatchSpec());
        Endpoint($"{Plain}, batch: false").Batch.Should().BeNull();
        var set = Endpoint(
            $"{Plain}, price: {{input: 2, output: 4}}, "
                + "batch: {requests: 7, seconds: 2, enqueued_tokens: 5000, poll_seconds: 3, price_share: 0.4}"
        );

        set.Batch.Should()
            .Be(
                new BatchSpec
                {
                    Requests = 7,
                    Seconds = 2,
                    EnqueuedTokens = 5000,
                    PollSeconds = 3,
                    PriceShare = 0.4m,
                }
            );
        set.CostOf(new(1_000_000, 0, 1_000_000, 0)).Should().Be(2.4m);
    }

    [Theory]
    [InlineData("provider: openai-compatible, model: m, url: \"http://a/v1\", batch: true", "`batch` is for `provider: openai`")]
    [InlineData(
        "provider: azure-openai, model: m, url: \"https://a\", key_variable: KEY, api: deployments, api_version: v, batch: true",
        "`batch` needs Azure's v1 address"
    )]
    [InlineData($"{Plain}, batch: {{requests: 50001}}", "`requests` of its batches is 50001; it must be from 1 to 50000")]
    [InlineData($"{Plain}, batch: {{seconds: 0}}", "`seconds` of its batches is 0; it must be from 0.1 to 86400")]
    [InlineData($"{Plain}, batch: {{enqueued_tokens: 999}}", "`enqueued_tokens` of its batches is 999; it must be at least 1000")]
    [InlineData($"{Plain}, batch: {{poll_seconds: 4000}}", "`poll_seconds` of its batches is 4000")]
    [InlineData($"{Plain}, batch: {{price_share: 1.5}}", "`price_share` of its batches is 1.5")]
    [InlineData($"{Plain}, batch: true, fallback: turns", "a batch is waited for")]
    public void Batches_that_cannot_be_are_one_sentence(string endpoint, string problem) =>
        Problem(endpoint, "human: turns, agent: turns, judges: [gpt]").Should().Contain(problem);

    [Theory]
    [InlineData("human: gpt, agent: turns", "the role human is given to the endpoint \"gpt\", which sends batches")]
    [InlineData("human: turns, agent: gpt", "the role agent is given to the endpoint \"gpt\", which sends batches")]
    public void A_turn_by_batch_is_refused(string roles, string problem) =>
        Problem($"{Plain}, batch: true", roles).Should().Contain(problem);

    [Fact]
    public void Judges_writer_and_proposer_may_send_batches() =>
        Problem($"{Plain}, batch: true", "human: turns, agent: turns, judges: [gpt], writer: gpt").Should().BeNull();

    private EndpointSpec Endpoint(string fields) => File(fields, "human: turns, agent: turns, judges: [gpt]").Endpoints[0];

    private string? Problem(string fields, string roles)
    {
        var file = File(fields, roles);
        return EndpointProblems.Of(file.Endpoints, file.Roles);
    }

    private RunFile File(string fields, string roles)
    {
        var path = Path.Combine(_folder.FullName, "spec.yaml");
        System.IO.File.WriteAllText(
            path,
            $$"""
            endpoints:
              - {name: gpt, {{fields}}}
              - {name: turns, provider: openai-compatible, model: m, url: "http://b/v1"}
            roles: { {{roles}} }
            """
        );
        return RunFile.Read(path);
    }
}
