using System.Globalization;
using ConvoSynth.Core;
using ConvoSynth.Models.Tests;
using ConvoSynth.Rehearsal.FakeOpenAI.Http;

namespace ConvoSynth.Rehearsal.Tests.FakeOpenAI;

public sealed class QuotaTests
{
    [Fact]
    public async Task Over_the_quota_of_requests_a_429_says_when_to_come_back()
    {
        var time = new SteppedTime();
        await using var serving = await Serving.Start(new() { RequestsPerMinute = 120 }, time);

        for (var i = 0; i < 2; i++)
            (await serving.Post(Bodies.Chat())).Status.Should().Be(200);
        var refused = await serving.Post(Bodies.Chat());
        time.Pass(TimeSpan.FromMilliseconds(499));
        var early = await serving.Post(Bodies.Chat());
        time.Pass(TimeSpan.FromMilliseconds(1));
        var later = await serving.Post(Bodies.Chat());

        refused.Status.Should().Be(429);
        refused.Error["code"].Text.Should().Be("rate_limit_exceeded");
        refused.Error["type"].Text.Should().Be("requests");
        refused.Header("retry-after").Should().Be("1");
        refused.Header("retry-after-ms").Should().Be("500");
        refused.Header("x-ratelimit-limit-requests").Should().Be("120");
        refused.Header("x-ratelimit-remaining-requests").Should().Be("0");
        refused.Header("x-ratelimit-reset-requests").Should().Be("1s");
        early.Header("retry-after-ms").Should().Be("1");
        later.Status.Should().Be(200);
        serving.Stats["rate_limited"].Number.Should().Be(2);
        serving.Stats["quota"]["requests"]["used"].Number.Should().Be(3);
    }

    [Fact]
    public async Task Tokens_are_charged_with_the_most_that_may_come_and_settled_with_what_came()
    {
        var time = new SteppedTime();
        await using var serving = await Serving.Start(new() { TokensPerMinute = 60_000, Latency = 10 }, time);
        var body = Bodies.Chat(Bodies.Metadata("human", 0), ("max_completion_tokens", 600));

        var first = serving.Post(body);
        await Until(() => time.ArmedTimers > 0);
        var second = await serving.Post(body);
        var usage = await Finish(first, time);
        var third = serving.Post(body);
        var remaining = (await Answer(third, time)).Header("x-ratelimit-remaining-tokens");

        second.Status.Should().Be(429);
        second.Error["type"].Text.Should().Be("tokens");
        // A second of refill holds 1,000. The first request takes its prompt and 600, and the second needs as much.
        var charge = 600 + usage["prompt_tokens"].Number!.Value;
        second.Header("retry-after-ms").Should().Be(((2 * charge) - 1000).ToString(CultureInfo.InvariantCulture));
        remaining.Should().Be((1000 - charge).ToString(CultureInfo.InvariantCulture));
        serving.Stats["tokens"]["charged"].Number.Should().Be(2 * charge);
        serving.Stats["tokens"]["settled"].Number.Should().Be(2 * usage["total_tokens"].Number);
        serving.Stats["quota"]["tokens"]["used"].Number.Should().Be(2 * usage["total_tokens"].Number);
        serving
            .Stats["quota"]["tokens"]["utilization"]
            .Number.Should()
            .BeApproximately(2 * usage["total_tokens"].Number!.Value / 20_000, 0.001);
    }

    [Fact]
    public async Task A_request_that_never_fits_is_told_so_and_not_when_to_come_back()
    {
        await using var serving = await Serving.Start(new() { TokensPerMinute = 600 });

        var got = await serving.Post(Bodies.Chat());

        got.Status.Should().Be(429);
        got.Error["message"].Text.Should().StartWith("Request too large");
        got.Headers.Contains("retry-after").Should().BeFalse();
    }

    [Theory]
    [InlineData(0.0121, "13ms")]
    [InlineData(1.5, "1.5s")]
    [InlineData(360, "6m0s")]
    public void Times_are_spelled_as_the_headers_spell_them(double seconds, string spelled) =>
        QuotaHeaders.Spelled(seconds).Should().Be(spelled);

    private static async Task<Json> Finish(Task<Got> answer, SteppedTime time) => (await Answer(answer, time)).Body["usage"];

    private static async Task<Got> Answer(Task<Got> answer, SteppedTime time)
    {
        while (!answer.IsCompleted)
        {
            // Moves the clock only while a request waits, so that the measured time is the latency alone.
            if (time.ArmedTimers > 0)
                time.Pass(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        return await answer;
    }

    private static async Task Until(Func<bool> holds)
    {
        while (!holds())
            await Task.Yield();
    }
}
