namespace ConvoSynth.Cluster.Silos;

/// <summary>Why a silo leaves its cluster.</summary>
/// <param name="HasPlace">Whether the cluster still counts this silo as a member, so that it can hand work over.</param>
internal sealed record Leaving(string Reason, bool IsError, bool HasPlace);

/// <summary>The silo's end: the first reason stands.</summary>
internal sealed class SiloExit
{
    private readonly TaskCompletionSource<Leaving> _leaving = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<Leaving> Wanted => _leaving.Task;

    public void Leave(string reason, bool isError, bool hasPlace = true) => _leaving.TrySetResult(new(reason, isError, hasPlace));
}
