using System.Collections.Concurrent;
using ConvoSynth.Embedded.Wire;
using Orleans.Runtime;

namespace ConvoSynth.Embedded.Runtime;

/// <summary>Makes references to grains.</summary>
internal sealed class GrainReferences
{
    private readonly GrainRuntime _runtime;
    private readonly GrainCatalog _catalog;
    private readonly WireFormat? _wire;
    private readonly ConcurrentDictionary<Type, (GrainInterface Interface, GrainClass Class)> _sole = new();
    private readonly ConcurrentDictionary<Type, GrainInterface> _interfaces = new();

    public GrainReferences(GrainRuntime runtime, GrainCatalog catalog)
    {
        _runtime = runtime;
        _catalog = catalog;
        _wire = runtime.Options.Wire is { } json ? new WireFormat(json, this) : null;

        // A method that cannot be called is an error of the start, not of its first call.
        foreach (var type in catalog.Interfaces)
            Describe(type);
    }

    public GrainReference Create(Type type, string key, string? classNamePrefix)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (classNamePrefix is not null)
            return Create(Describe(type), _catalog.ClassOf(type, classNamePrefix), key);
        if (!_sole.TryGetValue(type, out var sole))
            _sole[type] = sole = (Describe(type), _catalog.ClassOf(type, null));
        return Create(sole.Interface, sole.Class, key);
    }

    public GrainReference Create(Type type, GrainId id)
    {
        var grainClass = _catalog.ClassOf(id.Type);
        if (!grainClass.Type.IsAssignableTo(type))
            throw new ArgumentException($"Grain {id} is a {grainClass.Type.Name}, which does not implement {type.Name}.");
        return Describe(type).Prototype.For(Describe(type), grainClass, id, _runtime);
    }

    private GrainReference Create(GrainInterface grainInterface, GrainClass grainClass, string key) =>
        grainInterface.Prototype.For(grainInterface, grainClass, GrainId.Create(grainClass.GrainType, key), _runtime);

    private GrainInterface Describe(Type type) =>
        _interfaces.GetOrAdd(type, static (type, self) => new GrainInterface(type, self._runtime.Options.ResponseTimeout, self._wire), this);
}
