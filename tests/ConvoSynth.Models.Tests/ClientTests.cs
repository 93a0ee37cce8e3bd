using System.Net;
using System.Text;
using Azure.Core;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Models.Endpoints;

namespace ConvoSynth.Models.Tests;

/// <summary>The bytes on the wire, their address and their authentication.</summary>
public sealed class ClientTests
{
    [Fact]
    public async Task An_openai_endpoint_posts_our_bytes_with_a_bearer_key()
    {
        await using var server = await ModelServer.Start(ModelServer.Chat("hello"));
        var client = Endpoints.Client(Endpoints.Spec(server.Url + "/v1") with { Provider = EndpointProvider.OpenAI, KeyVariable = "KEY" });

        var response = await client.Send(Endpoints.Request("""{"model":"m-1",  "spaces":"kept"}"""), default);

        var seen = server.Seen.Should().ContainSingle().Subject;
        (seen.Path, seen.Query, seen.Body).Should().Be(("/v1/chat/completions", "", """{"model":"m-1",  "spaces":"kept"}"""));
        seen.Headers["Authorization"].Should().Be("Bearer " + Endpoints.Key);
        seen.Headers["Content-Type"].Should().StartWith("application/json");
        response.Endpoint.Should().Be("local");
        response.Body.Should().Be(Replies.Chat("hello"));
        response.Usage.Should().Be(new Usage(100, 64, 20, 7));
        response.Seconds.Should().BePositive();
    }

    [Fact]
    public void OpenAI_is_at_its_own_address() =>
        EndpointAddress
            .Base(Endpoints.Spec() with { Provider = EndpointProvider.OpenAI, Url = null })
            .ToString()
            .Should()
            .Be("https://api.openai.com/v1/");

    [Fact]
    public async Task The_responses_protocol_has_a_path_of_its_own()
    {
        await using var server = await ModelServer.Start(ModelServer.Says(Replies.Response("")));
        var client = Endpoints.Client(Endpoints.Spec(server.Url + "/v1") with { Protocol = EndpointProtocol.Responses });

        var response = await client.Send(Endpoints.Request(), default);

        server.Seen.Single().Path.Should().Be("/v1/responses");
        server.Seen.Single().Headers["Authorization"].Should().Be("Bearer none", "a server of one's own may ask for no key");
        response.Usage.Should().Be(new Usage(100, 64, 20, 7));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/openai/v1/")]
    [InlineData("/openai")]
    public async Task Azure_by_v1_has_the_deployment_in_the_body_and_the_key_as_bearer(string end)
    {
        await using var server = await ModelServer.Start(ModelServer.Chat("hello"));

        await Endpoints.Client(Endpoints.Azure(server.Url + end)).Send(Endpoints.Request(), default);

        var seen = server.Seen.Single();
        (seen.Path, seen.Query).Should().Be(("/openai/v1/chat/completions", ""));
        seen.Headers["Authorization"].Should().Be("Bearer " + Endpoints.Key);
    }

    [Theory]
    [InlineData("", "2024-10-21")]
    [InlineData("/openai/v1/", "2031-01-01-preview")]
    public async Task Azure_by_deployments_has_the_deployment_in_the_path_any_version_and_the_key_in_its_own_header(
        string end,
        string version
    )
    {
        await using var server = await ModelServer.Start(ModelServer.Chat("hello"));
        var spec = Endpoints.Azure(server.Url + end) with
        {
            Api = AzureApi.Deployments,
            ApiVersion = version,
            KeyVariable = null,
            KeyFile = "key.txt",
        };

        var response = await Endpoints.Client(spec).Send(Endpoints.Request("""{"model":"m-1",  "spaces":"kept"}"""), default);

        var seen = server.Seen.Should().ContainSingle().Subject;
        (seen.Path, seen.Query, seen.Body)
            .Should()
            .Be(("/openai/deployments/my-deployment/chat/completions", $"?api-version={version}", """{"model":"m-1",  "spaces":"kept"}"""));
        response.Body.Should().Be(Replies.Chat("hello"));
        seen.Headers["api-key"].Should().Be(Endpoints.Key, "the line break at the file's end is no part of the key");
        seen.Headers.Should().NotContainKey("Authorization");
    }

    [Theory]
    [InlineData(AzureApi.V1, null, "https://ai.azure.com/.default")]
    [InlineData(AzureApi.Deployments, "2024-10-21", "https://cognitiveservices.azure.com/.default")]
    public async Task Entra_ID_signs_in_with_a_token_for_the_service(AzureApi api, string? version, string scope)
    {
        using var certificate = ModelServer.Certificate(-1, 1);
        await using var server = await ModelServer.Start(certificate, ModelServer.Chat("hello"));
        using var trusting = new SocketsHttpHandler
        {
            SslOptions = new()
            {
                RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == certificate.Thumbprint,
            },
        };
        var credential = new FakeCredential();
        var spec = Endpoints.Azure(server.Url) with { KeyVariable = null, Entra = true, Api = api, ApiVersion = version };
        spec.Problem().Should().BeNull();
        var client = Endpoints.Client(spec, handler: trusting, credential: credential);

        await client.Send(Endpoints.Request(), default);
        await client.Send(Endpoints.Request(), default);

        server.Seen.Should().HaveCount(2).And.OnlyContain(s => s.Headers["Authorization"] == "Bearer token-1");
        credential.Scopes.Should().Equal([scope], "a token is asked for once and kept");
    }

    [Fact]
    public async Task Azure_by_deployments_is_asked_once_a_try()
    {
        await using var server = await ModelServer.Start(ModelServer.Fails(503));
        var client = Endpoints.Client(Endpoints.Azure(server.Url) with { Api = AzureApi.Deployments, ApiVersion = "2024-10-21" });

        var failure = await client.Invoking(c => c.Send(Endpoints.Request(), default).AsTask()).Should().ThrowAsync<EndpointException>();

        failure.Which.Should().Match<EndpointException>(e => e.Reason == "503" && e.IsTransient);
        server.Seen.Should().ContainSingle("retries are the decorators'");
    }

    [Theory]
    [InlineData(AzureApi.V1, null)]
    [InlineData(AzureApi.Deployments, "2024-10-21")]
    public async Task A_token_is_renewed_before_it_is_over(AzureApi api, string? version)
    {
        using var certificate = ModelServer.Certificate(-1, 1);
        await using var server = await ModelServer.Start(certificate, ModelServer.Chat("hello"));
        using var trusting = new SocketsHttpHandler
        {
            SslOptions = new()
            {
                RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == certificate.Thumbprint,
            },
        };
        var time = new FakeTimeProvider();
        var client = Endpoints.Client(
            Endpoints.Azure(server.Url) with
            {
                KeyVariable = null,
                Entra = true,
                Api = api,
                ApiVersion = version,
            },
            time,
            trusting,
            new FakeCredential { Now = time.GetUtcNow }
        );

        await client.Send(Endpoints.Request(), default);
        time.Advance(TimeSpan.FromMinutes(54));
        await client.Send(Endpoints.Request(), default);
        time.Advance(TimeSpan.FromMinutes(2));
        await client.Send(Endpoints.Request(), default);

        server.Seen.Select(s => s.Headers["Authorization"]).Should().Equal("Bearer token-1", "Bearer token-1", "Bearer token-2");
    }

    [Fact]
    public async Task Who_gets_no_token_is_told_in_a_sentence()
    {
        var spec = Endpoints.Azure("https://localhost:1") with { KeyVariable = null, Entra = true };
        var client = Endpoints.Client(
            spec,
            credential: new FakeCredential { Failure = new Azure.Identity.CredentialUnavailableException("nobody is signed in") }
        );

        var failure = await client.Invoking(c => c.Send(Endpoints.Request(), default).AsTask()).Should().ThrowAsync<EndpointException>();

        failure.Which.Should().Match<EndpointException>(e => e.Reason == "sign-in" && !e.IsTransient && e.IsUnavailable);
        failure
            .Which.Message.Should()
            .Be(
                "endpoint \"azure\": Entra ID gave no token (CredentialUnavailableException); sign in with `az "
                    + "login`, or give the process a managed or workload identity"
            );
    }

    [Fact]
    public async Task A_dialogue_that_is_given_up_takes_its_request_with_it()
    {
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await ModelServer.Start(async context =>
        {
            arrived.SetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });
        using var giveUp = new CancellationTokenSource();
        var sending = Endpoints.Client(Endpoints.Spec(server.Url)).Send(Endpoints.Request(), giveUp.Token).AsTask();
        await arrived.Task;

        await giveUp.CancelAsync();

        await FluentActions.Awaiting(() => sending).Should().ThrowAsync<OperationCanceledException>();
    }

    private sealed class FakeCredential : TokenCredential
    {
        private int _count;

        public List<string> Scopes { get; } = [];

        public Exception? Failure { get; init; }

        public Func<DateTimeOffset> Now { get; init; } = TimeProvider.System.GetUtcNow;

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            if (Failure is not null)
                throw Failure;
            Scopes.AddRange(requestContext.Scopes);
            return new($"token-{++_count}", Now().AddHours(1));
        }

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            new(GetToken(requestContext, cancellationToken));
    }
}
