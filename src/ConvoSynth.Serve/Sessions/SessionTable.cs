using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using ConvoSynth.Serve.Episodes;

namespace ConvoSynth.Serve.Sessions;

/// <summary>All sessions of a server: so many at most, each until its client is silent for too long.</summary>
internal sealed class SessionTable : IDisposable
{
    private const int IdBytes = 16;

    private readonly ConcurrentDictionary<string, ServedSession> _sessions = new(StringComparer.Ordinal);
    private readonly ServedEnvironment _environment;
    private readonly TimeProvider _time;
    private readonly TimeSpan _idle;
    private readonly ITimer _sweep;
    private int _count;

    public SessionTable(ServedEnvironment environment, int most, TimeSpan idle, TimeProvider time)
    {
        (_environment, Most, _idle, _time) = (environment, most, idle, time);
        // Often enough that a session outlives its time by a quarter at most.
        var every = TimeSpan.FromTicks(Math.Max(idle.Ticks / 4, TimeSpan.TicksPerSecond));
        _sweep = time.CreateTimer(_ => Sweep(), null, every, every);
    }

    public int Most { get; }

    public int Count => Volatile.Read(ref _count);

    /// <exception cref="CapacityException">The server has as many sessions as it may.</exception>
    /// <param name="id">Null for a new one, which cannot be guessed.</param>
    /// <param name="expired">Tells the client that the session ended for its silence.</param>
    public ServedSession Open(string? id = null, Action? expired = null)
    {
        var held = Interlocked.Increment(ref _count);
        if (held > Most)
        {
            Interlocked.Decrement(ref _count);
            throw new CapacityException(held - 1, Most);
        }

        var session = new ServedSession(_environment, id ?? RandomNumberGenerator.GetHexString(2 * IdBytes, lowercase: true), expired)
        {
            UsedAt = _time.GetTimestamp(),
        };
        if (_sessions.TryAdd(session.Id, session))
            return session;
        Interlocked.Decrement(ref _count);
        session.Dispose();
        throw new ServeException("Session already exists");
    }

    /// <summary>Finds a session, which counts as its use.</summary>
    public bool TryUse(string? id, [NotNullWhen(true)] out ServedSession? session)
    {
        session = id is null ? null : _sessions.GetValueOrDefault(id);
        if (session is not null)
            Use(session);
        return session is not null;
    }

    public void Use(ServedSession session) => session.UsedAt = _time.GetTimestamp();

    /// <returns>False if there is none.</returns>
    public bool Close(string? id)
    {
        if (id is null || !_sessions.TryRemove(id, out var session))
            return false;
        Interlocked.Decrement(ref _count);
        session.Dispose();
        return true;
    }

    public void Dispose()
    {
        _sweep.Dispose();
        foreach (var id in _sessions.Keys)
            Close(id);
    }

    private void Sweep()
    {
        foreach (var (id, session) in _sessions)
        {
            if (_time.GetElapsedTime(session.UsedAt) <= _idle)
                continue;
            session.Expire();
            Close(id);
        }
    }
}

/// <summary>A session beyond the most that a server may have.</summary>
internal sealed class CapacityException(int active, int most)
    : Exception($"the server has {active} of {most} sessions; close one, or start the server with more --sessions")
{
    public int Active { get; } = active;

    public int Most { get; } = most;
}
