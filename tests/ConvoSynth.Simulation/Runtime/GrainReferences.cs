using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.CodeGeneration;
using Orleans.Metadata;
using Orleans.Runtime;
using Orleans.Serialization.Cloning;
using Orleans.Serialization.Configuration;
using Orleans.Serialization.Invocation;
using Orleans.Serialization.Serializers;
using Orleans.Serialization.TypeSystem;

namespace ConvoSynth.Simulation.Runtime;

/// <summary>Makes references to grains out of Orleans' generated proxies, and sends what is called on them.</summary>
internal sealed class GrainReferences : IGrainReferenceRuntime
{
    private readonly ClusterRuntime _runtime;
    private readonly GrainCatalog _catalog;
    private readonly GrainInterfaceTypeResolver _interfaceTypes;
    private readonly Dictionary<Type, ConstructorInvoker> _proxies = [];
    private readonly Dictionary<Type, Type> _interfaces = [];
    private readonly Dictionary<GrainInterfaceType, Type> _byInterfaceType = [];
    private readonly Dictionary<(GrainType, Type), GrainReferenceShared> _shared = [];

    public GrainReferences(ClusterRuntime runtime)
    {
        _runtime = runtime;
        var services = Wire.Services;
        var types = services.GetRequiredService<TypeConverter>();
        _interfaceTypes = new([new AttributeGrainInterfaceTypeProvider(services)], types);
        _catalog = new(runtime.Options.GrainAssemblies, new([new AttributeGrainTypeProvider(services)], types), services, runtime.Options.WorkerLimit);
        foreach (var proxy in services.GetRequiredService<IOptions<TypeManifestOptions>>().Value.InterfaceProxies)
        {
            if (MainInterface(proxy) is { } grainInterface && _catalog.Has(grainInterface))
                Add(proxy, grainInterface);
        }
    }

    public bool Has(Type grainInterface) => _proxies.ContainsKey(grainInterface);

    public GrainClass ClassOf(GrainType type) => _catalog.ClassOf(type);

    /// <summary>The interface that a reference was got by.</summary>
    public Type InterfaceOf(GrainReference reference) => _interfaces[reference.GetType()];

    public GrainReference Create(Type grainInterface, string key, string? classNamePrefix) =>
        Create(grainInterface, GrainId.Create(_catalog.ClassOf(grainInterface, classNamePrefix).GrainType, key));

    public GrainReference Create(GrainInterfaceType interfaceType, GrainId id) => Create(_byInterfaceType[interfaceType], id);

    public GrainReference Create(Type grainInterface, GrainId id)
    {
        if (!_shared.TryGetValue((id.Type, grainInterface), out var shared))
            _shared[(id.Type, grainInterface)] = shared = Share(grainInterface, id);
        return (GrainReference)_proxies[grainInterface].Invoke(shared, id.Key);
    }

    public object Cast(IAddressable grain, Type interfaceType) =>
        grain is GrainReference && interfaceType.IsInstanceOfType(grain) ? grain : Create(interfaceType, grain.GetGrainId());

    public ValueTask<T?> InvokeMethodAsync<T>(GrainReference reference, IInvokable request, InvokeMethodOptions options) =>
        new(Send<T>(reference, request, options));

    public ValueTask InvokeMethodAsync(GrainReference reference, IInvokable request, InvokeMethodOptions options) =>
        new(Send<object>(reference, request, options));

    public void InvokeMethod(GrainReference reference, IInvokable request, InvokeMethodOptions options) => _ = Send<object>(reference, request, options);

    private Task<T?> Send<T>(GrainReference reference, IInvokable request, InvokeMethodOptions options)
    {
        var token = request.GetCancellationToken();
        token.ThrowIfCancellationRequested();
        var call = new GrainCall<T>(_runtime, reference, request, options);
        if (_runtime.Options.Wire)
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
        _runtime.Send(call);
        return call.IsOneWay ? Task.FromResult<T?>(default) : call.Response;
    }

    private GrainReferenceShared Share(Type grainInterface, GrainId id)
    {
        var grainClass = ClassOf(id.Type);
        if (!grainClass.Type.IsAssignableTo(grainInterface))
            throw new ArgumentException($"Grain {id} is a {grainClass.Type.Name}, which does not implement {grainInterface.Name}.");
        var services = Wire.Services;
        return new(
            id.Type, _interfaceTypes.GetGrainInterfaceType(grainInterface), 0, this, InvokeMethodOptions.None,
            services.GetRequiredService<CodecProvider>(), services.GetRequiredService<CopyContextPool>(), services);
    }

    private void Add(Type proxy, Type grainInterface)
    {
        const BindingFlags Any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        _proxies[grainInterface] = ConstructorInvoker.Create(proxy.GetConstructor(Any, [typeof(GrainReferenceShared), typeof(IdSpan)])!);
        _interfaces[proxy] = grainInterface;
        _byInterfaceType[_interfaceTypes.GetGrainInterfaceType(grainInterface)] = grainInterface;
    }

    // The most derived interface, as Orleans itself chooses.
    private static Type? MainInterface(Type proxy) => !proxy.IsAssignableTo(typeof(IAddressable)) || proxy.IsGenericType ? null
        : proxy.GetInterfaces().Aggregate((main, candidate) => main.IsAssignableFrom(candidate) ? candidate : main);
}
