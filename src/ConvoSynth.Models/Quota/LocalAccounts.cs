namespace ConvoSynth.Models.Quota;

/// <summary>The accounts of a run in a single process.</summary>
public sealed class LocalAccounts : IAccountLeases
{
    private readonly Dictionary<string, AccountOwner> _owners = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private readonly QuotaOptions _quota;
    private readonly CircuitOptions _circuit;
    private readonly TimeProvider _time;
    private readonly long _start;

    public LocalAccounts(TimeProvider time, QuotaOptions? quota = null, CircuitOptions? circuit = null)
    {
        (_quota, _circuit, _time, _start) = (quota ?? new(), circuit ?? new(), time, time.GetTimestamp());
        if (_quota.Problem() is { } problem)
            throw new ArgumentException(problem, nameof(quota));
    }

    public LeaseTimes Times => LeaseTimes.OnlyProcess;

    public ValueTask<Lease> Lease(string account, LeaseCall call, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var now = _time.GetElapsedTime(_start).TotalSeconds;
            if (!_owners.TryGetValue(account, out var owner))
                _owners[account] = owner = new(_quota, _circuit, Times, now);
            return new(owner.Lease(call, now));
        }
    }
}
