using System.Globalization;
using ConvoSynth.Core;
using ConvoSynth.Models;
using ConvoSynth.Shards.Journals;
using ConvoSynth.Shards.Rows;
using ConvoSynth.Shards.Runs;

namespace ConvoSynth.Grains;

/// <summary>A call that a run which is played back would make, and that its journal has no answer to.</summary>
/// <param name="Reason">One sentence: which call, and what must have changed.</param>
public sealed record MissingAnswer(CallKey Key, string Reason);

/// <summary>
/// The answers of a run that has ended, to play it back from. It takes none. Where a dialogue failed since an endpoint had no answer, there is none here
/// either, and it fails for the reason that it failed for then. Safe for concurrent use.
/// </summary>
public sealed class RunJournal : IJournal
{
    // As many as are played at a time, and some for dialogues that end late.
    private const int MostOpen = 12;

    private readonly RunFolder _run;
    private readonly RunSpec _spec;
    private readonly Dictionary<(long Index, int Attempt), string> _failed;
    private readonly Lock _gate = new();
    private readonly SortedDictionary<int, Opened> _open = [];
    private long _missing;

    /// <exception cref="Shards.ShardException">A shard or the journal is damaged.</exception>
    public RunJournal(RunFolder run, RunSpec spec)
    {
        (_run, _spec) = (run, spec);
        _failed = new RunReader(run)
            .Rows(ShardSet.Rejected, ["index", "attempt", "status", "reject_reasons"])
            .Where(r => r.Status == RowStatus.Failed && r.RejectReasons.Count > 0)
            .ToDictionary(r => (r.Index, r.Attempt), r => r.RejectReasons[0]);
    }

    private sealed record Opened(PartitionJournal Journal, HashSet<string> Keys, HashSet<(long, int)> Attempts);

    /// <summary>How many calls had no answer.</summary>
    public long MissingAnswers => Interlocked.Read(ref _missing);

    /// <summary>Of them, the one of the lowest index; null where there is none.</summary>
    public MissingAnswer? FirstMissing { get; private set; }

    /// <summary>Whether an attempt of an index was had.</summary>
    public bool HasAttempt(long index, int attempt) =>
        _failed.ContainsKey((index, attempt)) || Of(index).Attempts.Contains((index, attempt));

    /// <exception cref="JournalException"><see cref="JournalFault.Missing"/>: there is no answer, and none can be had.</exception>
    public ValueTask<JournaledCall?> Find(CallKey key, string requestHash, CancellationToken cancellationToken)
    {
        var name = key.ToString();
        var open = Of(key.Dialogue.Index);
        if (open.Journal.Find(name, requestHash) is { } found)
            return new(JournalText.Read(key, requestHash, found.Text));
        if (_failed.TryGetValue((key.Dialogue.Index, key.Dialogue.Attempt), out var reason))
            throw new JournalException(JournalFault.Missing, reason);
        var missing = new MissingAnswer(
            key,
            open.Keys.Contains(name)
                ? $"the journal of {_run.Path} has the answer to {name} to another request: a prompt, the pack or a setting of the endpoint has changed since"
                : $"the journal of {_run.Path} has no answer to {name}: the run did not make this call"
        );
        Interlocked.Increment(ref _missing);
        lock (_gate)
        {
            if (FirstMissing is null || key.Dialogue.Index < FirstMissing.Key.Dialogue.Index)
                FirstMissing = missing;
        }

        throw new JournalException(JournalFault.Missing, missing.Reason);
    }

    /// <exception cref="InvalidOperationException">Always: a run that is played back calls no model.</exception>
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
            // Partitions are played in order: the lowest is the one that is needed no more, and if it is, it is read again.
            if (_open.Count == MostOpen)
                _open.Remove(_open.First().Key);
            var keys = new HashSet<string>(StringComparer.Ordinal);
            var journal = PartitionJournal.Read(_run, partition, (key, _) => keys.Add(key));
            return _open[partition] = new(journal, keys, [.. keys.Select(AttemptOf)]);
        }
    }

    private int PartitionOf(long index) => (int)(index / _spec.PartitionSize);

    // As CallKey writes it: run/index/attempt/…; no part before the third has a slash.
    private static (long Index, int Attempt) AttemptOf(string key)
    {
        var parts = key.Split('/', 4);
        return (long.Parse(parts[1], CultureInfo.InvariantCulture), int.Parse(parts[2], CultureInfo.InvariantCulture));
    }
}
