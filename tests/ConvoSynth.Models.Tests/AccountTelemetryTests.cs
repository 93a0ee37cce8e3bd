using System.Diagnostics.Metrics;
using ConvoSynth.Models.Endpoints;
using ConvoSynth.Models.Quota;
using Microsoft.Extensions.Logging.Abstractions;

namespace ConvoSynth.Models.Tests;

/// <summary>What telemetry shows of accounts: waiting requests and open circuits.</summary>
public sealed class AccountTelemetryTests : IDisposable
{
    private const string Waiting = "convosynth.model.requests.waiting";
    private const string Open = "convosynth.model.circuits.open";
    private static readonly CircuitOptions Options = new() { LeastRequests = 2, Patience = TimeSpan.Zero };

    // Tests of other classes measure accounts of other names meanwhile.
    private readonly string _account = $"account-{Guid.NewGuid()}";
    private readonly Dictionary<string, int> _sums = new(StringComparer.Ordinal);
    private readonly MeterListener _meters;
    private readonly SteppedTime _time = new();

    public AccountTelemetryTests()
    {
        _meters = new()
        {
            InstrumentPublished = static (i, l) =>
            {
                if (i.Name is Waiting or Open)
                    l.EnableMeasurementEvents(i);
            },
        };
        _meters.SetMeasurementEventCallback<int>(Count);
        _meters.Start();
    }

    public void Dispose() => _meters.Dispose();

    [Fact]
    public async Task A_request_counts_while_it_waits_and_no_longer_when_it_is_served_or_gives_up()
    {
        using var holder = Holder(new(InFlight: 1));
        Shown().Should().Equal((Open, 0), (Waiting, 0));
        using var giveUp = new CancellationTokenSource();

        var first = await holder.Take(1, 1, default);
        Shown().Should().Contain((Waiting, 0), "it did not wait");
        var second = holder.Take(1, 1, default).AsTask();
        var third = holder.Take(1, 1, giveUp.Token).AsTask();
        Shown().Should().Contain((Waiting, 2));

        await giveUp.CancelAsync();
        await FluentActions.Awaiting(() => third).Should().ThrowAsync<OperationCanceledException>();
        Shown().Should().Contain((Waiting, 1));
        first.Dispose();
        (await second).Dispose();
        Shown().Should().Contain((Waiting, 0));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_circuit_counts_while_it_is_open_and_no_longer_when_its_server_is_back_or_its_run_has_ended(bool comesBack)
    {
        SynchronizationContext.SetSynchronizationContext(null);
        var isAway = true;
        var holder = Holder(new());
        var inner = new ScriptedEndpoint(Endpoints.Spec(), r => isAway ? ScriptedEndpoint.Fails("503")(r) : ScriptedEndpoint.Answer(r));
        var circuit = new CircuitEndpoint(inner, holder, Options, _time);
        for (var i = 0; i < Options.LeastRequests; i++)
            await circuit.Invoking(c => c.Send(Endpoints.Request(), default).AsTask()).Should().ThrowAsync<EndpointException>();
        Shown().Should().Contain((Open, 1));

        if (comesBack)
        {
            isAway = false;
            _time.Pass(Options.Break);
            await circuit.Send(Endpoints.Request(), default);
            // The outcome of the request is told with the next call.
            _time.Pass(Options.Break);
            await circuit.Send(Endpoints.Request(), default);
            Shown().Should().Contain((Open, 0));
        }

        holder.Dispose();
        Shown().Should().Contain((Open, 0));
    }

    private AccountHolder Holder(AccountLimits limits) =>
        new(new("holder", _account, limits), new LocalAccounts(_time, new() { Share = 1 }, Options), new(), _time, NullLogger.Instance);

    private (string Name, int Sum)[] Shown()
    {
        lock (_sums)
            return [.. _sums.Select(s => (s.Key, s.Value)).OrderBy(s => s.Key, StringComparer.Ordinal)];
    }

    private void Count(Instrument instrument, int change, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        foreach (var (name, value) in tags)
        {
            if (name != "convosynth.account" || !_account.Equals(value))
                continue;
            lock (_sums)
                _sums[instrument.Name] = _sums.GetValueOrDefault(instrument.Name) + change;
        }
    }
}
