using ConvoSynth.Models.Journal;
using ConvoSynth.Runs.Folders;

namespace ConvoSynth.Runs.Journals;

/// <summary>The journal of work that one process does alone, in a folder of its own. Thread-safe.</summary>
public sealed class SoleJournal : IJournal, IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly PartitionJournal _journal;
    private readonly string _path;

    private SoleJournal(PartitionJournal journal, string path) => (_journal, _path) = (journal, path);

    /// <exception cref="ShardException">The journal is damaged or of other work, or storage fails.</exception>
    public static async Task<SoleJournal> Open(RunFolder folder, string name) =>
        new(await PartitionJournal.Open(folder, name, partition: 0, epoch: 1), folder.Path);

    public ValueTask<JournaledCall?> Find(CallKey key, string requestHash, CancellationToken cancellationToken) =>
        new(Held(() => Task.FromResult(Stored(key, requestHash))));

    /// <exception cref="JournalException">Storage failed, or another process has taken the folder over.</exception>
    public ValueTask<JournaledCall> Append(JournaledCall call, CancellationToken cancellationToken) =>
        new(
            Held(async () =>
            {
                if (Stored(call.Key, call.RequestHash) is { } first)
                    return first;
                await _journal.Append([new(call.Key.ToString(), call.RequestHash, JournalText.Write(call))]);
                return await _journal.IsLast()
                    ? call
                    : throw new JournalException(
                        JournalError.Storage,
                        $"another process writes the journal in {_path}; give each its own folder"
                    );
            })
        );

    public void Dispose()
    {
        _journal.Dispose();
        _gate.Dispose();
    }

    private JournaledCall? Stored(CallKey key, string requestHash) =>
        _journal.Find(key.ToString(), requestHash) is { } entry ? JournalText.Read(key, requestHash, entry.Text) : null;

    private async Task<T> Held<T>(Func<Task<T>> work)
    {
        await _gate.WaitAsync();
        try
        {
            return await work();
        }
        catch (ShardException e)
        {
            throw new JournalException(JournalError.Storage, e.Message, e);
        }
        finally
        {
            _gate.Release();
        }
    }
}
