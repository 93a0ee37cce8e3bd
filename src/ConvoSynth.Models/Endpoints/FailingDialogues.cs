namespace ConvoSynth.Models;

/// <summary>What a failure of one dialogue says beside what others fare.</summary>
/// <param name="Counts">Whether it says something about the endpoint.</param>
/// <param name="AnswersOthers">Whether the endpoint has just answered another dialogue.</param>
/// <param name="OthersFareBetter">Whether a request of another dialogue was answered that was sent after this one began to fail.</param>
internal readonly record struct FailureBesideOthers(bool Counts, bool AnswersOthers, bool OthersFareBetter);

/// <summary>Tells an endpoint that fails from a dialogue that fails on it: the dialogue fails again although others were answered in between.</summary>
internal sealed class FailingDialogues(TimeProvider time)
{
    // Of dialogues that ended in failure nothing more is heard.
    private const int Most = 4096;

    // An endpoint that has just answered is there; for how long a dialogue's further failures say nothing against that.
    private static readonly TimeSpan Just = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Lately = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<DialogueKey, (long Answered, long Began)> _failing = [];
    private long _answered;
    private long? _lastAnswer;
    private long _latestSent = long.MinValue;

    /// <param name="sent">When the request was sent that is answered now.</param>
    public void Answered(DialogueKey dialogue, long sent)
    {
        lock (_lock)
        {
            _answered++;
            _lastAnswer = time.GetTimestamp();
            _latestSent = Math.Max(_latestSent, sent);
            _failing.Remove(dialogue);
        }
    }

    public FailureBesideOthers Failed(DialogueKey dialogue)
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            var isKnown = _failing.TryGetValue(dialogue, out var before);
            if (_failing.Count >= Most)
                _failing.Clear();
            _failing[dialogue] = (_answered, isKnown ? before.Began : now);
            var silence = _lastAnswer is { } last ? time.GetElapsedTime(last, now) : TimeSpan.MaxValue;
            return new(
                !isKnown || (before.Answered == _answered && silence >= Lately),
                silence < Just,
                isKnown && _latestSent > before.Began
            );
        }
    }
}
