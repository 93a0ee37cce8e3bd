using System.Text.Json;
using ConvoSynth.Core.Campaigns;

namespace ConvoSynth.Core.Tests;

public sealed class EndpointSpecTests
{
    [Fact]
    public void A_run_spec_with_endpoints_survives_json_whatever_it_leaves_out()
    {
        var spec = new RunSpec
        {
            RunId = "run",
            Domains = ["a"],
            Count = 1,
            Seed = 1,
            Model = "endpoints",
            Roles = new()
            {
                Human = "x",
                Agent = "y",
                Judges = ["x"],
            },
            Endpoints =
            [
                new()
                {
                    Name = "x",
                    Provider = EndpointProvider.OpenAI,
                    Model = "m",
                },
                new()
                {
                    Name = "y",
                    Provider = EndpointProvider.AzureOpenAI,
                    Model = "m",
                    Body = Json.Map(("top_k", 4)),
                    Price = new(1, 2),
                },
            ],
        };

        var json = JsonSerializer.Serialize(spec);
        var back = JsonSerializer.Deserialize<RunSpec>(json)!;

        JsonSerializer.Serialize(back).Should().Be(json);
        back.Endpoints[1].Should().Be(spec.Endpoints[1]);
        (back.Endpoints[0].Body is null or { IsNull: true }).Should().BeTrue();
    }
}
