using ConvoSynth.Rehearsal.FakeOpenAI.Answers;
using ConvoSynth.Rehearsal.FakeOpenAI.Failures;

namespace ConvoSynth.Rehearsal.FakeOpenAI.Measures;

/// <summary>The server's counters. Each is atomic, but a reader may see them between two updates.</summary>
internal sealed class Counters
{
    private readonly long[] _failures = new long[FailureKinds.All.Count + 1];
    private long _requests;
    private long _answers;
    private long _refusedByQuota;
    private long _refusedOtherwise;
    private long _gone;
    private long _inFlight;
    private long _mostInFlight;
    private long _charged;
    private long _settled;
    private long _prompt;
    private long _cached;
    private long _completion;

    public long Requests => Volatile.Read(ref _requests);

    /// <summary>Answers sent in full, including planted useless ones.</summary>
    public long Answers => Volatile.Read(ref _answers);

    public long RefusedByQuota => Volatile.Read(ref _refusedByQuota);

    /// <summary>Wrong key, unknown model, unknown path or invalid request.</summary>
    public long RefusedOtherwise => Volatile.Read(ref _refusedOtherwise);

    /// <summary>Requests whose client left before the answer.</summary>
    public long Gone => Volatile.Read(ref _gone);

    public long InFlight => Volatile.Read(ref _inFlight);

    public long MaxInFlight => Volatile.Read(ref _mostInFlight);

    public long TokensCharged => Volatile.Read(ref _charged);

    public long TokensSettled => Volatile.Read(ref _settled);

    public (long Prompt, long Cached, long Completion) Answered =>
        (Volatile.Read(ref _prompt), Volatile.Read(ref _cached), Volatile.Read(ref _completion));

    public long Of(FailureKind kind) => Volatile.Read(ref _failures[(int)kind]);

    public void Begun()
    {
        Interlocked.Increment(ref _requests);
        var now = Interlocked.Increment(ref _inFlight);
        // A concurrent request may raise the maximum in between; the loop reads it again.
        for (var most = MaxInFlight; now > most; most = MaxInFlight)
            Interlocked.CompareExchange(ref _mostInFlight, now, most);
    }

    public void Ended() => Interlocked.Decrement(ref _inFlight);

    public void Charged(long tokens) => Interlocked.Add(ref _charged, tokens);

    public void Settled(long tokens) => Interlocked.Add(ref _settled, tokens);

    public void WasRefused(bool byQuota)
    {
        if (byQuota)
            Interlocked.Increment(ref _refusedByQuota);
        else
            Interlocked.Increment(ref _refusedOtherwise);
    }

    public void WasLeft() => Interlocked.Increment(ref _gone);

    public void Failed(FailureKind kind) => Interlocked.Increment(ref _failures[(int)kind]);

    public void Sent(Reply reply)
    {
        Interlocked.Increment(ref _answers);
        Interlocked.Add(ref _prompt, reply.PromptTokens);
        Interlocked.Add(ref _cached, reply.CachedTokens);
        Interlocked.Add(ref _completion, reply.CompletionTokens);
    }
}
