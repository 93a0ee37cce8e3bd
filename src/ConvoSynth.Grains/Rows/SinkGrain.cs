using ConvoSynth.Core;
using ConvoSynth.Shards;
using ConvoSynth.Shards.Rows;
using ConvoSynth.Shards.Runs;
using Orleans;

namespace ConvoSynth.Grains;

/// <summary>Where the runs of this process are written.</summary>
public interface IRunFolders
{
    RunFolder For(RunSpec spec);

    IShardFormat Format { get; }

    ShardLimits Limits { get; }
}

/// <summary>Orders the rows of a partition and writes them through <see cref="PartitionShards"/>, which owns shards, commits and epochs.</summary>
public sealed class SinkGrain(IRunFolders folders) : Grain, ISinkGrain
{
    private readonly SortedDictionary<long, DialogueResult> _waiting = [];
    private PartitionShards? _shards;
    private RunSpec? _spec;
    private long _next;
    private string? _error;

    public Task<SinkOpening> Open(RunSpec spec, int partition)
    {
        _shards?.Dispose();
        _waiting.Clear();
        _spec = spec;
        try
        {
            _shards = PartitionShards.Open(folders.For(spec), partition, epoch: null, folders.Format, folders.Limits);
        }
        catch (ShardException e)
        {
            return Task.FromResult(new SinkOpening(0, 0, 0, 0, 0, e.Message));
        }

        DelayDeactivation(Timeout.InfiniteTimeSpan);
        _next = _shards.LastCommittedIndex + 1 ?? spec.Range(partition).First;
        return Task.FromResult(new SinkOpening(
            _shards.Epoch, _next, _shards.Commits.Sum(c => c.Accepted?.Rows ?? 0), _shards.Commits.Sum(c => (c.Rejected?.Rows ?? 0) - c.Failed), _shards.Commits.Sum(c => c.Failed), null));
    }

    public Task<SinkReceipt> Append(DialogueResult result)
    {
        if (_shards is null || result.Epoch != _shards.Epoch) return Receipt("the sink was opened by another owner");
        if (_error is not null) return Receipt(_error);
        if (result.Index < _next || !_waiting.TryAdd(result.Index, result)) return Receipt(null);
        try
        {
            while (_waiting.Remove(_next, out var ready))
            {
                _shards.Append(_next, [TrajectoryRows.RowOf(_spec!, ready)]);
                _next++;
            }
        }
        catch (ShardException e)
        {
            _error = e.Message;
        }

        return Receipt(_error);
    }

    public Task<SinkReceipt> Close(long epoch)
    {
        if (_shards is null || epoch != _shards.Epoch) return Receipt("the sink was opened by another owner");
        try
        {
            if (_error is null) _shards.Commit();
        }
        catch (ShardException e)
        {
            _error = e.Message;
        }

        _shards.Dispose();
        _shards = null;
        DeactivateOnIdle();
        return Receipt(_error);
    }

    private Task<SinkReceipt> Receipt(string? error) => Task.FromResult(new SinkReceipt(_next, error));
}
