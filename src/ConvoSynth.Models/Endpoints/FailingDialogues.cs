namespace ConvoSynth.Models.Endpoints;

/// <summary>How one dialogue's failure compares with other dialogues on the same endpoint.</summary>
/// <param name="Counts">Whether the failure counts against the endpoint.</param>
/// <param name="AnswersOthers">Whether the endpoint answered another dialogue within the last second.</param>
/// <param name="OthersFareBetter">Whether the endpoint answered a request that was sent after this dialogue began to fail.</param>
internal readonly record struct FailureBesideOthers(bool Counts, bool AnswersOthers, bool OthersFareBetter);

/// <summary>
/// Distinguishes a failing endpoint from a dialogue that fails on it: the dialogue fails repeatedly while others get answers.
/// </summary>
internal sealed class FailingDialogues(TimeProvider time)
{
    // Dialogues that ended in failure are never removed one by one, so the table is cleared at this size.
    private const int Most = 4096;

    // Just: an answer this recent shows that the endpoint serves others.
    // Lately: a dialogue's further failures count only after this long without any answer.
    private static readonly TimeSpan Just = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Lately = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<DialogueKey, (long Answered, long Began)> _failing = [];
    private long _answered;
    private long? _lastAnswer;
    private long _latestSent = long.MinValue;

    /// <param name="sent">When the answered request was sent.</param>
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
