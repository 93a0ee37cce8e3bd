using System.Collections.Frozen;
using System.Reflection;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Dialogues.Prompts;
using ConvoSynth.Grains.Hosting;
using ConvoSynth.Models;
using ConvoSynth.Models.Quota;
using ConvoSynth.Verification.Verifiers;
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

/// <summary>Registers the grains on a silo: the same for the silo of a command and the silos of tests.</summary>
public static class GrainHosting
{
    /// <summary>The first compilation of a pack takes 1-3 s in one turn; a longer turn deserves a warning.</summary>
    private static readonly TimeSpan LongTurn = TimeSpan.FromSeconds(5);

    // In the grains' own assembly the namespace decides, since Orleans generates code into it under another namespace.
    private static readonly FrozenSet<Assembly> Plain = FrozenSet.Create(
        typeof(Message).Assembly,
        typeof(IChatModel).Assembly,
        typeof(QuotedMessage).Assembly,
        typeof(Verifier).Assembly
    );

    /// <summary>
    /// Runs the grains on a silo of this process alone: no external service and no clients from outside (gateway 0). No other silo knows
    /// its port. So leases of accounts do not end: <see cref="LeaseTimes.OnlyProcess"/> says why that is safe.
    /// </summary>
    public static IHostApplicationBuilder AddLocalSilo(this IHostApplicationBuilder builder, SiloPort port)
    {
        builder.Services.AddSingleton(LeaseTimes.OnlyProcess);
        return builder.UseOrleans(silo => silo.UseLocalhostClustering(port.Number, gatewayPort: 0).AddGrains());
    }

    /// <summary>Adds what every silo needs to run the grains. The caller configures addresses and clustering.</summary>
    public static ISiloBuilder AddGrains(this ISiloBuilder silo)
    {
        silo.Services.AddGrainContracts();
        silo.Services.Configure<SchedulingOptions>(o => o.TurnWarningLengthThreshold = LongTurn);
        silo.Services.Insert(0, ServiceDescriptor.Singleton<IGrainInterfaceTypeProvider, KnownInterfaceTypes>());
        return silo;
    }

    /// <summary>
    /// Core bears no Orleans attribute: its records cross processes as JSON and stay the same reference within a process, since they are
    /// immutable. Exceptions keep Orleans' own codecs.
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
        (Plain.Contains(type.Assembly) || IsOfGrains(type))
        && !typeof(Exception).IsAssignableFrom(type)
        && !typeof(IAddressable).IsAssignableFrom(type);

    // Orleans generates types into the same assembly, under a namespace of its own.
    private static bool IsOfGrains(Type type) =>
        type.Assembly == typeof(GrainHosting).Assembly
        && type.Namespace?.StartsWith(typeof(GrainHosting).Namespace!, StringComparison.Ordinal) == true;

    private sealed class SameReferenceCopier : IGeneralizedCopier, ITypeFilter
    {
        public bool IsSupportedType(Type type) => IsContract(type);

        public bool? IsTypeAllowed(Type type) => IsContract(type) ? true : null;

        public object? DeepCopy(object? input, CopyContext context) => input;
    }
}
