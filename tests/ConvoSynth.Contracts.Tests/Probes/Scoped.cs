using ConvoSynth.Contracts.Tests.Harness;

namespace ConvoSynth.Contracts.Tests.Probes;

/// <summary>A service scoped to an activation; it logs its disposal to <see cref="Log"/> if that is set.</summary>
public sealed class Scoped : IDisposable
{
    public Log? Log { get; set; }

    public void Dispose() => Log?.Add("scope ended");
}
