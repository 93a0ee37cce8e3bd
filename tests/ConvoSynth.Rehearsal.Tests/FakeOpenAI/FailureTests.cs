using ConvoSynth.Core;
using ConvoSynth.Models.Tests;
using ConvoSynth.Rehearsal.FakeOpenAI;
using ConvoSynth.Rehearsal.FakeOpenAI.Failures;
using ConvoSynth.Rehearsal.FakeOpenAI.Http;
using ConvoSynth.Rehearsal.FakeOpenAI.Measures;

namespace ConvoSynth.Rehearsal.Tests.FakeOpenAI;

public sealed class FailureTests
{
    private const string AllKinds = "500=0.06 503=0.06 429=0.06 cut=0.06 truncated=0.06 content-type=0.06 content-filter=0.1 length=0.1";

    [Fact]
    public void Each_failure_comes_at_its_rate_and_answers_are_the_same_in_every_try()
    {
        const int Calls = 20_000;
        var rates = FailureRates.Parse($"{AllKinds} hang=0.06".Split(' '));
        var drawing = new FateDrawing(rates, 1, 0.4);

        var fates = Enumerable.Range(0, Calls).Select(i => drawing.Of(new Seed(1).For(i), 1)).ToArray();

        foreach (var kind in FailureKinds.All.Where(k => !FailureKinds.IsAnswer(k)))
            Share(fates, kind).Should().BeApproximately(0.06, 0.006, FailureKinds.NameOf(kind));
        // An error replaces the answer, so failures in answers are rarer by the errors' share of tries.
        foreach (var kind in FailureKinds.All.Where(FailureKinds.IsAnswer))
            Share(fates, kind).Should().BeApproximately(0.1 * (1 - (7 * 0.06)), 0.006, FailureKinds.NameOf(kind));
        for (var i = 0; i < 500; i++)
        {
            var tries = Enumerable
                .Range(1, 30)
                .Select(t => drawing.Of(new Seed(1).For(i), t).Failure)
                .Where(f => f == FailureKind.None || FailureKinds.IsAnswer(f));
            tries.Distinct().Should().HaveCount(1);
        }
    }

    [Fact]
    public void Latency_is_log_normal_about_its_median()
    {
        var drawing = new FateDrawing(FailureRates.None, 2, 0.4);
        var logs = Enumerable.Range(0, 20_000).Select(i => Math.Log(drawing.Of(new Seed(3).For(i), 1).Seconds / 2)).ToArray();

        logs.Average().Should().BeApproximately(0, 0.01);
        Math.Sqrt(logs.Average(l => l * l)).Should().BeApproximately(0.4, 0.01);
        new FateDrawing(FailureRates.None, 2, 0).Of(new Seed(3), 1).Seconds.Should().Be(2);
    }

    [Fact]
    public async Task The_same_tries_fail_alike_in_two_servers_and_pass_when_tried_on()
    {
        var options = new EndpointOptions { Failures = FailureRates.Parse(AllKinds.Split(' ')) };
        await using var one = await Serving.Start(options);
        await using var other = await Serving.Start(options);
        var calls = Enumerable.Range(0, 60).Select(i => (Role: i % 2 == 0 ? "human" : "agent", Step: i % 3, Index: (long)i / 2)).ToArray();

        var first = await Task.WhenAll(calls.Select(c => Tries(one, c.Role, c.Step, c.Index, "a")));
        // In reverse order, sequentially, and under another run's name.
        var second = new Dictionary<(string, int, long), string[]>();
        foreach (var c in calls.Reverse())
            second[c] = await Tries(other, c.Role, c.Step, c.Index, "b");

        for (var i = 0; i < calls.Length; i++)
            first[i].Should().Equal(second[calls[i]]);
        first
            .SelectMany(t => t)
            .Distinct()
            .Should()
            .BeEquivalentTo(["500", "503", "429", "cut", "truncated", "text/html", "content_filter", "length", "stop", "tool_calls"]);
        first.Should().OnlyContain(t => t.Length < 20);
        var stats = one.Stats;
        stats["failures"]["500"].Number.Should().Be(first.SelectMany(t => t).Count(t => t == "500"));
        stats["answers_by_call"].Items.Should().ContainSingle().Which["calls"].Number.Should().Be(calls.Length);
        stats["requests"].Number.Should().Be(first.Sum(t => t.Length));
    }

    [Fact]
    public async Task A_request_that_hangs_gets_nothing_until_its_client_leaves()
    {
        var log = Path.GetTempFileName();
        await using (var serving = await Serving.Start(new() { Failures = FailureRates.Parse(["hang=1"]), LogFile = log }))
        {
            using var leaving = new CancellationTokenSource();
            using var content = new StringContent(Bodies.Chat(Bodies.Metadata("human", 0)).ToString());
            var asked = serving.Client.PostAsync("/v1/chat/completions", content, leaving.Token);
            while (serving.Stats["failures"]["hang"].Number != 1)
                await Task.Yield();
            asked.IsCompleted.Should().BeFalse();
            await leaving.CancelAsync();
            await asked.Invoking(a => a).Should().ThrowAsync<OperationCanceledException>();
            while (serving.Stats["in_flight"].Number != 0)
                await Task.Yield();
        }

        File.ReadAllLines(log).Should().ContainSingle().Which.Should().Contain("\"status\":0,\"failure\":\"hang\"");
        File.Delete(log);
    }

    [Fact]
    public async Task A_cut_stream_and_a_truncated_one_do_not_end_as_streams_do()
    {
        await using var cut = await Serving.Start(new() { Failures = FailureRates.Parse(["cut=1"]) });
        await using var truncated = await Serving.Start(new() { Failures = FailureRates.Parse(["truncated=1"]) });
        var body = Bodies.Chat(Bodies.Metadata("human", 0), ("stream", true));

        await cut.Invoking(s => s.Post(body)).Should().ThrowAsync<HttpRequestException>();
        (await truncated.Post(body)).Text.Should().NotBeEmpty().And.NotContain("[DONE]");
    }

    [Fact]
    public async Task An_answer_comes_no_sooner_than_its_latency_and_the_log_says_how_long_that_was()
    {
        var log = Path.GetTempFileName();
        var time = new SteppedTime();
        var took = new List<double>();
        await using (
            var serving = await Serving.Start(
                new()
                {
                    Latency = 1,
                    LatencySigma = 0.4,
                    LogFile = log,
                },
                time
            )
        )
        {
            for (var i = 0; i < 5; i++)
            {
                var began = time.GetTimestamp();
                var asked = serving.Post(Bodies.Chat(Bodies.Metadata("human", 0, i)));
                while (!asked.IsCompleted)
                {
                    // The log's timer is always armed; a second one means that a request waits.
                    if (time.ArmedTimers > 1)
                        time.Pass(Pauses.Tick);
                    await Task.Yield();
                }

                (await asked).Status.Should().Be(200);
                took.Add(time.GetElapsedTime(began).TotalSeconds);
            }
        }

        var drawn = File.ReadAllLines(log).Select(l => Json.Parse(l)).ToArray();
        drawn.Select(d => d["index"].Number).Should().Equal(0, 1, 2, 3, 4);
        drawn.Select(d => d["latency"].Number).Distinct().Should().HaveCount(5);
        for (var i = 0; i < 5; i++)
            took[i].Should().BeInRange(drawn[i]["latency"].Number!.Value - 0.000_001, drawn[i]["latency"].Number!.Value + 0.05);
        File.Delete(log);
    }

    [Fact]
    public void Calls_are_counted_in_bounded_memory()
    {
        var calls = new CallMemory(100);
        for (var i = 0; i < 10_000; i++)
        {
            calls.Tried(new Seed(1).For(i)).Should().Be(1);
            calls.Tried(new Seed(1).For(i)).Should().Be(2);
            calls.Answered(new Seed(1).For(i));
        }

        calls.Answered(new Seed(1).For(9_999));
        calls.Kept.Should().BeLessThanOrEqualTo(100);
        // The most recently used half is certainly kept.
        for (var i = 9_951; i < 10_000; i++)
            calls.Tried(new Seed(1).For(i)).Should().Be(3);
        calls.ByAnswers().Should().Equal((1, 9_999), (2, 1));
    }

    private static double Share(Fate[] fates, FailureKind kind) => fates.Count(f => f.Failure == kind) / (double)fates.Length;

    // The results of a call's tries, up to its first answer.
    private static async Task<string[]> Tries(Serving serving, string role, int step, long index, string run)
    {
        var tries = new List<string>();
        while (tries.Count < 20)
        {
            tries.Add(await Try(serving, role, step, index, run));
            if (tries[^1] is "stop" or "tool_calls" or "length" or "content_filter")
                break;
        }

        return [.. tries];
    }

    private static async Task<string> Try(Serving serving, string role, int step, long index, string run)
    {
        try
        {
            var got = await serving.Post(Bodies.Chat(Bodies.Metadata(role, step, index, run: run)));
            if (got.Status == 429)
                got.Header("retry-after-ms").Should().NotBeNullOrEmpty();
            if (got.Status != 200)
            {
                got.Error["message"].Text.Should().NotBeNullOrEmpty();
                return $"{got.Status}";
            }

            if (got.Type != "application/json")
                return got.Type!;
            return Json.TryParse(got.Text, out _, out _) ? got.Finish! : "truncated";
        }
        catch (HttpRequestException)
        {
            return "cut";
        }
    }
}
