using ConvoSynth.Core;
using ConvoSynth.Models;
using Orleans;

namespace ConvoSynth.Grains;

/// <summary>
/// A partition's journal as those see it who call models for one of its dialogues. Nothing is opened before the first call, so that models
/// which need no journal cost none.
/// </summary>
/// <param name="epoch">The owner's for whom they work.</param>
public sealed class GrainJournal(IGrainFactory grains, RunSpec spec, int partition, long epoch, TimeProvider time) : IJournal
{
    // At growing distances, 34 s in all: as long as it takes a cluster to agree on which activation is the one.
    private const int OpeningLimit = 6;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);

    private IJournalGrain? _grain;

    /// <summary>Of the owner for whom it works.</summary>
    public long Epoch { get; private set; } = epoch;

    /// <summary>A later owner has taken the dialogue over.</summary>
    public void HandOverTo(long epoch) => Epoch = Math.Max(Epoch, epoch);

    /// <exception cref="JournalException">The dialogue lost its place, or storage failed.</exception>
    public async ValueTask<JournaledCall?> Find(CallKey key, string requestHash, CancellationToken cancellationToken)
    {
        var name = key.ToString();
        var reply = await Ask(g => g.Find(Epoch, name, requestHash), cancellationToken);
        return reply.Text is { } text ? JournalText.Read(key, requestHash, text) : null;
    }

    /// <exception cref="JournalException">The dialogue lost its place, or storage failed: the answer is not durable, and must not be used.</exception>
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
                var reply = Sound(await UnknownOutcome.Repeat(() => call(_grain ??= Grain()), time, cancellationToken));
                if (reply.Answer == JournalAnswer.Done)
                    return reply;
                if (openings == OpeningLimit)
                    throw new JournalException(
                        JournalFault.LostPlace,
                        $"the journal of partition {partition} was not open {OpeningLimit} times"
                    );
                if (openings > 0)
                    await Task.Delay(FirstPause * Math.Pow(4, openings - 1), time, cancellationToken);
                // Another reference: the activation behind this one may be one that was overtaken.
                _grain = Grain();
                Sound(await UnknownOutcome.Repeat(() => _grain.Open(new(spec, partition, Epoch)), time, cancellationToken));
            }
        }
        catch (Exception e) when (UnknownOutcome.Is(e) && !cancellationToken.IsCancellationRequested)
        {
            throw new JournalException(JournalFault.LostPlace, $"the journal of partition {partition} cannot be reached: {e.Message}", e);
        }
    }

    private JournalReply Sound(JournalReply reply) =>
        reply.Answer switch
        {
            JournalAnswer.OtherOwner => throw new JournalException(
                JournalFault.LostPlace,
                $"partition {partition} has an owner later than epoch {Epoch}"
            ),
            JournalAnswer.Failed => throw new JournalException(JournalFault.Storage, reply.Error ?? "the journal failed"),
            _ => reply,
        };

    private IJournalGrain Grain() => grains.GetGrain<IJournalGrain>($"{spec.RunId}/{partition}");
}
