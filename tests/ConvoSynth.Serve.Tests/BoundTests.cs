using System.Net;
using System.Text.Json;
using ConvoSynth.Runs;
using ConvoSynth.Serve.Http;
using Microsoft.Extensions.Time.Testing;

namespace ConvoSynth.Serve.Tests;

/// <summary>What a server refuses: too many sessions, silent ones, strangers, and settings that do not go together.</summary>
public sealed class BoundTests
{
    private static readonly ServeSettings Settings = new() { Environment = Served.Library };

    [Fact]
    public async Task A_session_beyond_the_most_is_refused_in_each_protocols_own_words()
    {
        await using var served = await Served.Start(Settings with { MaxSessions = 1 });
        using var first = await served.Socket();
        await first.Ask(new { type = "state" });

        using var second = await served.Socket();
        var refused = (await second.Receive())!.Value.GetProperty("data");
        var (ors, orsError) = await served.Post("/create", new { split = "train", index = 0 }, "s1");
        var (nemo, nemoError) = await served.Post("/seed_session", new { index = 0 });
        var (_, mcp) = await served.Post(
            "/mcp",
            new
            {
                jsonrpc = "2.0",
                id = 1,
                method = "openenv/session/create",
            }
        );

        refused.GetProperty("code").GetString().Should().Be("CAPACITY_REACHED");
        refused.GetProperty("max_sessions").GetInt32().Should().Be(1);
        (ors, nemo).Should().Be((503, 503));
        orsError.GetProperty("detail").GetString().Should().Be(nemoError.GetProperty("detail").GetString());
        mcp.GetProperty("error").GetProperty("data").GetProperty("active_sessions").GetInt32().Should().Be(1);
    }

    [Fact]
    public async Task The_place_of_a_client_that_is_gone_is_free_again()
    {
        await using var served = await Served.Start(Settings with { MaxSessions = 1 });
        var gone = await served.Socket();
        await gone.Send("""{"type":"reset"}""");
        gone.Abort();
        gone.Dispose();

        JsonElement answer;
        do
        {
            using var next = await served.Socket();
            await next.Send("""{"type":"reset"}""");
            answer = (await next.Receive())!.Value;
        } while (answer.GetProperty("type").GetString() == "error");

        answer.GetProperty("type").GetString().Should().Be("observation");
    }

    [Fact]
    public async Task A_session_ends_when_its_client_was_silent_for_too_long()
    {
        var time = new FakeTimeProvider();
        await using var served = await Served.Start(Settings with { Idle = TimeSpan.FromMinutes(4) }, time);
        using var silent = await served.Socket();
        using var busy = await served.Socket();
        await silent.Ask(new { type = "reset" });
        await served.Post("/create", new { split = "train", index = 0 }, "pinged");
        for (var minute = 0; minute < 6; minute++)
        {
            time.Advance(TimeSpan.FromMinutes(1));
            await busy.Ask(new { type = "state" });
            (await served.Post("/ping", new { }, "pinged")).Status.Should().Be(200);
        }

        var last = (await silent.Receive())!.Value;

        last.GetProperty("data").GetProperty("code").GetString().Should().Be("SESSION_ERROR");
        last.GetProperty("data").GetProperty("message").GetString().Should().Contain("idle");
        (await silent.Receive()).Should().BeNull();
        (await busy.Ask(new { type = "state" })).GetProperty("type").GetString().Should().Be("state");
        served.Server.Sessions.Should().Be(2);
    }

    [Fact]
    public async Task With_a_token_only_its_bearers_are_served()
    {
        await using var served = await Served.Start(Settings with { Token = "s3cret" });

        (await served.Get("/schema")).Status.Should().Be(401);
        (await served.Get("/health")).Status.Should().Be(200);
        foreach (
            var (name, value) in new[]
            {
                ("Authorization", "Bearer s3cret"),
                ("Authorization", "Basic " + Convert.ToBase64String("any:s3cret"u8)),
                ("X-API-Key", "s3cret"),
            }
        )
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/schema");
            request.Headers.TryAddWithoutValidation(name, value);
            (await served.Http.SendAsync(request)).StatusCode.Should().Be(HttpStatusCode.OK, value);
        }

        using var wrong = new HttpRequestMessage(HttpMethod.Get, "/schema");
        wrong.Headers.TryAddWithoutValidation("X-API-Key", "s3cre");
        (await served.Http.SendAsync(wrong)).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_name_that_points_at_this_machine_is_not_served()
    {
        await using var served = await Served.Start();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/schema") { Headers = { Host = "rebound.example" } };

        (await served.Http.SendAsync(request)).StatusCode.Should().Be(HttpStatusCode.MisdirectedRequest);
    }

    [Fact]
    public async Task Settings_that_do_not_go_together_are_one_sentence()
    {
        await Refused(Settings with { Address = IPAddress.Any }, "*--token-variable*");
        await Refused(Settings with { Protocols = ServedProtocols.None }, "*openenv*");
        await Refused(Settings with { MaxSessions = 0 }, "*--sessions*");
        await Refused(Settings with { Idle = TimeSpan.Zero }, "*--idle*");
        await Refused(Settings with { Environment = Served.Library with { Human = Tasks.HumanKind.Recorded } }, "*--recorded*");
        await Refused(Settings with { Environment = Served.Library with { Human = Tasks.HumanKind.Endpoint } }, "*--spec*");
        await Refused(Settings with { Environment = Served.Library with { Recorded = "dialogues.json" } }, "*--tasks*");
        await Refused(Settings with { Environment = Served.Library with { Count = 0 } }, "*--count*");
        await Refused(Settings with { Environment = Served.Library with { Splits = new() { TestShare = 0.7 } } }, "*0.5*");
        var unknown = () => Served.Start(Settings with { Environment = Served.Library with { Pack = "bakery" } });
        await unknown.Should().ThrowAsync<RunException>().WithMessage("*bakery*");
        await using var served = await Served.Start();
        var taken = () =>
            EnvironmentServer.Start(Settings with { Port = served.Http.BaseAddress!.Port }, TimeProvider.System, CancellationToken.None);
        await taken.Should().ThrowAsync<ServeException>().WithMessage("*--port*");
    }

    private static async Task Refused(ServeSettings settings, string sentence)
    {
        var start = () => Served.Start(settings);
        await start.Should().ThrowAsync<ServeException>().WithMessage(sentence);
    }
}
