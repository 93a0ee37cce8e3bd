namespace ConvoSynth.Grains.Campaign;

/// <summary>One attempt in flight.</summary>
/// <param name="Heard">When it was started or last found running.</param>
/// <param name="Beginnings">How often it was started and was not already running.</param>
internal readonly record struct Flight(int Attempt, DateTimeOffset Heard, int Beginnings);

/// <summary>The attempts that a partition has in flight, by index, and which of them lend their permits.</summary>
internal sealed class Flights(TimeProvider time)
{
    private readonly Dictionary<long, Flight> _flights = [];

    // If the end of a loan is lost, the attempt's end or its restart ends the loan.
    private readonly HashSet<long> _lent = [];

    public int Count => _flights.Count;

    public int Lent => _lent.Count;

    public Flight Of(long index) => _flights[index];

    public bool Has(long index, int attempt) => _flights.TryGetValue(index, out var flight) && flight.Attempt == attempt;

    public void Begin(long index, int attempt)
    {
        _lent.Remove(index);
        _flights[index] = new(attempt, time.GetUtcNow(), 1);
    }

    public void End(long index)
    {
        _lent.Remove(index);
        _flights.Remove(index);
    }

    public void Clear()
    {
        _lent.Clear();
        _flights.Clear();
    }

    /// <returns>Whether the loan changed anything.</returns>
    public bool Lend(PermitLoan loan) => Has(loan.Index, loan.Attempt) && (loan.IsLent ? _lent.Add(loan.Index) : _lent.Remove(loan.Index));

    /// <summary>Indexes of attempts that were not heard of for this long.</summary>
    public long[] Silent(TimeSpan silence)
    {
        var now = time.GetUtcNow();
        return [.. _flights.Where(f => now - f.Value.Heard >= silence).Select(f => f.Key).Order()];
    }

    /// <summary>A silent attempt is about to be started again, which ends its loan.</summary>
    /// <returns>The attempt; null if none of the index is in flight.</returns>
    public int? Restart(long index)
    {
        if (!_flights.TryGetValue(index, out var flight))
            return null;
        _lent.Remove(index);
        _flights[index] = flight with { Heard = time.GetUtcNow() };
        return flight.Attempt;
    }

    /// <summary>The start of a silent attempt found it gone.</summary>
    public void Began(long index, int attempt)
    {
        if (Has(index, attempt))
            _flights[index] = _flights[index] with { Beginnings = _flights[index].Beginnings + 1 };
    }
}
