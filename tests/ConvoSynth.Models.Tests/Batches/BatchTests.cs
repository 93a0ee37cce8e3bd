using System.Collections.Immutable;
using System.Net;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Models.Batches;
using ConvoSynth.Models.Endpoints;

namespace ConvoSynth.Models.Tests.Batches;

/// <summary>Requests that go to a provider as files.</summary>
[Collection(SteppedClock.Name)]
public sealed class BatchTests
{
    private readonly FakeTime _time = new();
    private readonly KeptLog _log = new();

    [Fact]
    public async Task Requests_that_wait_at_once_go_in_one_file_and_each_gets_its_own_answer()
    {
        var provider = new BatchProvider();
        using var models = Models(provider);

        var answers = await All(models, "a", "b", "c");

        answers.Should().Equal("a", "b", "c");
        provider.Batches.Should().Equal(3);
        _log.Entries.Select(e => (e.File, e.Batch)).Should().Equal(("file-0", null), ("file-0", "batch-0"));
    }

    [Fact]
    public async Task A_full_batch_is_closed_before_its_time_and_a_call_that_is_asked_twice_at_once_is_sent_once()
    {
        var provider = new BatchProvider();
        using var models = Models(
            provider,
            new()
            {
                Requests = 2,
                Seconds = 86_400,
                PollSeconds = 1,
            }
        );

        var answers = await Until(Task.WhenAll(Ask(models, "a"), Ask(models, "b"), Ask(models, "b"), Ask(models, "a")));

        answers.Should().Equal("a", "b", "b", "a");
        provider.Charged.Should().BeEquivalentTo("a", "b");
    }

    [Fact]
    public async Task Requests_that_fail_in_a_batch_go_into_the_next_one_as_often_as_retries_say()
    {
        var provider = new BatchProvider { Fates = n => new() { StatusOf = t => t == "b" && n < 2 ? 500 : 200 } };
        using var models = Models(provider);

        var (a, b) = (Ask(models, "a"), models.Endpoint("local").Send(Request("b"), default).AsTask());
        await Until(Task.WhenAll(a, b));

        (await b).FailedTries.Select(f => f.Reason).Should().Equal("500", "500");
        provider.Batches.Should().Equal(2, 1, 1);
        provider.Charged.Should().Equal("a", "b");
        using var impatient = Models(
            new BatchProvider { Fates = _ => new() { StatusOf = _ => 500 } },
            log: new(),
            spec: s => s with { Retries = 1 }
        );
        var failed = Ask(impatient, "c");
        await FluentActions.Awaiting(() => Until(failed)).Should().ThrowAsync<EndpointException>().Where(e => e.FailedTries.Length == 1);
    }

    [Fact]
    public async Task What_an_expired_batch_answered_is_used_and_the_rest_goes_into_a_new_one()
    {
        var provider = new BatchProvider { Fates = n => n == 0 ? new("expired", 1) : new() };
        using var models = Models(provider);

        var answers = await All(models, "a", "b", "c");

        answers.Should().Equal("a", "b", "c");
        provider.Batches[0].Should().Be(3);
        provider.Batches.Skip(1).Sum().Should().Be(2);
        provider.Charged.Should().BeEquivalentTo("a", "b", "c");
    }

    [Fact]
    public async Task A_batch_that_is_refused_for_enqueued_tokens_is_created_again_from_its_file()
    {
        var provider = new BatchProvider { Fates = n => n < 2 ? Limit : new() };
        using var models = Models(provider);

        var answers = await All(models, "a", "b");

        answers.Should().Equal("a", "b");
        provider.Inputs.Should().Equal("file-0", "file-0", "file-0");
    }

    [Fact]
    public async Task A_batch_that_is_refused_for_enqueued_tokens_again_and_again_is_sent_in_smaller_ones()
    {
        var provider = new BatchProvider { Fates = n => n < 3 ? Limit : new() };
        using var models = Models(provider);

        var answers = await All(models, "a", "b", "c", "d");

        answers.Should().Equal("a", "b", "c", "d");
        provider.Batches.Skip(3).Should().HaveCountGreaterThan(1).And.OnlyContain(n => n < 4);
        provider.Charged.Should().BeEquivalentTo("a", "b", "c", "d");
    }

    [Fact]
    public async Task No_more_tokens_are_enqueued_than_the_spec_says()
    {
        var provider = new BatchProvider { Fates = _ => new() { Looks = 5 } };
        using var models = Models(
            provider,
            new()
            {
                EnqueuedTokens = 1000,
                Seconds = 1,
                PollSeconds = 1,
            }
        );

        var answers = await Until(Task.WhenAll(Ask(models, "a", 400), Ask(models, "b", 400), Ask(models, "c", 400)));

        answers.Should().Equal("a", "b", "c");
        provider.MostOpen.Should().Be(2, "the third is more than there is room for");
    }

    [Theory]
    [InlineData("failed", "does not accept the batch batch-0 (invalid_json_line, line 3); see whether the model \"m-1\" takes batches")]
    [InlineData("cancelled", "the batch batch-0 was cancelled, and 1 of its 2 requests have no answer; --resume sends these again")]
    public async Task A_batch_that_failed_or_was_cancelled_stops_the_run_with_a_sentence_and_a_resume_sends_the_rest(
        string status,
        string sentence
    )
    {
        var fate = new Fate(status, Answered: 1, status == "failed" ? "invalid_json_line" : null);
        var provider = new BatchProvider { Fates = n => n == 0 ? fate : new() };
        using (var models = Models(provider))
        {
            var (a, b) = (Ask(models, "a"), Ask(models, "b"));
            var failed = await FluentActions.Awaiting(() => Until(Task.WhenAll(a, b))).Should().ThrowAsync<EndpointException>();
            failed.Which.IsRefusal.Should().BeTrue();
            failed.Which.Message.Should().Contain(sentence);
            var late = await FluentActions.Awaiting(() => Until(Ask(models, "b"))).Should().ThrowAsync<EndpointException>();
            late.Which.Message.Should().Contain(sentence, "the refusal stands for those who ask after the batch has ended");
        }

        using var resumed = Models(provider);
        var answers = await All(resumed, "a", "b");

        answers.Should().Equal("a", "b");
        provider.Charged.Should().BeEquivalentTo("a", "b");
    }

    [Theory]
    [InlineData("a batch is logged, and not yet created", 1)]
    [InlineData("a batch is created, and not yet logged", 1)]
    [InlineData("a batch is logged and created", 2)]
    [InlineData("a batch has ended, and no answer is used", 2)]
    public async Task A_process_that_dies_while_a_batch_is_on_its_way_pays_for_no_answer_twice(string when, int entries)
    {
        var provider = new BatchProvider();
        using (var models = Models(provider))
        {
            provider.Before = request =>
                request switch
                {
                    { Method.Method: "POST", RequestUri.AbsolutePath: "/v1/batches" }
                        when when.EndsWith("yet created", StringComparison.Ordinal) => new(HttpStatusCode.ServiceUnavailable),
                    { Method.Method: "GET" } when when.EndsWith("is used", StringComparison.Ordinal) => null,
                    { Method.Method: "GET" } => new(HttpStatusCode.ServiceUnavailable),
                    _ => null,
                };
            if (when.EndsWith("yet logged", StringComparison.Ordinal))
                _log.Refuses = e => e.Batch is not null;
            var lost = new[] { Ask(models, "a"), Ask(models, "b") };
            await Until(() =>
                _log.Entries.Length == entries
                && provider.Batches.Count == (when.EndsWith("yet created", StringComparison.Ordinal) ? 0 : 1)
                && (lost.All(l => l.IsCompleted) || !when.EndsWith("is used", StringComparison.Ordinal))
            );
        }

        (provider.Before, _log.Refuses) = (static _ => null, static _ => false);
        using var resumed = Models(provider);
        var answers = await All(resumed, "a", "b");

        answers.Should().Equal("a", "b");
        provider.Charged.Should().BeEquivalentTo("a", "b");
        provider.Batches.Should().Equal(2);
    }

    [Fact]
    public async Task A_resume_goes_through_the_batches_of_the_first_process_and_pays_only_for_what_they_left()
    {
        var fails = true;
        var provider = new BatchProvider { Fates = n => new() { StatusOf = t => t == "b" && (n == 0 || fails) ? 500 : 200 } };
        using (var models = Models(provider, spec: s => s with { Retries = 1 }))
            await FluentActions
                .Awaiting(() => Until(Task.WhenAll(Ask(models, "a"), Ask(models, "b"))))
                .Should()
                .ThrowAsync<EndpointException>();

        fails = false;
        using var resumed = Models(provider, spec: s => s with { Retries = 2 });
        var answers = await All(resumed, "a", "b");

        answers.Should().Equal("a", "b");
        provider.Batches.Should().Equal(2, 1, 1);
        provider.Charged.Should().Equal("a", "b");
    }

    [Fact]
    public async Task Of_two_processes_with_one_log_one_sends_a_request_and_both_get_its_answer()
    {
        var provider = new BatchProvider { Fates = _ => new() { Looks = 3 } };
        _log.IsShared = true;
        using var one = Models(provider);
        using var two = Models(provider);

        var answers = await Until(Task.WhenAll(Ask(one, "a"), Ask(two, "a"), Ask(one, "b"), Ask(two, "c")));

        answers.Should().Equal("a", "a", "b", "c");
        provider.Charged.Should().BeEquivalentTo("a", "b", "c");
    }

    [Fact]
    public async Task The_probe_asks_for_a_list_of_batches_and_sends_no_request()
    {
        var provider = new BatchProvider();
        using var models = Models(provider);
        var fine = await models.Probe(default);
        provider.Before = _ => new(HttpStatusCode.Unauthorized);
        var refused = await models.Probe(default);

        fine.Single(p => p.Endpoint == "local").Problem.Should().BeNull();
        refused.Single(p => p.Endpoint == "local").Problem.Should().Contain("refuses").And.Contain("401");
        provider.Files.Should().Be(0);
    }

    private static Fate Limit => new("failed", 0, "token_limit_exceeded");

    private EndpointModels Models(
        BatchProvider provider,
        BatchSpec? batch = null,
        KeptLog? log = null,
        Func<EndpointSpec, EndpointSpec>? spec = null
    )
    {
        var local = Endpoints.Spec("http://provider/v1") with
        {
            Provider = EndpointProvider.OpenAI,
            KeyVariable = "KEY",
            Batch = batch ?? new() { Seconds = 1, PollSeconds = 1 },
        };
        var turns = Endpoints.Spec("http://turns/v1") with { Name = "turns" };
        var run = Endpoints.Run(turns, spec?.Invoke(local) ?? local);
        return Endpoints.Models(
            run with
            {
                Roles = run.Roles! with { Writer = "local" },
            },
            new()
            {
                Time = _time,
                Batches = _ => log ?? _log,
                Handler = s => s.Name == "local" ? new Borrowed(provider) : new Absent(),
            }
        );
    }

    private Task<string[]> All(EndpointModels models, params string[] texts) => Until(Task.WhenAll(texts.Select(t => Ask(models, t))));

    private static async Task<string> Ask(EndpointModels models, string text, int tokens = 10)
    {
        var response = await models.Endpoint("local").Send(Request(text, tokens), default);
        return Core.Json.Parse(response.Body)["choices"].Items[0]["message"]["content"].Text!;
    }

    private static EndpointRequest Request(string text, int tokens = 10) =>
        Endpoints.Request($$"""{"model":"m-1","text":"{{text}}"}""", tokens) with
        {
            Key = new(new("run", text[0], 0), "judge:one", 0),
        };

    private async Task<T> Until<T>(Task<T> task)
    {
        await Until((Task)task);
        return await task;
    }

    private async Task Until(Task task)
    {
        await Until(() => task.IsCompleted);
        await task;
    }

    private async Task Until(Func<bool> isSo)
    {
        var limit = Task.Delay(TimeSpan.FromSeconds(20), TimeProvider.System);
        while (!isSo())
        {
            limit.IsCompleted.Should().BeFalse("the queue comes to an end");
            await Step();
        }
    }

    // The queue works on other threads, which need processor time between two steps of the clock.
    private async Task Step()
    {
        _time.Advance(TimeSpan.FromMilliseconds(20));
        await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
    }

    /// <summary>The client disposes of its handler; the provider outlives it.</summary>
    private sealed class Borrowed(BatchProvider provider) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            provider.Serve(request, cancellationToken);
    }

    private sealed class Absent : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.NotFound));
    }

    /// <summary>A log that outlives its process.</summary>
    private sealed class KeptLog : IBatchLog
    {
        private readonly Lock _lock = new();

        public ImmutableArray<BatchEntry> Entries { get; private set; } = [];

        public bool IsShared { get; set; }

        /// <summary>Entries for which storage fails.</summary>
        public Func<BatchEntry, bool> Refuses { get; set; } = static _ => false;

        public ValueTask<ImmutableArray<BatchEntry>> Read() => new(Entries);

        public ValueTask<bool> Append(int known, BatchEntry entry)
        {
            lock (_lock)
            {
                if (Refuses(entry))
                    throw new Journal.JournalException(Journal.JournalError.Storage, "the disk is full");
                if (known != Entries.Length)
                    return new(false);
                Entries = Entries.Add(entry);
                return new(true);
            }
        }
    }
}
