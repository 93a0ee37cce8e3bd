using ConvoSynth.Models.Journal;

namespace ConvoSynth.Simulation;

/// <summary>
/// Sells answers. It lives outside every process, so it remembers what each of them paid for and found durable. No two answers are equal.
/// </summary>
internal sealed class Provider
{
    private readonly Dictionary<CallKey, string> _requests = [];
    private readonly Dictionary<CallKey, string> _durable = [];
    private readonly Dictionary<CallKey, int> _inFlight = [];

    /// <summary>The first violation of a rule.</summary>
    public string? Violation { get; private set; }

    /// <summary>Whether selling is refused, since the run is replayed from its journal alone.</summary>
    public bool IsClosed { get; init; }

    public long Sold { get; private set; }

    /// <summary>Answers sold to calls that had been answered before.</summary>
    public long SoldAgain { get; private set; }

    /// <summary>Answers sold but not yet durable when their process ended.</summary>
    public long Lost { get; private set; }

    public bool IsDurable(CallKey key) => _durable.ContainsKey(key);

    public long Sell(CallKey key, string request, bool wasDurable)
    {
        if (IsClosed)
            throw new InvalidOperationException($"{key} is not in the journal");
        if (wasDurable)
            Violation ??= $"the answer to {key} was durable, and is paid for again";
        if (!_requests.TryAdd(key, request))
        {
            SoldAgain++;
            if (_requests[key] != request)
                Violation ??= $"the request of {key} is not what it was: the dialogue went another way";
        }

        _inFlight[key] = _inFlight.GetValueOrDefault(key) + 1;
        return ++Sold;
    }

    /// <summary>Records that a caller uses an answer, which is therefore durable.</summary>
    public void Used(CallKey key, string body)
    {
        _inFlight.Remove(key);
        if (!_durable.TryAdd(key, body) && _durable[key] != body)
            Violation ??= $"two answers to {key} are used";
    }

    public void ProcessEnded()
    {
        Lost += _inFlight.Values.Sum();
        _inFlight.Clear();
    }
}
