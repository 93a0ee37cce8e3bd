using ConvoSynth.Contracts.Tests.Harness;

namespace ConvoSynth.Contracts.Tests.Probes;

/// <summary>A service that lives as long as an activation; it logs its end where it was told to.</summary>
public sealed class Scoped : IDisposable
{
    public Log? Log { get; set; }

    public void Dispose() => Log?.Add("scope ended");
}
