using ConvoSynth.Core;
using ConvoSynth.Models.Quota;
using ConvoSynth.Simulation.Runtime;
using Microsoft.Extensions.DependencyInjection;

namespace ConvoSynth.Simulation.Accounts;

/// <summary>What a seed's account is broken by, for tests.</summary>
/// <param name="Grain">The times by which its grain counts leases.</param>
/// <param name="Holders">The times by which holders do.</param>
internal sealed record AccountSabotage(LeaseTimes? Grain = null, LeaseTimes? Holders = null);

/// <summary>
/// One account, its grain on several silos, and processes that want more of it than there is. The grain dies, is forgotten by the
/// directory and lives on, and dies with its silo; processes die; the cluster is out of reach; calls are lost, doubled and late; no two
/// clocks run alike. At every moment the server sees no more than the limits. Then all is calm, and requests are sent again.
/// </summary>
internal sealed class SimulatedAccount
{
    private static readonly TimeSpan Chaos = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan Calm = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LongestCut = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongestUnnoticedDeath = TimeSpan.FromSeconds(20);

    private readonly SeededRandom _random;
    private readonly AccountNetwork _network;
    private readonly VirtualTime _time = new();
    private readonly Turns _turns = new();
    private readonly TurnOrder _order;
    private readonly LimitedServer _server;
    private readonly SendingProcess[] _processes;
    private readonly AccountLimits _limits;
    private readonly AccountSabotage? _sabotage;
    private readonly SimulatedCluster _cluster;
    private readonly int _silos;
    private readonly double _mishapEvery;
    private readonly bool _processesDie;
    private int _born;

    private SimulatedAccount(ulong seed, AccountSabotage? sabotage)
    {
        var own = new Seed(seed).For("account");
        _random = own.Random();
        _sabotage = sabotage;
        _order = new(own.For("turns").Random(), null);
        _network = new(own.For("network").Random(), _random.Pick([0, 0.05, 0.3]));
        _silos = _random.Between(1, 3);
        _mishapEvery = _random.Pick([8.0, 30, 90]);
        _processesDie = _random.Chance(0.5);
        _limits = new(_random.Pick([10, 600, 30_000]), InFlight: _random.Pick([1, 4, 9]));
        _server = new(_limits.RequestsPerMinute!.Value, _limits.InFlight!.Value, _time);
        var placement = own.For("placement").Random();
        var options = new ClusterOptions
        {
            Time = _time,
            Scheduler = _order,
            PostObserver = _order,
            Silos = _silos,
            Placement = placement.Next,
            CallFates = _network,
            Wire = _random.Chance(0.1),
        };
        _cluster = SimulatedCluster.Start(options, Services);
        _processes = [.. Enumerable.Range(0, _random.Between(1, 4)).Select(_ => Born())];
    }

    /// <returns>The first violation; null if all held.</returns>
    public static string? Run(ulong seed, Figures figures, AccountSabotage? sabotage = null)
    {
        var context = SynchronizationContext.Current;
        try
        {
            var account = new SimulatedAccount(seed, sabotage);
            using (account._cluster)
            {
                var violation = account.Play(figures) ?? account._server.Violation;
                figures.AccountRequests += account._server.Requests;
                return violation is null ? null : $"the account ({account._limits}): {violation}";
            }
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    private string? Play(Figures figures)
    {
        for (var at = TimeSpan.Zero; at < Chaos && _server.Violation is null; )
        {
            var wait = TimeSpan.FromSeconds(_mishapEvery * 2 * _random.NextDouble());
            Pass(wait);
            at += wait;
            figures.OwnersLost += Happen();
        }

        _network.IsCalm = true;
        _cluster.CrashForgotten();
        Pass(Settling + LongestUnnoticedDeath);
        var (sent, done) = (_server.Requests, _processes.Select(p => p.Done).ToArray());
        Pass(Calm);
        if (_server.Violation is not null)
            return null;
        if (_order.Foreign is { } foreign)
            return $"a turn of {foreign} was posted from another thread";
        var served = _processes.Select((p, i) => p.Done - done[i]).ToArray();
        return Complaint(_server.Requests - sent, served);
    }

    // A long request may keep the only permit, so shares are compared only where requests are the limit.
    private string? Complaint(long sent, long[] served)
    {
        if (sent == 0)
            return "nothing was sent in calm minutes";
        if (served.Min() == 0 && _limits.InFlight >= _processes.Length)
            return $"a process starved in calm minutes: {string.Join(", ", served)}";
        return null;
    }

    /// <returns>How many owners were lost.</returns>
    private long Happen()
    {
        if (_processesDie && _random.Chance(0.4))
        {
            var victim = _random.Next(_processes.Length);
            _processes[victim].Die();
            _turns.Run();
            _processes[victim] = Born();
        }

        switch (_random.Next(4))
        {
            case 0:
                return _cluster.Crash(_ => true);
            case 1:
                _cluster.CrashForgotten();
                return _cluster.Forget(_ => true);
            case 2:
                // Longer than a lease: the owner forgets its holders, and the first to come back finds all permits free.
                _network.IsCut = true;
                Pass(LongestCut * _random.NextDouble());
                _network.IsCut = false;
                return 0;
            default:
                return _cluster.KillSilo(_random.Next(_silos), LongestUnnoticedDeath * _random.NextDouble()).Count;
        }
    }

    private SendingProcess Born()
    {
        SynchronizationContext.SetSynchronizationContext(_turns);
        var times = _sabotage?.Holders ?? LeaseTimes.Cluster;
        var process = new SendingProcess($"p{++_born}", _limits, (_cluster.Client, times, Clock()), _server, _random, _time);
        process.Work(_random.Between(1, 20));
        return process;
    }

    private void Services(IServiceCollection services)
    {
        services.AddSingleton<TimeProvider>(Clock());
        if (_sabotage?.Grain is { } times)
            services.AddSingleton(times);
    }

    // Two quartz clocks differ by a twentieth of that at most.
    private SkewedTime Clock() =>
        new(_time, 1 + (0.002 * (_random.NextDouble() - 0.5)), (long)(_random.NextDouble() * TimeSpan.TicksPerDay));

    private void Pass(TimeSpan time)
    {
        var until = _time.GetTimestamp() + time.Ticks;
        SynchronizationContext.SetSynchronizationContext(_turns);
        do
        {
            while (_turns.Run() || _order.Step()) { }
        } while (_server.Violation is null && _time.FireNext(until));
    }

    /// <summary>Runs what processes do on the simulation's thread.</summary>
    private sealed class Turns : SynchronizationContext
    {
        private readonly Queue<(SendOrPostCallback Action, object? State)> _queue = new();

        public override void Post(SendOrPostCallback d, object? state) => _queue.Enqueue((d, state));

        public bool Run()
        {
            var ran = false;
            while (_queue.TryDequeue(out var turn))
            {
                turn.Action(turn.State);
                ran = true;
            }

            return ran;
        }
    }
}
