using Microsoft.Extensions.DependencyInjection;
using Orleans.CodeGeneration;
using Orleans.Runtime;
using Orleans.Serialization.Cloning;
using Orleans.Serialization.Invocation;
using Orleans.Serialization.Serializers;

namespace ConvoSynth.Simulation.Runtime;

/// <summary>Creates grain references from Orleans' generated proxies, and sends the calls made on them.</summary>
internal sealed class GrainReferences(ClusterRuntime runtime) : IGrainReferenceRuntime
{
    private readonly GrainManifest _manifest = GrainManifest.Of(runtime.Options);
    private readonly Dictionary<(GrainType, Type), GrainReferenceShared> _shared = [];

    public GrainClass ClassOf(GrainType type) => _manifest.Catalog.ClassOf(type);

    /// <summary>The interface with which a reference was obtained.</summary>
    public Type InterfaceOf(GrainReference reference) => _manifest.InterfaceOf(reference.GetType());

    public GrainReference Create(Type grainInterface, string key, string? classNamePrefix) =>
        Create(grainInterface, GrainId.Create(_manifest.Catalog.ClassOf(grainInterface, classNamePrefix).GrainType, key));

    public GrainReference Create(GrainInterfaceType interfaceType, GrainId id) => Create(_manifest.InterfaceOf(interfaceType), id);

    public GrainReference Create(Type grainInterface, GrainId id)
    {
        if (!_shared.TryGetValue((id.Type, grainInterface), out var shared))
            _shared[(id.Type, grainInterface)] = shared = Share(grainInterface, id);
        return _manifest.Proxy(grainInterface, shared, id.Key);
    }

    public object Cast(IAddressable grain, Type interfaceType) =>
        grain is GrainReference && interfaceType.IsInstanceOfType(grain) ? grain : Create(interfaceType, grain.GetGrainId());

    public ValueTask<T?> InvokeMethodAsync<T>(GrainReference reference, IInvokable request, InvokeMethodOptions options) =>
        new(Send<T>(reference, request, options));

    public ValueTask InvokeMethodAsync(GrainReference reference, IInvokable request, InvokeMethodOptions options) =>
        new(Send<object>(reference, request, options));

    public void InvokeMethod(GrainReference reference, IInvokable request, InvokeMethodOptions options) =>
        _ = Send<object>(reference, request, options);

    private Task<T?> Send<T>(GrainReference reference, IInvokable request, InvokeMethodOptions options)
    {
        var token = request.GetCancellationToken();
        token.ThrowIfCancellationRequested();
        var call = new GrainCall<T>(runtime, reference, request, options);
        if (runtime.Options.Wire)
        {
            try
            {
                call.Written = Wire.Write(request);
            }
            catch (Exception failure)
            {
                return Task.FromException<T?>(failure);
            }
        }

        if (token.CanBeCanceled)
            call.Cancellation = new CallCancellation(call, token);
        runtime.Send(call);
        return call.IsOneWay ? Task.FromResult<T?>(default) : call.Response;
    }

    private GrainReferenceShared Share(Type grainInterface, GrainId id)
    {
        var grainClass = ClassOf(id.Type);
        if (!grainClass.Type.IsAssignableTo(grainInterface))
            throw new ArgumentException($"Grain {id} is a {grainClass.Type.Name}, which does not implement {grainInterface.Name}.");
        var services = Wire.Services;
        return new(
            id.Type,
            _manifest.TypeOf(grainInterface),
            0,
            this,
            InvokeMethodOptions.None,
            services.GetRequiredService<CodecProvider>(),
            services.GetRequiredService<CopyContextPool>(),
            services
        );
    }
}
