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
/// Orleans' own serializer and copiers, configured as the product configures them. They hold no state of a cluster, and take long to make:
/// all clusters share them.
/// </summary>
internal static class Wire
{
    // Orleans' codec of references is internal, and a silo registers it by itself.
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

    /// <param name="grains">Of the cluster that reads: references in the request become its own.</param>
    public static IInvokable Read(byte[] request, IGrainFactory grains)
    {
        ReadingCluster.Grains = grains;
        return Serializer.Value.Deserialize<IInvokable>(request)!;
    }

    /// <summary>A response as it reaches a caller in the same silo.</summary>
    public static Response Copy(Response response) => Copier.Value.Copy(response)!;

    /// <summary>A response as it reaches a caller on another silo.</summary>
    public static Response RoundTrip(Response response, IGrainFactory grains)
    {
        ReadingCluster.Grains = grains;
        return Serializer.Value.Deserialize<Response>(Serializer.Value.SerializeToArray(response))!;
    }

    /// <summary>The grains of the cluster that reads at this moment, for a serializer that all clusters share.</summary>
    internal class ReadingCluster : DispatchProxy
    {
        [ThreadStatic]
        internal static IGrainFactory? Grains;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Invoke(Grains, args);
    }
}
