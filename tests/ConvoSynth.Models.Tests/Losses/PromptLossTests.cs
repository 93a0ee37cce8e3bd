using System.Net;
using ConvoSynth.Core;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Models.Endpoints;
using ConvoSynth.Models.Losses;

namespace ConvoSynth.Models.Tests.Losses;

/// <summary>Losses from the log-probabilities that a server in vLLM's shape gives of a prompt.</summary>
public sealed class PromptLossTests
{
    [Fact]
    public async Task The_loss_is_the_mean_over_the_tokens_of_the_text_and_a_failed_try_is_tried_again()
    {
        var server = new Answers(
            new(HttpStatusCode.ServiceUnavailable),
            Tokens(("The", null), (" due", -4), (" date", -3), (":", -9), (" May", -0.5), (" 4", -1.5))
        );
        using var losses = Losses(server);

        var loss = await losses.Of("The due date:", " May 4", default);

        loss.Should().Be(1);
        var asked = Json.Parse(server.Seen[^1]);
        asked["prompt"].Text.Should().Be("The due date: May 4");
        (asked["prompt_logprobs"].Number, asked["max_tokens"].Number, asked["model"].Text).Should().Be((0, 1, "m-1"));
    }

    [Theory]
    [InlineData("""{"choices":[{"text":" so","prompt_logprobs":null}]}""")]
    [InlineData("""{"choices":[{"text":" so"}]}""")]
    [InlineData("""{"choices":[{"text":" so","prompt_logprobs":[null,{"7":{"logprob":-1,"decoded_token":"4"}}]}]}""")]
    public async Task A_server_that_gives_no_log_probabilities_of_the_prompt_is_one_sentence(string body)
    {
        using var losses = Losses(new(Ok(body)));

        var asked = () => losses.Of("The due date:", " May 4", default);

        (await asked.Should().ThrowAsync<EndpointException>())
            .Which.Message.Should()
            .Be("endpoint \"local\" gives no log-probabilities of the prompt's tokens; vLLM does at http://localhost:1/v1/completions");
    }

    [Fact]
    public void Another_provider_is_refused() =>
        FluentActions
            .Invoking(() => new PromptLosses(Endpoints.Azure("https://a"), Endpoints.Keys, TimeProvider.System))
            .Should()
            .Throw<ArgumentException>()
            .WithMessage("*name a server such as vLLM*");

    private static PromptLosses Losses(Answers server) => new(Endpoints.Spec(), Endpoints.Keys, TimeProvider.System, server);

    private static HttpResponseMessage Ok(string body) => new(HttpStatusCode.OK) { Content = new StringContent(body) };

    private static HttpResponseMessage Tokens(params (string Token, double? LogProbability)[] tokens) =>
        Ok(Json.Map(("choices", Json.List(Json.Map(("prompt_logprobs", Json.List(tokens.Select((t, i) => Place(t, i)))))))).ToString());

    private static Json Place((string Token, double? LogProbability) token, int number) =>
        token.LogProbability is not { } probability
            ? Json.Null
            : Json.Map(($"{number}", Json.Map(("logprob", probability), ("rank", 1), ("decoded_token", token.Token))));

    private sealed class Answers(params HttpResponseMessage[] answers) : HttpMessageHandler
    {
        public List<string> Seen { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Seen.Add(await request.Content!.ReadAsStringAsync(cancellationToken));
            return answers[Math.Min(Seen.Count, answers.Length) - 1];
        }
    }
}
