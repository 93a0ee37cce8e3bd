using ConvoSynth.Core;
using ConvoSynth.Rehearsal.FakeOpenAI;
using ConvoSynth.Rehearsal.FakeOpenAI.Failures;

namespace ConvoSynth.Rehearsal.Tests.FakeOpenAI;

public sealed class RefusalTests
{
    [Fact]
    public async Task Without_the_key_nobody_is_let_in()
    {
        await using var serving = await Serving.Start(new() { Key = "secret" });

        (await serving.Post(Bodies.Chat())).Error["code"].Text.Should().Be("invalid_api_key");
        (await serving.Post(Bodies.Chat(), key: "other")).Status.Should().Be(401);
        (await serving.Post(Bodies.Chat(), key: "secret")).Status.Should().Be(200);
        serving.Client.DefaultRequestHeaders.Add("api-key", "secret");
        (await serving.Post(Bodies.Chat())).Status.Should().Be(200);
        (await serving.Client.GetStringAsync("/v1/models")).Should().Contain("rehearsal");
    }

    [Fact]
    public async Task Another_model_or_deployment_does_not_exist()
    {
        await using var serving = await Serving.Start(new() { Model = "gpt-test" });
        const string Azure = "/chat/completions?api-version=2024-10-21";

        (await serving.Post(Bodies.Chat())).Status.Should().Be(200);
        var other = await serving.Post(Bodies.Chat().With("model", "gpt-else"));
        (other.Status, other.Error["code"].Text).Should().Be((404, "model_not_found"));
        (await serving.Post(Bodies.Chat().With("model", "whatever"), $"/openai/deployments/gpt-test{Azure}"))
            .Body["model"]
            .Text.Should()
            .Be("gpt-test");
        (await serving.Post(Bodies.Chat(), $"/openai/deployments/gpt-else{Azure}")).Error["code"].Text.Should().Be("DeploymentNotFound");
        (await serving.Post(Bodies.Chat(), "/openai/deployments/gpt-test/chat/completions")).Status.Should().Be(404);
        (await serving.Post(Bodies.Chat(), "/openai/v1/chat/completions")).Status.Should().Be(200);
        (await serving.Post(Bodies.Chat(), "/v2/chat")).Error["message"].Text.Should().Contain("no language model");
    }

    [Theory]
    [InlineData("convosynth_seed", "five", "\"five\"")]
    [InlineData("convosynth_index", "1000", "below the count, 1000")]
    [InlineData("convosynth_role", "narrator", "\"narrator\"")]
    [InlineData("convosynth_fault_rate", "2", "from 0 to 1")]
    [InlineData("convosynth_domains", "nowhere", "there is no domain \"nowhere\"")]
    [InlineData("convosynth_domains", "library,library", "named twice")]
    public async Task Metadata_that_names_no_script_is_refused_by_its_value(string name, string value, string sentence)
    {
        await using var serving = await Serving.Start();

        var got = await serving.Post(Bodies.Chat(Bodies.Metadata("human", 0).With(name, value)));

        got.Status.Should().Be(400);
        got.Error["type"].Text.Should().Be("invalid_request_error");
        got.Error["message"].Text.Should().Contain(sentence);
    }

    [Theory]
    [InlineData("[]", "must be a JSON object")]
    [InlineData("{\"model\":\"m\"", "no JSON")]
    [InlineData("{\"model\":\"m\"}", "no messages")]
    [InlineData("{\"model\":3,\"messages\":[]}", "wrong type")]
    [InlineData("{\"model\":\"m\",\"messages\":[],\"n\":2}", "n must be 1")]
    [InlineData("{\"model\":\"m\",\"messages\":[],\"max_tokens\":0}", "max_completion_tokens must be a whole number from 1")]
    [InlineData("{\"model\":\"m\",\"messages\":[],\"metadata\":{\"a\":1}}", "object of strings")]
    [InlineData("{\"messages\":[]}", "names no model")]
    public async Task A_body_that_is_no_request_is_refused(string body, string sentence)
    {
        await using var serving = await Serving.Start();
        using var content = new StringContent(body);
        using var response = await serving.Client.PostAsync("/v1/chat/completions", content);

        ((int)response.StatusCode).Should().Be(400);
        Json.Parse(await response.Content.ReadAsStringAsync())["error"]["message"].Text.Should().Contain(sentence);
    }

    [Theory]
    [InlineData("500=1.5", "from 0 to 1")]
    [InlineData("teapot=0.5", "there is no failure \"teapot\"")]
    [InlineData("500", "kind=rate")]
    [InlineData("500=0.6 503=0.6", "add up to more than 1")]
    [InlineData("500=0.1 500=0.2", "given twice")]
    public void Rates_that_cannot_be_are_refused(string rates, string sentence)
    {
        var problem = "";
        try
        {
            problem = new EndpointOptions { Failures = FailureRates.Parse(rates.Split(' ')) }.Problem();
        }
        catch (FormatException e)
        {
            problem = e.Message;
        }

        problem.Should().Contain(sentence);
    }

    [Fact]
    public void Options_out_of_range_are_refused_by_value()
    {
        new EndpointOptions().Problem().Should().BeNull();
        new EndpointOptions { Address = "localhost" }
            .Problem()
            .Should()
            .Contain("\"localhost\"");
        new EndpointOptions { Port = 70000 }
            .Problem()
            .Should()
            .Contain("70000");
        new EndpointOptions { Latency = -1 }
            .Problem()
            .Should()
            .Contain("-1");
        new EndpointOptions { LatencySigma = double.NaN }
            .Problem()
            .Should()
            .Contain("NaN");
        new EndpointOptions { RequestsPerMinute = 0 }
            .Problem()
            .Should()
            .Contain("0 requests");
        new EndpointOptions { TokensPerMinute = 0 }
            .Problem()
            .Should()
            .Contain("0 tokens");
        new EndpointOptions { QuotaCapacity = 0 }
            .Problem()
            .Should()
            .Contain("capacity is 0");
        new EndpointOptions { ScriptsKept = 1 }
            .Problem()
            .Should()
            .Contain("scripts kept is 1");
    }
}
