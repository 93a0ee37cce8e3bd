using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.RegularExpressions;
using ConvoSynth.Review.Decisions;
using ConvoSynth.Review.Http;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Storage;

namespace ConvoSynth.Review.Tests;

[Collection(ReviewRun.Collection)]
public sealed class ServerTests(ReviewRun run)
{
    [Fact]
    public async Task Pages_say_that_nothing_foreign_may_run_in_them()
    {
        await using var server = await ReviewRun.Serve(run.Made);
        using var client = new HttpClient { BaseAddress = new(server.Url) };

        foreach (var path in new[] { "/", "/rows", "/kinds", "/learn", $"/row/{FirstId()}", "/review.js" })
        {
            using var answer = await client.GetAsync(path);
            answer.StatusCode.Should().Be(HttpStatusCode.OK, path);
            var policy = string.Join(';', answer.Headers.GetValues("Content-Security-Policy"));
            policy.Should().Contain("default-src 'none'").And.Contain("script-src 'self'").And.NotContain("unsafe");
            answer.Headers.GetValues("X-Content-Type-Options").Should().Equal("nosniff");
            if (answer.Content.Headers.ContentType!.MediaType == "text/html")
                (await answer.Content.ReadAsStringAsync()).Should().NotMatchRegex("<[^>]+\\s(on[a-z]+|style)=", path);
        }
    }

    [Fact]
    public async Task A_request_under_a_foreign_name_is_turned_away_since_the_name_may_point_here()
    {
        await using var server = await ReviewRun.Serve(run.Made);
        using var client = new HttpClient { BaseAddress = new(server.Url) };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/rows") { Headers = { Host = "evil.example" } };

        using var answer = await client.SendAsync(request);

        answer.StatusCode.Should().Be(HttpStatusCode.MisdirectedRequest);
    }

    [Fact]
    public async Task A_write_without_the_pages_token_keeps_nothing()
    {
        var path = run.Copy();
        await using var server = await ReviewRun.Serve(path);
        using var client = new HttpClient { BaseAddress = new(server.Url) };
        var decision = new { row = FirstId(), ruling = "accept" };

        using var bare = await client.PostAsJsonAsync("/api/decisions", decision);
        bare.StatusCode.Should().Be(HttpStatusCode.Forbidden);
        File.Exists(Path.Combine(path, "review", DecisionLog.FileName)).Should().BeFalse();

        client.DefaultRequestHeaders.Add("X-CSRF", await Token(client));
        using var whole = await client.PostAsJsonAsync("/api/decisions", decision);
        whole.StatusCode.Should().Be(HttpStatusCode.OK, await whole.Content.ReadAsStringAsync());
        using var unknown = await client.PostAsJsonAsync("/api/decisions", new { row = "demo/77777/0", ruling = "accept" });
        (await unknown.Content.ReadAsStringAsync()).Should().Be("{\"error\":\"the run has no row demo/77777/0\"}");
        using var log = new DecisionLog(path, TimeProvider.System);
        log.Entries.Should().ContainSingle().Which.Reviewer.Should().Be("ada");
    }

    [Fact]
    public async Task A_blind_reviewer_sees_no_verdict_before_the_own_decision()
    {
        var path = run.Copy();
        var id = new RunReader(new(new DiskStorage(), path)).Rows(ShardSet.Rejected).First().Id;
        await using var server = await ReviewRun.Serve(path, blind: true);
        using var client = new HttpClient { BaseAddress = new(server.Url) };

        (await client.GetStringAsync($"/row/{id}"))
            .Should()
            .NotContain("class=\"verdict")
            .And.NotContain("planted fault")
            .And.Contain("Blind:");
        client.DefaultRequestHeaders.Add("X-CSRF", await Token(client));
        await client.PostAsJsonAsync(
            "/api/decisions",
            new
            {
                row = id,
                ruling = "reject",
                blind = "yes",
            }
        );
        (await client.GetStringAsync($"/row/{id}")).Should().Contain("class=\"verdict");
    }

    [Fact]
    public async Task Beyond_loopback_a_password_is_needed_and_asked_for()
    {
        var open = new ReviewSettings
        {
            Run = run.Made,
            Address = IPAddress.Any,
            Port = 0,
            Reviewer = "ada",
        };
        (
            await FluentActions
                .Awaiting(() => ReviewServer.Start(open, TimeProvider.System, CancellationToken.None))
                .Should()
                .ThrowAsync<ReviewException>()
        ).WithMessage("the dialogues would be open to everyone who reaches 0.0.0.0; *");

        await using var server = await ReviewServer.Start(open with { Password = "secret" }, TimeProvider.System, CancellationToken.None);
        using var client = new HttpClient { BaseAddress = new(server.Url.Replace("0.0.0.0", "127.0.0.1")) };
        async Task<HttpStatusCode> Status(string? password)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/");
            if (password is not null)
                request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"any:{password}")));
            using var answer = await client.SendAsync(request);
            return answer.StatusCode;
        }

        (await Status(null)).Should().Be(HttpStatusCode.Unauthorized);
        (await Status("wrong")).Should().Be(HttpStatusCode.Unauthorized);
        (await Status("secret")).Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_port_in_use_a_foreign_folder_and_a_damaged_log_are_told_in_a_sentence()
    {
        await using var server = await ReviewRun.Serve(run.Made);
        var settings = new ReviewSettings
        {
            Run = run.Made,
            Reviewer = "ada",
            Port = new Uri(server.Url).Port,
        };
        var start = (ReviewSettings s) => FluentActions.Awaiting(() => ReviewServer.Start(s, TimeProvider.System, CancellationToken.None));

        (await start(settings).Should().ThrowAsync<ReviewException>()).WithMessage(
            "127.0.0.1:* cannot be listened on: *; choose another --port"
        );
        (await start(settings with { Run = Path.GetTempPath() }).Should().ThrowAsync<Runs.RunException>()).WithMessage(
            "*holds no run: there is no run.json"
        );
        var damaged = run.Copy();
        Directory.CreateDirectory(Path.Combine(damaged, "review"));
        await File.WriteAllTextAsync(Path.Combine(damaged, "review", DecisionLog.FileName), "what is this\n");
        (await start(settings with { Run = damaged }).Should().ThrowAsync<ReviewException>()).WithMessage(
            "*decisions.log is damaged: entry 1*"
        );
    }

    [Fact]
    public async Task A_report_is_one_file_without_script_and_with_the_figures()
    {
        var page = await ReviewServer.Report(run.Made, checksShards: true, TimeProvider.System);

        page.Should().Contain("Rows by status").And.Contain("outcome.end-state").And.NotContain("<script").And.NotContain("http://");
        page.Should().NotContain("href=\"/", "no server answers behind a file");
    }

    private string FirstId() => new RunReader(new(new DiskStorage(), run.Made)).Rows(ShardSet.Accepted).First().Id;

    private static async Task<string> Token(HttpClient client) =>
        Regex.Match(await client.GetStringAsync("/"), "name=\"csrf\" content=\"([^\"]+)\"").Groups[1].Value;
}
