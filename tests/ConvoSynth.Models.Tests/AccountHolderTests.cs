#pragma warning disable VSTHRD002 // Only tasks that have ended are read, and the test moves the one clock.
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Models.Endpoints;
using ConvoSynth.Models.Quota;
using Microsoft.Extensions.Logging.Abstractions;

namespace ConvoSynth.Models.Tests;

/// <summary>What holders do with leases that end, over owners that come and go, on one clock that only the test moves.</summary>
public sealed class AccountHolderTests
{
    private static readonly AccountLimits TwoAtOnce = new(InFlight: 2);

    private readonly SteppedTime _time = new();
    private readonly Owners _owners;

    public AccountHolderTests()
    {
        SynchronizationContext.SetSynchronizationContext(null);
        _owners = new(_time);
        _time.Pass(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void Without_an_owner_a_lease_ends_after_4_s_and_its_requests_with_it()
    {
        using var holder = Holder("a", TwoAtOnce);
        var first = Taken(holder);
        _owners.IsAway = true;

        _time.Pass(TimeSpan.FromSeconds(3.9));
        first.LeaseEnd.IsCancellationRequested.Should().BeFalse();
        var second = Taken(holder);
        _time.Pass(TimeSpan.FromSeconds(0.2));

        (first.LeaseEnd.IsCancellationRequested, second.LeaseEnd.IsCancellationRequested).Should().Be((true, true));
        first.Dispose();
        second.Dispose();
        holder.Take(1, 1, default).AsTask().IsCompleted.Should().BeFalse();
    }

    [Fact]
    public void A_lease_that_is_renewed_goes_on_for_as_long_as_a_request_runs()
    {
        using var holder = Holder("a", TwoAtOnce);
        var use = Taken(holder);

        _time.Pass(TimeSpan.FromMinutes(10));

        use.LeaseEnd.IsCancellationRequested.Should().BeFalse();
    }

    [Fact]
    public async Task Requests_in_flight_outlive_an_owner_whose_successor_comes_soon()
    {
        using var holder = Holder("a", TwoAtOnce);
        var use = Taken(holder);

        _owners.Replace();
        var next = holder.Take(1, 1, default).AsTask();
        next.IsCompletedSuccessfully.Should().BeTrue("it holds two permits");
        var third = holder.Take(1, 1, default).AsTask();
        _time.Pass(TimeSpan.FromSeconds(20));

        use.LeaseEnd.IsCancellationRequested.Should().BeFalse();
        third.IsCompleted.Should().BeFalse();
        use.Dispose();
        // The permit is handed on by another thread.
        await third.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System);
    }

    [Fact]
    public void Unspent_quota_ends_with_its_lease()
    {
        using var holder = Holder("a", new(RequestsPerMinute: 60_000, InFlight: 1));
        _time.Pass(TimeSpan.FromSeconds(2));
        var use = Taken(holder);
        using var cancelled = new CancellationTokenSource();
        _ = holder.Take(1, 1, cancelled.Token).AsTask();
        cancelled.Cancel();
        use.Dispose();
        _owners.IsAway = true;

        _time.Pass(TimeSpan.FromSeconds(4.1));

        holder.Take(1, 1, default).AsTask().IsCompleted.Should().BeFalse();
    }

    [Fact]
    public void An_idle_holder_calls_for_nothing()
    {
        using var holder = Holder("a", TwoAtOnce);
        Taken(holder).Dispose();
        _time.Pass(TimeSpan.FromSeconds(5));
        var calls = _owners.Calls;

        _time.Pass(TimeSpan.FromHours(1));

        _owners.Calls.Should().Be(calls);
        Taken(holder).Dispose();
    }

    [Fact]
    public void Two_holders_share_permits_and_the_starving_one_gets_its_half_within_seconds()
    {
        using var greedy = Holder("a", new(InFlight: 4));
        using var starving = Holder("b", new(InFlight: 4));
        var work = new Work(_time);
        work.Keep(greedy, 12);
        work.For(1);
        work.Keep(starving, 12);

        work.For(4);
        var (before, after) = (work.Done(greedy), work.Done(starving));
        work.For(20);

        work.MostAtOnce.Should().Be(4);
        var (g, s) = (work.Done(greedy) - before, work.Done(starving) - after);
        s.Should().BeCloseTo(g, 4);
        (g + s).Should().BeGreaterThan(70, "four at once and a second each");
    }

    [Fact]
    public void An_answer_that_comes_late_brings_nothing()
    {
        using var holder = Holder("a", TwoAtOnce);
        _owners.Delay = TimeSpan.FromSeconds(1.1);

        var taking = holder.Take(1, 1, default).AsTask();
        _time.Pass(TimeSpan.FromSeconds(5));
        taking.IsCompleted.Should().BeFalse();
        _owners.Delay = TimeSpan.FromSeconds(0.5);
        _time.Pass(TimeSpan.FromSeconds(3));

        taking.IsCompletedSuccessfully.Should().BeTrue();
    }

    [Fact]
    public async Task A_request_whose_lease_ends_is_abandoned_and_may_be_tried_again()
    {
        using var holder = Holder("a", TwoAtOnce);
        var endpoint = new QuotaEndpoint(new Hanging(), holder);
        var sending = endpoint.Send(Endpoints.Request(), default).AsTask();
        _owners.IsAway = true;

        _time.Pass(TimeSpan.FromSeconds(4.1));

        var failure = (await FluentActions.Awaiting(() => sending).Should().ThrowAsync<EndpointException>()).Which;
        failure.Should().Match<EndpointException>(e => e.Reason == "lease-ended" && e.IsTransient && !e.IsUnavailable);
    }

    [Fact]
    public async Task Failures_in_one_process_open_the_circuit_of_another()
    {
        using var a = Holder("a", new());
        using var b = Holder("b", new());
        var options = new CircuitOptions { Patience = TimeSpan.Zero };
        var away = new CircuitEndpoint(new ScriptedEndpoint(Endpoints.Spec(), ScriptedEndpoint.Fails("503")), a, options, _time);
        var answers = new ScriptedEndpoint(Endpoints.Spec(), r => ScriptedEndpoint.Answer(r));
        var other = new CircuitEndpoint(answers, b, options, _time);
        await other.Send(Endpoints.Request(), default);
        for (var i = 0; i < 20; i++)
            await away.Invoking(e => e.Send(Endpoints.Request(), default).AsTask()).Should().ThrowAsync<EndpointException>();

        // A holder in use hears of it with its next renewal.
        using (await b.Take(1, 1, default))
            _time.Pass(TimeSpan.FromSeconds(1));
        (await other.Invoking(e => e.Send(Endpoints.Request(), default).AsTask()).Should().ThrowAsync<EndpointException>())
            .Which.Reason.Should()
            .Be("circuit-open");
        _time.Pass(TimeSpan.FromSeconds(5));
        await other.Send(Endpoints.Request(), default);

        answers.Sent.Should().HaveCount(2);
    }

    private AccountHolder Holder(string name, AccountLimits limits) =>
        new(new(name, "account", limits), _owners, new(), _time, NullLogger.Instance);

    private static IQuotaUse Taken(AccountHolder holder)
    {
        var taking = holder.Take(1, 1, default).AsTask();
        taking.IsCompletedSuccessfully.Should().BeTrue();
        return taking.GetAwaiter().GetResult();
    }

    /// <summary>Keeps a number of requests waiting or in flight, each for a second; looks at them in steps of 50 ms.</summary>
    private sealed class Work(SteppedTime time)
    {
        private readonly Dictionary<AccountHolder, int> _done = [];
        private readonly List<(AccountHolder Holder, Task<IQuotaUse> Taking)> _waiting = [];
        private readonly List<(AccountHolder Holder, IQuotaUse Use, DateTimeOffset Ends)> _inFlight = [];

        public int MostAtOnce { get; private set; }

        public int Done(AccountHolder holder) => _done.GetValueOrDefault(holder);

        public void Keep(AccountHolder holder, int count)
        {
            for (var i = 0; i < count; i++)
                _waiting.Add((holder, holder.Take(1, 1, default).AsTask()));
        }

        public void For(int seconds)
        {
            for (var step = 0; step < seconds * 20; step++)
            {
                Look();
                time.Pass(TimeSpan.FromSeconds(0.05));
            }
        }

        private void Look()
        {
            var now = time.GetUtcNow();
            foreach (var ended in _inFlight.Where(f => f.Ends <= now).ToArray())
            {
                _inFlight.Remove(ended);
                ended.Use.Dispose();
                _done[ended.Holder] = Done(ended.Holder) + 1;
                Keep(ended.Holder, 1);
            }

            foreach (var begun in _waiting.Where(w => w.Taking.IsCompletedSuccessfully).ToArray())
            {
                _waiting.Remove(begun);
                _inFlight.Add((begun.Holder, begun.Taking.Result, now + TimeSpan.FromSeconds(1)));
            }

            MostAtOnce = Math.Max(MostAtOnce, _inFlight.Count);
        }
    }

    /// <summary>An endpoint that never answers.</summary>
    private sealed class Hanging : IEndpoint
    {
        public EndpointSpec Spec => Endpoints.Spec();

        public async ValueTask<EndpointResponse> Send(EndpointRequest request, CancellationToken cancellationToken)
        {
            await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
            throw new InvalidOperationException("it answered");
        }
    }

    /// <summary>The owner of a cluster's account, which may be away, late or replaced.</summary>
    private sealed class Owners(TimeProvider time) : IAccountLeases
    {
        private AccountOwner _owner = New(time);

        public bool IsAway { get; set; }

        public TimeSpan Delay { get; set; }

        public int Calls { get; private set; }

        public LeaseTimes Times => LeaseTimes.Cluster;

        public void Replace() => _owner = New(time);

        public async ValueTask<Lease> Lease(string account, LeaseCall call, CancellationToken cancellationToken)
        {
            Calls++;
            if (IsAway)
                throw new TimeoutException("no owner");
            if (Delay > TimeSpan.Zero)
                await Task.Delay(Delay, time, cancellationToken);
            return _owner.Lease(call, Seconds(time));
        }

        private static AccountOwner New(TimeProvider time) => new(new() { Share = 1 }, new(), LeaseTimes.Cluster, Seconds(time));

        private static double Seconds(TimeProvider time) => time.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0;
    }
}
