using ConvoSynth.Grains.Dialogue;
using ConvoSynth.Runs;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Journals;
using Orleans;

namespace ConvoSynth.Grains.Journals;

/// <summary>
/// Keeps the answers of one partition's models. Appends that arrive during a write go out together in the next one, with one sync for
/// all. Several activations may live for a while: the owner of the last segment decides (see <see cref="PartitionJournal"/>), and an
/// overtaken activation serves no further answer. An activation also refuses dialogues of an earlier epoch than the latest that it has
/// seen.
/// </summary>
public sealed class JournalGrain(IRunFolders folders) : Grain, IJournalGrain, IDisposable
{
    // Answers whose write has not completed; bounded by the dialogues in flight.
    private readonly Dictionary<(string Key, string RequestHash), Pending> _pending = [];
    private List<Pending> _queue = [];
    private PartitionJournal? _journal;
    private long _epoch;
    private bool _flushing;
    private bool _overtaken;
    private string? _error;

    private sealed record Pending(JournalEntry Entry, TaskCompletionSource<JournalReply> Done);

    public async Task<JournalReply> Open(JournalWork work)
    {
        if (_overtaken)
            return new(JournalAnswer.NotOpen);
        if (work.Epoch < _epoch)
            return new(JournalAnswer.OtherOwner);
        _epoch = work.Epoch;
        // A running write must complete before the file is closed.
        if (_error is not null && _flushing)
            return new(JournalAnswer.Failed, Error: _error);
        if (_journal is not null)
            return new(JournalAnswer.Done);
        _error = null;
        try
        {
            _journal = await PartitionJournal.Open(folders.For(work.RunId), work.RunId, work.Partition, work.Epoch);
            return new(JournalAnswer.Done);
        }
        catch (Exception e)
        {
            return Fail(e);
        }
    }

    public async Task<JournalReply> Find(long epoch, string key, string requestHash)
    {
        if (Refusal(epoch) is { } refusal)
            return refusal;
        if (_pending.TryGetValue((key, requestHash), out var pending))
            return AsFound(await pending.Done.Task, pending.Entry);
        try
        {
            var found = _journal!.Find(key, requestHash);
            // A found answer stays valid; a missing one may be in a segment that another activation has started since.
            return found is null && !await _journal.IsLast() ? Overtaken() : new(JournalAnswer.Done, found?.Text);
        }
        catch (Exception e)
        {
            return Fail(e);
        }
    }

    public async Task<JournalReply> Append(long epoch, string key, string requestHash, string text)
    {
        if (Refusal(epoch) is { } refusal)
            return refusal;
        if (_pending.TryGetValue((key, requestHash), out var first))
            return Standing(await first.Done.Task, first.Entry.Text, text);
        try
        {
            if (_journal!.Find(key, requestHash) is { } standing)
                return Standing(new(JournalAnswer.Done), standing.Text, text);
        }
        catch (Exception e)
        {
            return Fail(e);
        }

        var pending = new Pending(new(key, requestHash, text), new(TaskCreationOptions.RunContinuationsAsynchronously));
        _pending.Add((key, requestHash), pending);
        _queue.Add(pending);
        if (!_flushing)
            _ = Flush();
        return await pending.Done.Task;
    }

    public void Dispose()
    {
        _journal?.Dispose();
        _journal = null;
    }

    private JournalReply? Refusal(long epoch)
    {
        if (_error is not null)
            return new(JournalAnswer.Failed, Error: _error);
        if (_overtaken || _journal is null)
            return new(JournalAnswer.NotOpen);
        if (epoch < _epoch)
            return new(JournalAnswer.OtherOwner);
        _epoch = epoch;
        return null;
    }

    private async Task Flush()
    {
        _flushing = true;
        while (_queue.Count > 0)
        {
            var batch = _queue;
            _queue = [];
            JournalReply reply;
            try
            {
                await _journal!.Append([.. batch.Select(p => p.Entry)]);
                reply = await _journal.IsLast() ? new(JournalAnswer.Done) : Overtaken();
            }
            catch (Exception e)
            {
                reply = Fail(e);
            }

            if (reply.Answer != JournalAnswer.Done)
            {
                batch.AddRange(_queue);
                _queue = [];
            }

            foreach (var pending in batch)
            {
                _pending.Remove((pending.Entry.Key, pending.Entry.RequestHash));
                pending.Done.SetResult(reply);
            }
        }

        _flushing = false;
        if (_error is not null)
            Dispose();
    }

    private static JournalReply AsFound(JournalReply reply, JournalEntry entry) =>
        reply.Answer == JournalAnswer.Done ? reply with { Text = entry.Text } : reply;

    // Omits a text that equals the one the caller offered.
    private static JournalReply Standing(JournalReply reply, string standing, string offered) =>
        reply.Answer == JournalAnswer.Done && standing != offered ? reply with { Text = standing } : reply;

    private JournalReply Overtaken()
    {
        _overtaken = true;
        DeactivateOnIdle();
        return new(JournalAnswer.NotOpen);
    }

    private JournalReply Fail(Exception e)
    {
        _error ??= e is ShardException ? e.Message : ErrorText.Of(e);
        if (!_flushing)
            Dispose();
        return new(JournalAnswer.Failed, Error: _error);
    }
}
