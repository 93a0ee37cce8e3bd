using ConvoSynth.Grains;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Orleans.Serialization;
using Orleans.Serialization.Cloning;
using Orleans.Serialization.Invocation;
using Orleans.Serialization.Serializers;

namespace ConvoSynth.Simulation.Runtime;

/// <summary>Orleans' own serializer and copiers, configured as the product configures them.</summary>
internal sealed class Wire : IDisposable
{
    // Orleans' codec of references is internal, and a silo registers it by itself.
    private static readonly Type ReferenceCodecs =
        typeof(GrainReference).Assembly.GetType("Orleans.Runtime.GrainReferenceCodecProvider", throwOnError: true)!;

    private readonly ServiceProvider _services;
    private readonly Lazy<Serializer> _serializer;
    private readonly Lazy<DeepCopier> _copier;

    public Wire(IGrainFactory grains)
    {
        var services = new ServiceCollection();
        services.AddLogging().AddGrainContracts().AddSingleton(grains);
        services.AddSingleton<ISpecializableCopier, ReferenceCopiers>().AddSingleton(typeof(ISpecializableCodec), ReferenceCodecs);
        _services = services.BuildServiceProvider();
        _serializer = new(_services.GetRequiredService<Serializer>);
        _copier = new(_services.GetRequiredService<DeepCopier>);
    }

    public IServiceProvider Services => _services;

    public byte[] Write(IInvokable request) => _serializer.Value.SerializeToArray(request);

    public IInvokable Read(byte[] request) => _serializer.Value.Deserialize<IInvokable>(request)!;

    /// <summary>A response as it reaches a caller in the same silo.</summary>
    public Response Copy(Response response) => _copier.Value.Copy(response)!;

    /// <summary>A response as it reaches a caller on another silo.</summary>
    public Response RoundTrip(Response response) => _serializer.Value.Deserialize<Response>(_serializer.Value.SerializeToArray(response))!;

    public void Dispose() => _services.Dispose();
}
