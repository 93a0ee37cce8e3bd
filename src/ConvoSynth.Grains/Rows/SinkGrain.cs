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
public sealed class SinkGrain(IRunFolders folders) : Grain, ISinkGrain, IDisposable
{
    // Rows that wait for those before them; the partition's window bounds how many.
    private readonly SortedDictionary<long, ShardRow> _waiting = [];
    private PartitionShards? _shards;
    private RunSpec? _spec;
    private long _next;
    private bool _used;
    private string? _error;

    public Task<SinkOpening> Open(RunSpec spec, int partition)
    {
        // A claim under which nothing was taken is as good as a new one, so that a doubled call takes nothing away from the first.
        if (_shards is null || _used || _error is not null)
        {
            Dispose();
            (_spec, _error, _used) = (spec, null, false);
            try
            {
                _shards = PartitionShards.Open(folders.For(spec), partition, epoch: null, folders.Format, folders.Limits);
            }
            catch (Exception e)
            {
                return Task.FromResult(new SinkOpening(0, 0, 0, 0, 0, Sentence(e)));
            }

            DelayDeactivation(Timeout.InfiniteTimeSpan);
            _next = _shards.LastCommittedIndex + 1 ?? spec.Range(partition).First;
        }

        var commits = _shards.Commits;
        return Task.FromResult(new SinkOpening(
            _shards.Epoch, _next, commits.Sum(c => c.Accepted?.Rows ?? 0), commits.Sum(c => (c.Rejected?.Rows ?? 0) - c.Failed), commits.Sum(c => c.Failed), null));
    }

    public Task<SinkReceipt> Append(DialogueResult result)
    {
        if (Refusal(result.Epoch) is { } refusal) return Task.FromResult(refusal);
        _used = true;
        if (result.Index < _next || _waiting.ContainsKey(result.Index)) return Receipt(null);
        _waiting.Add(result.Index, TrajectoryRows.SoundRowOf(_spec!, result, out var problem));
        return Try(WriteReady) ? Receipt(problem) : Receipt(_error);
    }

    public Task<SinkReceipt> Close(long epoch)
    {
        if (Refusal(epoch) is { } refusal) return Task.FromResult(refusal);
        if (!Try(() => _shards!.Commit())) return Receipt(_error);
        Dispose();
        DeactivateOnIdle();
        return Receipt(null);
    }

    /// <summary>Lets go of the shards; what is not committed is dropped.</summary>
    public void Dispose()
    {
        _shards?.Dispose();
        _shards = null;
        _waiting.Clear();
    }

    private SinkReceipt? Refusal(long epoch)
    {
        if (_error is not null) return new(SinkAnswer.Failed, _next, _error);
        if (_shards is null || epoch > _shards.Epoch) return new(SinkAnswer.NotOpen, _next, null);
        return epoch < _shards.Epoch ? new(SinkAnswer.OtherOwner, _next, null) : null;
    }

    private void WriteReady()
    {
        while (_waiting.Remove(_next, out var row))
        {
            _shards!.Append(_next, [row]);
            _next++;
        }
    }

    /// <returns>Whether it went well; else the shards are of no further use until they are opened again.</returns>
    private bool Try(Action work)
    {
        try
        {
            work();
            return true;
        }
        catch (Exception e)
        {
            _error = Sentence(e);
            Dispose();
            return false;
        }
    }

    private static string Sentence(Exception e) => e is ShardException ? e.Message : ErrorText.Of(e);

    private Task<SinkReceipt> Receipt(string? problem) => Task.FromResult(new SinkReceipt(_error is null ? SinkAnswer.Done : SinkAnswer.Failed, _next, problem));
}
