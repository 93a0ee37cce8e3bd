using ConvoSynth.Grains;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Serialization.Cloning;
using Orleans.Serialization.Invocation;

namespace ConvoSynth.Simulation.Runtime;

/// <summary>
/// Orleans' own serializer and copiers, configured as the product configures them. They hold no state of a cluster, and take long to make:
/// all clusters share them.
/// </summary>
internal static class Wire
{
    private static readonly Lazy<ServiceProvider> Made = new(() => new ServiceCollection()
        .AddLogging().AddGrainContracts().AddSingleton<ISpecializableCopier, ReferenceCopiers>().BuildServiceProvider());

    private static readonly Lazy<Serializer> Serializer = new(() => Services.GetRequiredService<Serializer>());
    private static readonly Lazy<DeepCopier> Copier = new(() => Services.GetRequiredService<DeepCopier>());

    public static IServiceProvider Services => Made.Value;

    public static byte[] Write(IInvokable request) => Serializer.Value.SerializeToArray(request);

    public static IInvokable Read(byte[] request) => Serializer.Value.Deserialize<IInvokable>(request)!;

    /// <summary>A response as it reaches a caller in the same silo.</summary>
    public static Response Copy(Response response) => Copier.Value.Copy(response)!;

    /// <summary>A response as it reaches a caller on another silo.</summary>
    public static Response RoundTrip(Response response) =>
        Serializer.Value.Deserialize<Response>(Serializer.Value.SerializeToArray(response))!;
}
