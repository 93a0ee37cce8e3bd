using ConvoSynth.Embedded.Runtime;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans;

namespace ConvoSynth.Embedded;

/// <summary>Adds grains to a host.</summary>
public static class EmbeddedGrainsServiceCollectionExtensions
{
    /// <summary>
    /// Runs grains in this process: registers <see cref="IGrainFactory"/> and <see cref="IClusterClient"/>, and stops the grains with the
    /// host. Wrong options and grain classes that cannot work are errors of the host's start, or of the first use without a host.
    /// </summary>
    public static IServiceCollection AddEmbeddedGrains(this IServiceCollection services, Action<EmbeddedGrainsOptions> configure)
    {
        services.TryAddSingleton(provider =>
        {
            var options = new EmbeddedGrainsOptions();
            configure(options);
            return new GrainRuntime(
                options,
                provider,
                options.TimeProvider ?? provider.GetService<TimeProvider>() ?? TimeProvider.System,
                provider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance);
        });
        services.TryAddSingleton<IClusterClient>(provider => provider.GetRequiredService<GrainRuntime>());
        services.TryAddSingleton<IGrainFactory>(provider => provider.GetRequiredService<GrainRuntime>());
        services.TryAddSingleton<EmbeddedCluster>();
        services.AddSingleton<IHostedService, EmbeddedGrainsHostedService>();
        return services;
    }
}
