using System.Net.Sockets;
using System.Text;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Models.Endpoints;
using Microsoft.AspNetCore.Http;

namespace ConvoSynth.Models.Tests;

/// <summary>The classification of each failure of an endpoint.</summary>
public sealed class FailureTests
{
    [Theory]
    [InlineData(408, "", "408")]
    [InlineData(409, "", "409")]
    [InlineData(425, "", "425")]
    [InlineData(429, "rate_limit_exceeded", "429")]
    [InlineData(500, "", "500")]
    [InlineData(502, "", "502")]
    [InlineData(503, "", "503")]
    [InlineData(504, "", "504")]
    [InlineData(529, "", "529")]
    public async Task What_may_pass_is_transient(int status, string code, string reason)
    {
        var failure = await Failure(ModelServer.Fails(status, code));

        failure.Should().Match<EndpointException>(e => e.Reason == reason && e.IsTransient && !e.IsUnavailable && !e.IsRefusal);
    }

    [Theory]
    [InlineData(
        400,
        "invalid_request_error",
        "400",
        false,
        "endpoint \"local\" does not accept the request (400, invalid_request_error); a setting, an extra body "
            + "field or a tool's schema does not suit the model \"m-1\""
    )]
    [InlineData(
        401,
        "invalid_api_key",
        "401",
        true,
        "endpoint \"local\" refuses the environment variable MY_KEY (401, invalid_api_key); check that it is right and belongs to {url}"
    )]
    [InlineData(
        403,
        "",
        "403",
        true,
        "endpoint \"local\" does not allow the model \"m-1\" to who signs in with the environment variable "
            + "MY_KEY (403, some_error); ask for access, or use another"
    )]
    [InlineData(404, "model_not_found", "404", true, "endpoint \"local\" knows no model \"m-1\" (404, model_not_found); check `model`")]
    [InlineData(
        429,
        "insufficient_quota",
        "insufficient_quota",
        true,
        "endpoint \"local\" says that the account has no credit left (429, insufficient_quota); see to its billing"
    )]
    public async Task What_will_not_pass_is_a_sentence_of_its_own(
        int status,
        string code,
        string reason,
        bool isUnavailable,
        string sentence
    )
    {
        await using var server = await ModelServer.Start(ModelServer.Fails(status, code));

        var failure = await Failure(Endpoints.Spec(server.Url) with { KeyVariable = "MY_KEY" });

        failure.Message.Should().Be(sentence.Replace("{url}", server.Url, StringComparison.Ordinal));
        failure
            .Should()
            .Match<EndpointException>(e =>
                e.Reason == reason && !e.IsTransient && e.IsUnavailable == isUnavailable && e.IsRefusal == isUnavailable
            );
    }

    [Fact]
    public async Task A_page_that_is_not_there_is_not_a_model_that_is_not_there()
    {
        var failure = await Failure(ModelServer.Says("<html>no such page</html>", 404, "text/html"));

        failure.Message.Should().StartWith("endpoint \"local\" has nothing at http://127.0.0.1:").And.EndWith("(404); check `url`");
        failure.IsTransient.Should().BeFalse();
    }

    [Theory]
    [InlineData(400, "bad")]
    [InlineData(401, "invalid_api_key")]
    [InlineData(500, "server_error")]
    [InlineData(429, "sk-secret and the prompt")]
    public async Task No_message_repeats_the_key_or_what_the_provider_said(int status, string code)
    {
        var failure = await Failure(ModelServer.Fails(status, code));

        failure.ToString().Should().NotContain("secret").And.NotContain("the prompt").And.NotContain(Endpoints.Key);
    }

    [Fact]
    public async Task A_cut_connection_is_transient() =>
        (await Failure(ModelServer.Cuts)).Should().Match<EndpointException>(e => e.Reason == "cut" && e.IsTransient);

    [Fact]
    public async Task A_connection_cut_before_the_first_byte_is_transient() => (
            await Failure(context =>
            {
                context.Abort();
                return Task.CompletedTask;
            })
        ).Should().Match<EndpointException>(e => e.Reason == "cut" && e.IsTransient);

    [Theory]
    [InlineData("""{"choices":[{"message":{"role":"assistant","content":"hel""", "JSON that breaks off or is none")]
    [InlineData("", "nothing")]
    [InlineData("""{"choices":[]}""", "JSON that is no chat completion")]
    [InlineData("""{"object":"list"}""", "JSON that is no chat completion")]
    [InlineData("""{} {}""", "more than one JSON document")]
    [InlineData("""{"object":"response","output":[{"type":"message"}]}""", "a response of another protocol; set `protocol: responses`")]
    [InlineData(
        "data: {\"choices\":[{\"delta\":{}}]}\n\ndata: [DONE]\n",
        "a stream of events, which no request asked for; add `body: {stream: false}` to the endpoint, "
            + "or turn streaming off in the gateway before it"
    )]
    public async Task A_body_that_is_no_whole_answer_is_transient(string body, string what)
    {
        var failure = await Failure(ModelServer.Says(body));

        failure.Should().Match<EndpointException>(e => e.Reason == "malformed" && e.IsTransient);
        failure.Message.Should().Be($"endpoint \"local\" answered with {what}");
    }

    [Theory]
    [InlineData("text/plain; charset=utf-8")]
    [InlineData("application/octet-stream")]
    [InlineData("text/html")]
    public async Task A_whole_answer_is_one_under_any_content_type(string type)
    {
        await using var server = await ModelServer.Start(ModelServer.Says(Replies.Chat("fine"), type: type));

        (await Endpoints.Client(Endpoints.Spec(server.Url)).Send(Endpoints.Request(), default)).Body.Should().Be(Replies.Chat("fine"));
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("gzip")]
    [InlineData("comments")]
    public async Task What_a_gateway_puts_around_the_JSON_is_taken_away(string form)
    {
        var body = Encoding.UTF8.GetBytes(Replies.Chat("fine — done"));
        byte[] sent = form switch
        {
            "utf-8" => [.. Encoding.UTF8.Preamble, .. body],
            "utf-16" => [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(Replies.Chat("fine — done"))],
            "gzip" => Packed(body),
            _ => [.. ": PROCESSING\n\n: PROCESSING\r\n\r\n"u8, .. body],
        };
        await using var server = await ModelServer.Start(async context =>
        {
            context.Response.ContentType = "application/json";
            await context.Response.Body.WriteAsync(sent);
        });

        (await Endpoints.Client(Endpoints.Spec(server.Url)).Send(Endpoints.Request(), default))
            .Body.TrimStart()
            .Should()
            .Be(Replies.Chat("fine — done"));
    }

    [Fact]
    public async Task Another_content_type_is_transient()
    {
        var failure = await Failure(ModelServer.Says("<html>a proxy's page</html>", type: "text/html; charset=utf-8"));

        failure.Should().Match<EndpointException>(e => e.Reason == "content-type" && e.IsTransient);
        failure.Message.Should().StartWith("endpoint \"local\" answered with text/html instead of JSON");
    }

    [Fact]
    public async Task A_request_without_an_answer_is_given_up_after_its_time()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await ModelServer.Start(async context =>
        {
            arrived.SetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });
        var sending = Endpoints
            .Client(Endpoints.Spec(server.Url) with { TimeoutSeconds = 40 }, time)
            .Send(Endpoints.Request(), default)
            .AsTask();
        await arrived.Task;

        time.Advance(TimeSpan.FromSeconds(39));
        sending.IsCompleted.Should().BeFalse();
        time.Advance(TimeSpan.FromSeconds(1));

        var failure = await FluentActions.Awaiting(() => sending).Should().ThrowAsync<EndpointException>();
        failure.Which.Should().Match<EndpointException>(e => e.Reason == "timeout" && e.IsTransient && e.Seconds.Equals(40.0));
    }

    [Theory]
    [InlineData("retry-after-ms", "1500", 1.5)]
    [InlineData("x-ms-retry-after-ms", "250", 0.25)]
    [InlineData("Retry-After", "7", 7.0)]
    [InlineData("Retry-After", "0.5", 0.5)]
    [InlineData("Retry-After", "Thu, 01 Jan 1970 00:01:30 GMT", 90.0)]
    [InlineData("Retry-After", "Wed, 31 Dec 1969 00:00:00 GMT", 0.0)]
    [InlineData("Retry-After", "soon", null)]
    [InlineData("Retry-After", "-5", null)]
    public async Task What_the_endpoint_asks_for_is_read_in_every_form(string header, string value, double? seconds)
    {
        await using var server = await ModelServer.Start(ModelServer.Fails(429, "", (header, value)));

        var failure = await Failure(Endpoints.Spec(server.Url), new FakeTimeProvider(DateTimeOffset.UnixEpoch));

        failure.RetryAfter?.TotalSeconds.Should().Be(seconds);
        (failure.RetryAfter is null).Should().Be(seconds is null);
    }

    [Fact]
    public async Task Milliseconds_go_before_seconds()
    {
        await using var server = await ModelServer.Start(ModelServer.Fails(429, "", ("Retry-After", "2"), ("retry-after-ms", "1200")));

        (await Failure(Endpoints.Spec(server.Url))).RetryAfter.Should().Be(TimeSpan.FromSeconds(1.2));
    }

    [Fact]
    public async Task An_expired_certificate_is_named_as_such()
    {
        using var certificate = ModelServer.Certificate(-20, -10);
        await using var server = await ModelServer.Start(certificate, ModelServer.Chat("never said"));

        var failure = await Failure(Endpoints.Spec(server.Url));

        failure.Should().Match<EndpointException>(e => e.Reason == "certificate" && !e.IsTransient && e.IsUnavailable);
        failure
            .Message.Should()
            .MatchRegex(
                "^endpoint \"local\": the certificate of 127\\.0\\.0\\.1:\\d+ has expired or is not valid yet; "
                    + "have it renewed, or trust its issuer$"
            );
        server.Seen.Should().BeEmpty();
    }

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_is_told_from_an_expired_one()
    {
        using var certificate = ModelServer.Certificate(-1, 1);
        await using var server = await ModelServer.Start(certificate, ModelServer.Chat("never said"));

        (await Failure(Endpoints.Spec(server.Url))).Message.Should().Contain("is signed by nobody that this machine trusts");
    }

    [Fact]
    public async Task An_unknown_host_is_terminal_until_it_has_once_been_known()
    {
        await using var server = await ModelServer.Start(ModelServer.Chat("hello"));
        var isKnown = false;
        using var handler = new SocketsHttpHandler
        {
            PooledConnectionLifetime = TimeSpan.Zero,
            ConnectCallback = async (context, token) =>
            {
                if (!isKnown)
                    throw new SocketException((int)SocketError.HostNotFound);
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(new Uri(server.Url).Host, new Uri(server.Url).Port, token);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        var client = Endpoints.Client(Endpoints.Spec("http://nowhere.example/v1"), handler: handler);

        var before = await Failure(client);
        isKnown = true;
        await client.Send(Endpoints.Request(), default);
        isKnown = false;
        var after = await Failure(client);

        before.Should().Match<EndpointException>(e => e.Reason == "unknown-host" && !e.IsTransient);
        before.Message.Should().Be("endpoint \"local\": the host nowhere.example is not known; check `url` and the network");
        after.Should().Match<EndpointException>(e => e.Reason == "unknown-host" && e.IsTransient);
    }

    [Fact]
    public async Task A_host_where_nobody_listens_may_be_starting()
    {
        string url;
        await using (var server = await ModelServer.Start(ModelServer.Chat("hello")))
            url = server.Url;

        var failure = await Failure(Endpoints.Spec(url));

        failure.Should().Match<EndpointException>(e => e.Reason == "unreachable" && e.IsTransient);
        failure.Message.Should().Be($"endpoint \"local\": nobody answers at {new Uri(url).Authority}; start the server, or check `url`");
    }

    private static async Task<EndpointException> Failure(Func<HttpContext, Task> answer)
    {
        await using var server = await ModelServer.Start(answer);
        return await Failure(Endpoints.Spec(server.Url));
    }

    private static Task<EndpointException> Failure(EndpointSpec spec, TimeProvider? time = null) => Failure(Endpoints.Client(spec, time));

    private static async Task<EndpointException> Failure(OpenAIEndpoint client) =>
        (await client.Invoking(c => c.Send(Endpoints.Request(), default).AsTask()).Should().ThrowAsync<EndpointException>()).Which;

    private static byte[] Packed(byte[] body)
    {
        using var to = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(to, System.IO.Compression.CompressionMode.Compress))
            gzip.Write(body);
        return to.ToArray();
    }
}
