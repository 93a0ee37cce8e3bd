using ConvoSynth.Core;
using ConvoSynth.Grains.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Metadata;
using Orleans.Runtime;
using Orleans.Serialization;
using Orleans.Serialization.Cloning;
using Orleans.Serialization.Serializers;

namespace ConvoSynth.Grains;

/// <summary>How silos carry the grains: the same for a command's own silo and for the silos of tests.</summary>
public static class GrainHosting
{
    /// <summary>A turn that compiles a pack for the first time takes 1-3 s; what takes longer than this is worth a warning.</summary>
    private static readonly TimeSpan LongTurn = TimeSpan.FromSeconds(5);

    /// <summary>Runs the grains on a silo of this process alone: no service, no clients from outside (gateway 0), and no other silo that knows its port.</summary>
    public static IHostApplicationBuilder AddLocalSilo(this IHostApplicationBuilder builder, SiloPort port) =>
        builder.UseOrleans(silo => silo.UseLocalhostClustering(port.Number, gatewayPort: 0).AddGrains());

    /// <summary>Adds what every silo needs to run the grains. Where the silo is and whom it meets is for the caller to say.</summary>
    public static ISiloBuilder AddGrains(this ISiloBuilder silo)
    {
        silo.Services.AddGrainContracts();
        silo.Services.Configure<SchedulingOptions>(o => o.TurnWarningLengthThreshold = LongTurn);
        silo.Services.Insert(0, ServiceDescriptor.Singleton<IGrainInterfaceTypeProvider, KnownInterfaceTypes>());
        return silo;
    }

    /// <summary>
    /// Core bears no Orleans attribute: its records travel as JSON, and within a process as they are, since they never change.
    /// Exceptions stay with Orleans' own codecs.
    /// </summary>
    public static IServiceCollection AddGrainContracts(this IServiceCollection services)
    {
        services.AddSerializer(serializer =>
            serializer.AddJsonSerializer(
                IsContract,
                _ => false,
                codec => codec.Configure(options => options.SerializerOptions = Contracts.Json)
            )
        );
        services.AddSingleton<SameReferenceCopier>();
        services.AddSingleton<IGeneralizedCopier>(s => s.GetRequiredService<SameReferenceCopier>());
        services.AddSingleton<ITypeFilter>(s => s.GetRequiredService<SameReferenceCopier>());
        services.Configure<ExceptionSerializationOptions>(o => o.SupportedNamespacePrefixes.Add("ConvoSynth"));
        return services;
    }

    private static bool IsContract(Type type) =>
        type.Namespace is "ConvoSynth.Core" or "ConvoSynth.Models" or "ConvoSynth.Synthesis" or "ConvoSynth.Grains"
        && !typeof(Exception).IsAssignableFrom(type)
        && !typeof(IAddressable).IsAssignableFrom(type);

    private sealed class SameReferenceCopier : IGeneralizedCopier, ITypeFilter
    {
        public bool IsSupportedType(Type type) => IsContract(type);

        public bool? IsTypeAllowed(Type type) => IsContract(type) ? true : null;

        public object? DeepCopy(object? input, CopyContext context) => input;
    }
}
