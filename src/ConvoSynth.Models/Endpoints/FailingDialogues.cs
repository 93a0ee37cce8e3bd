namespace ConvoSynth.Models;

/// <summary>Tells an endpoint that fails from a dialogue that fails on it: the dialogue fails again although others were answered in between.</summary>
internal sealed class FailingDialogues(TimeProvider time)
{
    // Of dialogues that ended in failure nothing more is heard.
    private const int Most = 4096;

    // An endpoint that has just answered is there; for how long a dialogue's further failures say nothing against that.
    private static readonly TimeSpan Just = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Lately = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<DialogueKey, long> _failedAt = [];
    private long _answered;
    private long? _lastAnswer;

    public void Answered(DialogueKey dialogue)
    {
        lock (_lock)
        {
            _answered++;
            _lastAnswer = time.GetTimestamp();
            _failedAt.Remove(dialogue);
        }
    }

    /// <returns>Whether the failure says something about the endpoint, and whether the endpoint answers others at this time.</returns>
    public (bool Counts, bool AnswersOthers) Failed(DialogueKey dialogue)
    {
        lock (_lock)
        {
            var isKnown = _failedAt.TryGetValue(dialogue, out var at);
            if (_failedAt.Count >= Most) _failedAt.Clear();
            _failedAt[dialogue] = _answered;
            var silence = _lastAnswer is { } last ? time.GetElapsedTime(last) : TimeSpan.MaxValue;
            return (!isKnown || (at == _answered && silence >= Lately), isKnown ? _answered > at : silence < Just);
        }
    }
}
