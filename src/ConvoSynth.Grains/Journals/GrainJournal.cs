using ConvoSynth.Models.Journal;
using Orleans;

namespace ConvoSynth.Grains.Journals;

/// <summary>
/// A partition's journal for callers that ask models on behalf of one of its dialogues. It opens on the first call, so that models
/// without a journal cost nothing.
/// </summary>
/// <param name="epoch">Epoch of the owner for which the calls are made.</param>
public sealed class GrainJournal(IGrainFactory grains, string runId, int partition, long epoch, TimeProvider time) : IJournal
{
    // Exponential pauses, 34 s in total: the time that a cluster takes to agree on one activation.
    private const int OpeningLimit = 6;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);

    private IJournalGrain? _grain;

    /// <summary>Epoch of the owner for which the calls are made.</summary>
    public long Epoch { get; private set; } = epoch;

    /// <summary>Continues for a later owner; an earlier epoch is ignored.</summary>
    public void HandOverTo(long epoch) => Epoch = Math.Max(Epoch, epoch);

    /// <exception cref="JournalException">The dialogue was fenced, or storage failed.</exception>
    public async ValueTask<JournaledCall?> Find(CallKey key, string requestHash, CancellationToken cancellationToken)
    {
        var name = key.ToString();
        var reply = await Ask(g => g.Find(Epoch, name, requestHash), cancellationToken);
        return reply.Text is { } text ? JournalText.Read(key, requestHash, text) : null;
    }

    /// <exception cref="JournalException">
    /// The dialogue was fenced, or storage failed: the answer is not durable and must not be used.
    /// </exception>
    public async ValueTask<JournaledCall> Append(JournaledCall call, CancellationToken cancellationToken)
    {
        var (name, own) = (call.Key.ToString(), JournalText.Write(call));
        var reply = await Ask(g => g.Append(Epoch, name, call.RequestHash, own), cancellationToken);
        return reply.Text is { } text ? JournalText.Read(call.Key, call.RequestHash, text) : call;
    }

    private async Task<JournalReply> Ask(Func<IJournalGrain, Task<JournalReply>> call, CancellationToken cancellationToken)
    {
        try
        {
            for (var openings = 0; ; openings++)
            {
                var reply = Sound(await GrainCallRetry.Repeat(() => call(_grain ??= Grain()), time, cancellationToken));
                if (reply.Answer == JournalAnswer.Done)
                    return reply;
                if (openings == OpeningLimit)
                    throw new JournalException(
                        JournalError.LostPlace,
                        $"the journal of partition {partition} was not open {OpeningLimit} times"
                    );
                if (openings > 0)
                    await Task.Delay(FirstPause * Math.Pow(4, openings - 1), time, cancellationToken);
                // A fresh reference: the old one may lead to an activation that was overtaken.
                _grain = Grain();
                Sound(await GrainCallRetry.Repeat(() => _grain.Open(new(runId, partition, Epoch)), time, cancellationToken));
            }
        }
        catch (Exception e) when (GrainCallRetry.Is(e) && !cancellationToken.IsCancellationRequested)
        {
            throw new JournalException(JournalError.LostPlace, $"the journal of partition {partition} cannot be reached: {e.Message}", e);
        }
    }

    private JournalReply Sound(JournalReply reply) =>
        reply.Answer switch
        {
            JournalAnswer.OtherOwner => throw new JournalException(
                JournalError.LostPlace,
                $"partition {partition} has an owner later than epoch {Epoch}"
            ),
            JournalAnswer.Failed => throw new JournalException(JournalError.Storage, reply.Error ?? "the journal failed"),
            _ => reply,
        };

    private IJournalGrain Grain() => grains.GetGrain<IJournalGrain>($"{runId}/{partition}");
}
