using ConvoSynth.Core.Dialogues;
using ConvoSynth.Models.Endpoints;
using ConvoSynth.Models.Quota;

namespace ConvoSynth.Models.Tests;

/// <summary>Requests that wait for quota, on a clock that only the test moves.</summary>
public sealed class QuotaTests
{
    private readonly SteppedTime _time = new();

    [Fact]
    public void A_bucket_holds_no_more_than_its_capacity_and_owes_what_was_used_beyond_the_charge()
    {
        var bucket = new TokenBucket(perMinute: 600, capacitySeconds: 1, now: 0);

        bucket.Level(100).Should().Be(10);
        bucket.Take(25, 100);
        bucket.Until(5, 100).Should().Be(2);
        bucket.Level(101).Should().Be(-5);
        bucket.Take(-100, 101);
        bucket.Level(101).Should().Be(10);
        bucket.Used.Should().Be(-75);
        bucket.TakeUpTo(25, 101).Should().Be(10);
        bucket.Until(25, 101).Should().Be(1, "more than it holds is never there, and it is full after a second");
    }

    [Fact]
    public void What_is_not_limited_does_not_wait()
    {
        using var quota = Quota(new());

        for (var i = 0; i < 1000; i++)
            quota.Take(1_000_000, 1_000_000, default).AsTask().IsCompletedSuccessfully.Should().BeTrue();
    }

    [Fact]
    public async Task Requests_are_let_through_at_their_rate()
    {
        using var quota = Quota(new() { RequestsPerMinute = 600 });
        var taken = Enumerable.Range(0, 100).Select(_ => quota.Take(1, 1, default).AsTask()).ToArray();

        Done(taken).Should().Be(5, "half a second of refill is there at first");
        _time.Pass(TimeSpan.FromSeconds(1.02));
        await Soon(Task.WhenAll(taken[..15]));
        Done(taken).Should().Be(15);
        _time.Pass(TimeSpan.FromSeconds(4));
        await Soon(Task.WhenAll(taken[..55]));
        Done(taken).Should().Be(55);
    }

    [Fact]
    public async Task Those_that_wait_are_served_in_the_order_in_which_they_came()
    {
        using var quota = Quota(new() { TokensPerMinute = 60_000 });
        var large = quota.Take(3000, 1000, default).AsTask();
        var small = quota.Take(1, 1, default).AsTask();

        _time.Pass(TimeSpan.FromSeconds(3.4));
        (large.IsCompleted, small.IsCompleted).Should().Be((false, false), "a small one does not overtake a large one for ever");
        _time.Pass(TimeSpan.FromSeconds(0.2));

        await Soon(large);
        await Soon(small);
    }

    [Fact]
    public async Task What_an_answer_did_not_use_comes_back()
    {
        using var quota = Quota(new() { TokensPerMinute = 60_000 });
        var first = await quota.Take(100, 400, default);
        var second = quota.Take(100, 400, default).AsTask();
        second.IsCompleted.Should().BeFalse();

        first.Settle(new(100, 0, 10, 0));
        first.Settle(new(0, 0, 0, 0));
        second.IsCompleted.Should().BeFalse("390 tokens came back, once");
        _time.Pass(TimeSpan.FromSeconds(0.12));

        await Soon(second);
    }

    [Fact]
    public async Task What_an_answer_used_beyond_its_estimate_is_owed()
    {
        using var quota = Quota(new() { TokensPerMinute = 60_000 });
        (await quota.Take(100, 400, default)).Settle(new(1100, 0, 400, 0));
        var next = quota.Take(100, 400, default).AsTask();

        _time.Pass(TimeSpan.FromSeconds(1.4));
        next.IsCompleted.Should().BeFalse();
        _time.Pass(TimeSpan.FromSeconds(0.2));

        await Soon(next);
    }

    [Fact]
    public async Task After_a_refusal_nothing_is_sent_before_the_server_has_refilled()
    {
        using var quota = Quota(new() { TokensPerMinute = 60_000 });
        var first = await quota.Take(50, 50, default);
        var second = await quota.Take(50, 50, default);
        var next = quota.Take(200, 200, default).AsTask();

        // Both refusals report the same shortfall.
        first.Refused(TimeSpan.FromSeconds(2));
        second.Refused(TimeSpan.FromSeconds(2));
        second.Refused(TimeSpan.FromSeconds(90));

        _time.Pass(TimeSpan.FromSeconds(1.8));
        next.IsCompleted.Should().BeFalse("what was counted here, 500, less two seconds of refill, and with 1.8 of them, is less than 400");
        _time.Pass(TimeSpan.FromSeconds(0.3));
        await Soon(next);
    }

    [Fact]
    public async Task A_server_that_wants_to_be_left_alone_for_a_day_stops_nobody_for_longer_than_a_minute()
    {
        using var quota = Quota(new() { TokensPerMinute = 60_000 });
        (await quota.Take(50, 50, default)).Refused(TimeSpan.FromDays(1));
        var next = quota.Take(200, 200, default).AsTask();

        _time.Pass(TimeSpan.FromSeconds(59));
        next.IsCompleted.Should().BeFalse();
        _time.Pass(TimeSpan.FromSeconds(2));
        await Soon(next);
    }

    [Fact]
    public async Task No_more_are_in_flight_than_allowed()
    {
        using var quota = Quota(new() { InFlight = 2 });
        var first = await quota.Take(1, 1, default);
        await quota.Take(1, 1, default);
        var third = quota.Take(1, 1, default).AsTask();
        var fourth = quota.Take(1, 1, default).AsTask();
        third.IsCompleted.Should().BeFalse();

        first.Dispose();
        first.Dispose();

        await Soon(third);
        fourth.IsCompleted.Should().BeFalse("one place became free, once");
    }

    [Fact]
    public async Task Who_gives_up_waiting_takes_nothing_and_lets_the_next_pass()
    {
        using var quota = Quota(new() { TokensPerMinute = 60_000 });
        using var giveUp = new CancellationTokenSource();
        var large = quota.Take(50_000, 5000, giveUp.Token).AsTask();
        var small = quota.Take(100, 400, default).AsTask();
        small.IsCompleted.Should().BeFalse();

        await giveUp.CancelAsync();

        await FluentActions.Awaiting(() => large).Should().ThrowAsync<OperationCanceledException>();
        await Soon(small);
        quota.Waiting.Should().Be(0);
    }

    [Fact]
    public async Task A_block_comes_from_whoever_divides_the_quota_and_what_it_lacks_is_asked_for_again()
    {
        var leases = new ScriptedLeases(Block(200, 0.05), Block(300, 0));
        using var quota = Quota(new() { TokensPerMinute = 60_000 }, leases);
        var taking = quota.Take(100, 400, default).AsTask();

        leases.Asked.Should().Equal(500);
        _time.Pass(TimeSpan.FromSeconds(0.04));
        taking.IsCompleted.Should().BeFalse();
        _time.Pass(TimeSpan.FromSeconds(0.02));

        await Soon(taking);
        leases.Asked.Should().Equal(500, 300);
    }

    [Fact]
    public async Task Where_nobody_divides_the_quota_for_a_moment_it_is_asked_for_again()
    {
        var leases = new ScriptedLeases(null, Block(500, 0));
        using var quota = Quota(new() { TokensPerMinute = 60_000 }, leases);
        var taking = quota.Take(100, 400, default).AsTask();
        taking.IsCompleted.Should().BeFalse();

        _time.Pass(TimeSpan.FromSeconds(1));

        await Soon(taking);
    }

    [Fact]
    public async Task The_estimate_of_a_prompt_learns_from_what_the_endpoint_counts()
    {
        var quota = new SpyQuota();
        var endpoint = new QuotaEndpoint(
            new ScriptedEndpoint(Endpoints.Spec(), r => ScriptedEndpoint.Answer(r) with { Usage = new(300, 0, 20, 0) }),
            quota
        );

        for (var i = 0; i < 200; i++)
            await endpoint.Send(Endpoints.Request(input: 100, output: 50), default);

        quota.Taken[0].Should().Be((100, 50));
        quota.Taken[^1].Should().Be((300, 50));
        quota.Settled.Should().OnlyContain(u => u == new Usage(300, 0, 20, 0));
        quota.InFlight.Should().Be(0);
    }

    [Fact]
    public async Task A_server_that_counts_nothing_is_charged_by_what_it_sent()
    {
        var quota = new SpyQuota();
        var body = Replies.Chat("fine");
        var endpoint = new QuotaEndpoint(
            new ScriptedEndpoint(Endpoints.Spec(), r => ScriptedEndpoint.Answer(r) with { Usage = Usage.None }),
            quota
        );

        await endpoint.Send(Endpoints.Request(input: 100, output: 500), default);

        quota.Settled.Should().Equal(new Usage(100, 0, body.Length / 4, 0));
    }

    [Fact]
    public async Task What_was_not_let_in_is_given_back_and_of_what_failed_later_the_prompt_is_charged()
    {
        var quota = new SpyQuota();
        var inner = new ScriptedEndpoint(Endpoints.Spec(), ScriptedEndpoint.Fails("429"), ScriptedEndpoint.Fails("500"));
        var endpoint = new QuotaEndpoint(inner, quota);

        for (var i = 0; i < 2; i++)
            await endpoint.Invoking(e => e.Send(Endpoints.Request(), default).AsTask()).Should().ThrowAsync<EndpointException>();

        quota.Refusals.Should().Be(1);
        quota.Settled.Should().Equal(new Usage(10, 0, 0, 0));
        quota.InFlight.Should().Be(0);
    }

    private AccountHolder Quota(AccountLimits limits, IAccountLeases? leases = null) => Accounts.Holder(_time, limits, leases);

    private static Task Soon(Task task) => task.WaitAsync(TimeSpan.FromSeconds(20));

    private static int Done(Task<IQuotaUse>[] tasks) => tasks.Count(t => t.IsCompletedSuccessfully);

    private static Lease Block(long tokens, double askAgain) =>
        new(0, tokens, int.MaxValue, TimeSpan.FromSeconds(askAgain), CircuitState.Closed, TimeSpan.Zero);

    private sealed class ScriptedLeases(params Lease?[] leases) : IAccountLeases
    {
        public List<long> Asked { get; } = [];

        public LeaseTimes Times => LeaseTimes.OnlyProcess;

        public ValueTask<Lease> Lease(string account, LeaseCall call, CancellationToken cancellationToken)
        {
            Asked.Add(call.Tokens);
            return leases[Asked.Count - 1] is { } lease ? new(lease) : throw new TimeoutException("no owner");
        }
    }

    private sealed class SpyQuota : IQuota
    {
        public List<(int, int)> Taken { get; } = [];

        public List<Usage> Settled { get; } = [];

        public int Refusals { get; private set; }

        public int InFlight { get; private set; }

        public ValueTask<IQuotaUse> Take(int inputTokens, int outputTokens, CancellationToken cancellationToken)
        {
            Taken.Add((inputTokens, outputTokens));
            InFlight++;
            return new(new Use(this));
        }

        private sealed class Use(SpyQuota quota) : IQuotaUse
        {
            public CancellationToken LeaseEnd => default;

            public void Settle(Usage usage) => quota.Settled.Add(usage);

            public void Refused(TimeSpan? retryAfter) => quota.Refusals++;

            public void Dispose() => quota.InFlight--;
        }
    }
}
