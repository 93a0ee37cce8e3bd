using System.Globalization;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Models.Journal;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Journals;

namespace ConvoSynth.Runs.Playback;

/// <summary>A call that a replayed run makes and to which its journal has no answer.</summary>
/// <param name="Reason">One sentence: which call, and what must have changed since the run.</param>
public sealed record MissingAnswer(CallKey Key, string Reason);

/// <summary>
/// The answers of a finished run, read-only, for replay. A dialogue that failed because an endpoint gave no answer finds none here
/// either, and fails for the recorded reason. Safe for concurrent use.
/// </summary>
public sealed class RunJournal : IJournal
{
    // Partitions that play at a time, plus some for dialogues that end late.
    private const int MaxOpen = 12;

    private readonly RunFolder _run;
    private readonly RunSpec _spec;
    private readonly Dictionary<(long Index, int Attempt), string> _failed;
    private readonly Lock _gate = new();
    private readonly SortedDictionary<int, Opened> _open = [];
    private long _missing;

    /// <exception cref="ShardException">A shard or the journal is damaged.</exception>
    public RunJournal(RunFolder run, RunSpec spec)
    {
        (_run, _spec) = (run, spec);
        _failed = new RunReader(run)
            .Rows(ShardSet.Rejected, ["index", "attempt", "status", "reject_reasons"])
            .Where(r => r.Status == RowStatus.Failed && r.RejectReasons.Count > 0)
            .ToDictionary(r => (r.Index, r.Attempt), r => r.RejectReasons[0]);
    }

    private sealed record Opened(PartitionJournal Journal, HashSet<string> Keys, HashSet<(long, int)> Attempts);

    /// <summary>Number of calls without an answer.</summary>
    public long MissingAnswers => Interlocked.Read(ref _missing);

    /// <summary>The missing answer of the lowest index; null if every call had an answer.</summary>
    public MissingAnswer? FirstMissing { get; private set; }

    /// <summary>Whether the run made this attempt of the index.</summary>
    public bool HasAttempt(long index, int attempt) =>
        _failed.ContainsKey((index, attempt)) || Of(index).Attempts.Contains((index, attempt));

    /// <exception cref="JournalException"><see cref="JournalError.Missing"/>: the run has no such answer.</exception>
    public ValueTask<JournaledCall?> Find(CallKey key, string requestHash, CancellationToken cancellationToken)
    {
        var name = key.ToString();
        var open = Of(key.Dialogue.Index);
        if (open.Journal.Find(name, requestHash) is { } found)
            return new(JournalText.Read(key, requestHash, found.Text));
        if (_failed.TryGetValue((key.Dialogue.Index, key.Dialogue.Attempt), out var reason))
            throw new JournalException(JournalError.Missing, reason);
        var missing = new MissingAnswer(
            key,
            open.Keys.Contains(name)
                ? $"the journal of {_run.Path} has the answer to {name} to another request: "
                    + "a prompt, the pack or a setting of the endpoint has changed since"
                : $"the journal of {_run.Path} has no answer to {name}: the run did not make this call"
        );
        Interlocked.Increment(ref _missing);
        lock (_gate)
        {
            if (FirstMissing is null || key.Dialogue.Index < FirstMissing.Key.Dialogue.Index)
                FirstMissing = missing;
        }

        throw new JournalException(JournalError.Missing, missing.Reason);
    }

    /// <exception cref="InvalidOperationException">Always: a replayed run calls no model.</exception>
    public ValueTask<JournaledCall> Append(JournaledCall call, CancellationToken cancellationToken) =>
        throw new InvalidOperationException(
            $"the answer to {call.Key} was not taken from the journal of {_run.Path}: a run that is played back calls no model"
        );

    private Opened Of(long index)
    {
        var partition = PartitionOf(index);
        lock (_gate)
        {
            if (_open.TryGetValue(partition, out var open))
                return open;
            // Partitions play in order, so the lowest is finished; if not, it is read again.
            if (_open.Count == MaxOpen)
                _open.Remove(_open.First().Key);
            var keys = new HashSet<string>(StringComparer.Ordinal);
            var journal = PartitionJournal.Read(_run, partition, (key, _) => keys.Add(key));
            return _open[partition] = new(journal, keys, [.. keys.Select(AttemptOf)]);
        }
    }

    private int PartitionOf(long index) => (int)(index / _spec.PartitionSize);

    // CallKey's format: run/index/attempt/…; the first three parts contain no slash.
    private static (long Index, int Attempt) AttemptOf(string key)
    {
        var parts = key.Split('/', 4);
        return (long.Parse(parts[1], CultureInfo.InvariantCulture), int.Parse(parts[2], CultureInfo.InvariantCulture));
    }
}
