using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Metadata;
using Orleans.Runtime;
using Orleans.Serialization.Configuration;
using Orleans.Serialization.TypeSystem;

namespace ConvoSynth.Simulation.Runtime;

/// <summary>
/// The grain classes and generated proxies of some assemblies. Expensive to create, so clusters with the same assemblies share one.
/// </summary>
internal sealed class GrainManifest
{
    private static readonly ConcurrentDictionary<string, GrainManifest> Made = new(StringComparer.Ordinal);

    private readonly Dictionary<Type, ConstructorInvoker> _proxies = [];
    private readonly Dictionary<Type, Type> _interfaces = [];
    private readonly Dictionary<GrainInterfaceType, Type> _byInterfaceType = [];
    private readonly GrainInterfaceTypeResolver _interfaceTypes;

    private GrainManifest(ClusterOptions options)
    {
        var services = Wire.Services;
        var types = services.GetRequiredService<TypeConverter>();
        _interfaceTypes = new([new AttributeGrainInterfaceTypeProvider(services)], types);
        Catalog = new(options.GrainAssemblies, new([new AttributeGrainTypeProvider(services)], types), services, options.WorkerLimit);
        foreach (var proxy in services.GetRequiredService<IOptions<TypeManifestOptions>>().Value.InterfaceProxies)
        {
            if (MainInterface(proxy) is { } grainInterface && Catalog.Has(grainInterface))
                Add(proxy, grainInterface);
        }
    }

    public GrainCatalog Catalog { get; }

    public static GrainManifest Of(ClusterOptions options) =>
        Made.GetOrAdd($"{options.WorkerLimit} {string.Join(';', options.GrainAssemblies)}", static (_, options) => new(options), options);

    /// <summary>The interface that a generated proxy implements.</summary>
    public Type InterfaceOf(Type proxy) => _interfaces[proxy];

    public Type InterfaceOf(GrainInterfaceType type) => _byInterfaceType[type];

    public GrainInterfaceType TypeOf(Type grainInterface) => _interfaceTypes.GetGrainInterfaceType(grainInterface);

    public GrainReference Proxy(Type grainInterface, GrainReferenceShared shared, IdSpan key) =>
        (GrainReference)_proxies[grainInterface].Invoke(shared, key);

    private void Add(Type proxy, Type grainInterface)
    {
        const BindingFlags Any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        _proxies[grainInterface] = ConstructorInvoker.Create(proxy.GetConstructor(Any, [typeof(GrainReferenceShared), typeof(IdSpan)])!);
        _interfaces[proxy] = grainInterface;
        _byInterfaceType[TypeOf(grainInterface)] = grainInterface;
    }

    // The most derived interface, which is also Orleans' choice.
    private static Type? MainInterface(Type proxy) =>
        !proxy.IsAssignableTo(typeof(IAddressable)) || proxy.IsGenericType
            ? null
            : proxy.GetInterfaces().Aggregate((main, candidate) => main.IsAssignableFrom(candidate) ? candidate : main);
}
