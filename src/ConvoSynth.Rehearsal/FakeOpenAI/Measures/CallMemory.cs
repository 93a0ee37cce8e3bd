using System.Collections.Immutable;
using ConvoSynth.Core;

namespace ConvoSynth.Rehearsal.FakeOpenAI.Measures;

/// <summary>
/// Counts the tries and answers of each call. Bounded: a call that was unused for long is forgotten and starts again at its first try.
/// </summary>
internal sealed class CallMemory(int capacity)
{
    private readonly Lock _lock = new();
    private readonly Generations<ulong, (int Tries, int Answers)> _calls = new(capacity);
    private readonly SortedDictionary<int, long> _byAnswers = [];

    /// <summary>Counts a try and returns its number, from 1.</summary>
    /// <param name="call">The seed of run, script, role, step and part.</param>
    public int Tried(Seed call)
    {
        lock (_lock)
        {
            _calls.TryGet(call.Value, out var counts);
            _calls.Set(call.Value, counts with { Tries = counts.Tries + 1 });
            return counts.Tries + 1;
        }
    }

    /// <summary>Counts a try that was answered in full.</summary>
    public void Answered(Seed call)
    {
        lock (_lock)
        {
            _calls.TryGet(call.Value, out var counts);
            _calls.Set(call.Value, counts with { Answers = counts.Answers + 1 });
            if (counts.Answers > 0)
                _byAnswers[counts.Answers]--;
            _byAnswers[counts.Answers + 1] = _byAnswers.GetValueOrDefault(counts.Answers + 1) + 1;
        }
    }

    /// <summary>Number of calls by number of answers; answers beyond a call's first were unnecessary.</summary>
    public ImmutableArray<(int Answers, long Calls)> ByAnswers()
    {
        lock (_lock)
            return [.. _byAnswers.Where(b => b.Value > 0).Select(b => (b.Key, b.Value))];
    }

    public int Kept
    {
        get
        {
            lock (_lock)
                return _calls.Count;
        }
    }
}
