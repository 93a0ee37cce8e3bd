using System.Collections.Immutable;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Grains.Campaign;
using ConvoSynth.Grains.Dialogue;
using ConvoSynth.Runs;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Rows;
using ConvoSynth.Runs.Setups;
using ConvoSynth.Runs.Trajectories;
using ConvoSynth.Verification.Verifiers;
using Orleans;

namespace ConvoSynth.Grains.Rows;

/// <summary>
/// Orders the rows of a partition and writes them through <see cref="PartitionShards"/>, which owns shards, commits and epochs. The
/// partition's count every second keeps it active; Orleans collects a sink that a stray call opened.
/// </summary>
public sealed class SinkGrain(IRunCatalog runs, IRunFolders folders) : Grain, ISinkGrain, IDisposable
{
    // Rows that wait for earlier ones; bounded by the partition's window.
    private readonly Dictionary<long, Waiting> _waiting = [];
    private PartitionShards? _shards;
    private RowRulings? _rulings;
    private RunCounter _counter = new();
    private Spending _spent;
    private RunSpec? _spec;
    private int _partition;
    private long _owner;
    private long _next;
    private bool _used;
    private long _fenced;
    private string? _error;

    /// <param name="Rows">Of the index's attempts so far, in order.</param>
    /// <param name="Calls">Of all these attempts.</param>
    /// <param name="Consequence">Of the last attempt; null while another one is to come.</param>
    private sealed record Waiting(List<ShardRow> Rows, ImmutableArray<ModelCall> Calls, Consequence? Consequence);

    public Task<SinkOpening> Open(PartitionWork work)
    {
        // A repeated Open by the same owner, before any result, keeps the claim and its epoch: a duplicate call must not invalidate the
        // first. Another owner always gets a new epoch, since the epoch distinguishes owners.
        if (_shards is null || _used || _error is not null || _owner != work.Owner)
        {
            Dispose();
            _owner = work.Owner;
            (_partition, _error, _used, _counter) = (work.Partition, null, false, new());
            try
            {
                _spec = runs.SpecOf(work.RunId);
                _shards = PartitionShards.Open(folders.For(work.RunId), _partition, epoch: null, folders.Format, folders.Limits);
            }
            catch (ShardException e) when (e.Fault is ShardError.Busy or ShardError.LostOwnership)
            {
                return Task.FromResult(new SinkOpening(0, 0, 0, [], null) { Waiting = e.Message });
            }
            catch (Exception e)
            {
                return Task.FromResult(new SinkOpening(0, 0, 0, [], Sentence(e)));
            }

            _spent = _shards.Commits.Aggregate(default(Spending), (sum, c) => sum + SpendingOf(c));
            _next = _shards.LastCommittedIndex + 1 ?? _spec!.Range(_partition).First;
            _rulings = new(
                work.Stopped,
                _shards.Commits.SelectMany(c => c.Quarantined ?? []),
                _shards.Commits.SelectMany(c => c.Stopped ?? [])
            );
        }

        return Task.FromResult(
            new SinkOpening(_shards.Epoch, _next, _shards.Commits.Sum(c => c.Indexes), _rulings!.All, null) { Written = Written }
        );
    }

    public Task<SinkReceipt> Append(DialogueResult result)
    {
        if (Refusal(result.Epoch) is { } refusal)
            return Task.FromResult(refusal);
        _used = true;
        if (Standing(result) is { } standing)
            return Receipt(standing);
        var held = _waiting.GetValueOrDefault(result.Index);
        var row = ResultRows.SoundRowOf(_spec!, result);
        var consequence = result.ConsequenceIn(_spec!);
        var isLast = consequence != Consequence.TryAgain;
        _waiting[result.Index] = new(
            [.. held?.Rows ?? [], isLast ? row : row with { Status = RowStatus.Retried }],
            held is null ? result.Calls : held.Calls.AddRange(result.Calls),
            isLast ? consequence : null
        );
        return Try(WriteReady) ? Receipt(consequence) : Task.FromResult(Refusal(result.Epoch)!);
    }

    public Task<SinkReceipt> Count(long epoch) => Refusal(epoch) is { } refusal ? Task.FromResult(refusal) : Receipt(counted: true);

    public Task<SinkReceipt> Close(long epoch)
    {
        if (Refusal(epoch) is { } refusal)
            return Task.FromResult(refusal);
        if (!Try(() => _shards!.Commit(partial: _next < _spec!.Range(_partition).End)))
            return Task.FromResult(Refusal(epoch)!);
        Dispose();
        DeactivateOnIdle();
        return Receipt(counted: true);
    }

    /// <summary>Releases the shards and drops uncommitted rows.</summary>
    public void Dispose()
    {
        _shards?.Dispose();
        _shards = null;
        _waiting.Clear();
    }

    private SinkReceipt? Refusal(long epoch)
    {
        if (_error is not null)
            return new(SinkAnswer.Failed, _next, _error);
        if (epoch <= _fenced)
            return new(SinkAnswer.OtherOwner, _next, null);
        if (_shards is null || epoch > _shards.Epoch)
            return new(SinkAnswer.NotOpen, _next, null);
        return epoch < _shards.Epoch ? new(SinkAnswer.OtherOwner, _next, null) : null;
    }

    // First writer wins: a dialogue may be played by two activations, and its partition may have given it up. The attempts of an index
    // arrive in order, so an attempt at or before the last held one is a duplicate.
    private Consequence? Standing(DialogueResult result)
    {
        if (result.Index < _next)
            return _rulings!.Found.Any(s => s.Index == result.Index) ? Consequence.StopDomain : Consequence.Stand;
        if (!_waiting.TryGetValue(result.Index, out var held))
            return null;
        var last = held.Rows[^1].Attempt;
        if (held.Consequence is { } consequence && last <= result.Attempt)
            return consequence;
        return last >= result.Attempt ? Consequence.TryAgain : null;
    }

    private void WriteReady()
    {
        while (_waiting.TryGetValue(_next, out var waiting) && waiting.Consequence is { } consequence)
        {
            _waiting.Remove(_next);
            var (rows, quarantines, stops) = _rulings!.Take(_spec!, waiting.Rows, consequence);
            var ledger = LedgerOf(rows[^1].Slice, waiting.Calls);
            _shards!.Append(_next, rows, quarantines, stops, ledger);
            _spent += new Spending(ledger.Cost, TokensOf(ledger), 1);
            foreach (var row in rows)
                Tally(row);
            _next++;
        }
    }

    private static Ledger LedgerOf(string? slice, ImmutableArray<ModelCall> calls)
    {
        if (calls.IsEmpty)
            return Ledger.Empty;
        var counter = new LedgerCounter();
        foreach (var call in calls)
            counter.Add(slice ?? "", call);
        return counter.Take();
    }

    private static Spending SpendingOf(CommitRecord commit) =>
        new(commit.Ledger?.Cost ?? 0, TokensOf(commit.Ledger ?? Ledger.Empty), commit.Indexes);

    private static long TokensOf(Ledger ledger) => ledger.Usage is var usage ? usage.InputTokens + usage.OutputTokens : 0;

    private void Tally(ShardRow row)
    {
        if (row.Status == RowStatus.Retried)
            _counter.Retried(row.PlantedFault);
        else if (row.Status == RowStatus.Failed)
            _counter.Failed(row.RejectReasons[0]);
        else
            _counter.Finished(row.Domain, row.Intent, row.Status, [.. row.RejectReasons, .. row.UndecidedReasons], row.PlantedFault);
    }

    /// <returns>Whether it succeeded; otherwise the shards are unusable until the next Open.</returns>
    private bool Try(Action work)
    {
        try
        {
            work();
            return true;
        }
        catch (ShardException e) when (e.Fault is ShardError.Busy or ShardError.LostOwnership)
        {
            // Neither ends a run. While another owner claims the partition, this one opens again; after that it has lost it.
            if (e.Fault == ShardError.LostOwnership)
                _fenced = _shards!.Epoch;
            Dispose();
            return false;
        }
        catch (Exception e)
        {
            _error = Sentence(e);
            Dispose();
            return false;
        }
    }

    private static string Sentence(Exception e) => e is ShardException or RunException ? e.Message : ErrorText.Of(e);

    private SinkCounts Written => new(_counter.Counts(), _spent, _rulings!.Found);

    private Task<SinkReceipt> Receipt(Consequence consequence = default, bool counted = false) =>
        Task.FromResult(
            new SinkReceipt(_error is null ? SinkAnswer.Done : SinkAnswer.Failed, _next, _error)
            {
                Consequence = consequence,
                Written = counted ? Written : null,
            }
        );
}
