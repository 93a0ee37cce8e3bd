namespace ConvoSynth.Grains.Dialogue;

/// <summary>
/// Leaves a seat alone whose model keeps silent. Each silence lasts all tries and timeouts of its endpoint, and every dialogue would wait
/// for it. After a rest one question tries again, and an answer ends the silence. Local to one activation; not thread-safe.
/// </summary>
internal sealed class SilentSeat(TimeProvider time)
{
    // Each silence has outlasted the endpoint's own retries. Dialogues in flight may reach the limit at once, in one outage.
    private const int Limit = 10;

    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(1);

    private int _inARow;
    private long _restsSince;
    private string _error = "";

    /// <summary>Why the seat is not asked now; null if it is to be asked.</summary>
    public string? Error
    {
        get
        {
            if (_inARow < Limit)
                return null;
            if (time.GetElapsedTime(_restsSince) < Rest)
                return _error;
            // This question tries; the others keep to the rest meanwhile.
            _restsSince = time.GetTimestamp();
            return null;
        }
    }

    public void Answered() => _inARow = 0;

    /// <param name="error">What came in place of an answer.</param>
    public void KeptSilent(string error)
    {
        (_error, _restsSince) = (error, time.GetTimestamp());
        _inARow++;
    }
}
