using ConvoSynth.Grains;
using Orleans.Runtime;

namespace ConvoSynth.Cluster.Silos;

/// <summary>Tells partitions and the keeper of this silo when another silo dies, so that neither waits for a time-out.</summary>
internal sealed class LostSilos : ILostSilos, ISiloStatusListener
{
    private int _count;

    public int Count => Volatile.Read(ref _count);

    /// <summary>Is called at each death, on a thread of the membership.</summary>
    public Action? OnLost { get; set; }

    public void SiloStatusChangeNotification(SiloAddress updatedSilo, SiloStatus status)
    {
        if (status != SiloStatus.Dead)
            return;
        Interlocked.Increment(ref _count);
        OnLost?.Invoke();
    }
}
