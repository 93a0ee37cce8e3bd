using System.Reflection;
using ConvoSynth.Grains;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Orleans.Serialization;
using Orleans.Serialization.Cloning;
using Orleans.Serialization.Invocation;
using Orleans.Serialization.Serializers;

namespace ConvoSynth.Simulation.Runtime;

/// <summary>
/// Orleans' own serializer and copiers, configured as in the product. They hold no cluster state and are expensive to create, so all
/// clusters share them.
/// </summary>
internal static class Wire
{
    // Orleans' codec for references is internal; a silo registers it itself.
    private static readonly Type ReferenceCodecs = typeof(GrainReference).Assembly.GetType(
        "Orleans.Runtime.GrainReferenceCodecProvider",
        throwOnError: true
    )!;

    private static readonly Lazy<ServiceProvider> Made = new(() =>
        new ServiceCollection()
            .AddLogging()
            .AddGrainContracts()
            .AddSingleton<ISpecializableCopier, ReferenceCopiers>()
            .AddSingleton(typeof(ISpecializableCodec), ReferenceCodecs)
            .AddSingleton(DispatchProxy.Create<IGrainFactory, ReadingCluster>())
            .BuildServiceProvider()
    );

    private static readonly Lazy<Serializer> Serializer = new(() => Services.GetRequiredService<Serializer>());
    private static readonly Lazy<DeepCopier> Copier = new(() => Services.GetRequiredService<DeepCopier>());

    public static IServiceProvider Services => Made.Value;

    public static byte[] Write(IInvokable request) => Serializer.Value.SerializeToArray(request);

    /// <param name="grains">Factory of the reading cluster, to which references in the request are bound.</param>
    public static IInvokable Read(byte[] request, IGrainFactory grains)
    {
        ReadingCluster.Grains = grains;
        return Serializer.Value.Deserialize<IInvokable>(request)!;
    }

    /// <summary>A response as a caller in the same silo receives it.</summary>
    public static Response Copy(Response response) => Copier.Value.Copy(response)!;

    /// <summary>A response as a caller on another silo receives it.</summary>
    public static Response RoundTrip(Response response, IGrainFactory grains)
    {
        ReadingCluster.Grains = grains;
        return Serializer.Value.Deserialize<Response>(Serializer.Value.SerializeToArray(response))!;
    }

    /// <summary>The grain factory of the cluster that reads at the moment, for a serializer that all clusters share.</summary>
    internal class ReadingCluster : DispatchProxy
    {
        [ThreadStatic]
        internal static IGrainFactory? Grains;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Invoke(Grains, args);
    }
}
