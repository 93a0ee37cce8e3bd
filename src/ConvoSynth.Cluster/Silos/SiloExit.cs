namespace ConvoSynth.Cluster.Silos;

/// <summary>Why a silo leaves its cluster.</summary>
internal sealed record Leaving(string Reason, bool IsError);

/// <summary>The silo's end: the first reason stands.</summary>
internal sealed class SiloExit
{
    private readonly TaskCompletionSource<Leaving> _leaving = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<Leaving> Wanted => _leaving.Task;

    public void Leave(string reason, bool isError) => _leaving.TrySetResult(new(reason, isError));
}
