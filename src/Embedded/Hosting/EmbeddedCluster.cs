using ConvoSynth.Embedded.Runtime;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;
using Orleans.Runtime;

namespace ConvoSynth.Embedded;

/// <summary>The grains of this process as a whole.</summary>
public sealed class EmbeddedCluster(IServiceProvider services)
{
    private readonly GrainRuntime _runtime = services.GetRequiredService<GrainRuntime>();

    public IClusterClient Client => _runtime;

    /// <summary>The activations there are now, in the order of their creation.</summary>
    public IReadOnlyList<GrainId> ActiveGrains() => _runtime.Directory.Activations().ConvertAll(activation => activation.GrainId);

    /// <summary>
    /// Ends all activations, in at most <see cref="EmbeddedGrainsOptions.StopTimeout"/>; callers that still wait then get an error.
    /// </summary>
    /// <returns>How many activations had not ended in time.</returns>
    public Task<int> StopAsync(CancellationToken cancellationToken = default) => _runtime.StopAsync(cancellationToken);
}

/// <summary>Starts and stops the grains with the host.</summary>
internal sealed class EmbeddedGrainsHostedService(EmbeddedCluster cluster) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => cluster.StopAsync(cancellationToken);
}
