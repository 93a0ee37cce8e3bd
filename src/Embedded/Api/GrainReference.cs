using System.Reflection;
using ConvoSynth.Embedded.Runtime;

namespace Orleans.Runtime;

/// <summary>
/// A reference to a grain: the proxy that grain interfaces are called through. Two references are equal when they name the same grain.
/// </summary>
public class GrainReference : DispatchProxy, IAddressable, IEquatable<GrainReference>
{
    private GrainInterface _interface = null!;

    public GrainId GrainId { get; private set; }

    internal GrainRuntime Runtime { get; private set; } = null!;

    internal GrainClass GrainClass { get; private set; } = null!;

    /// <summary>Where the last call went: a hint that saves the look into the directory, refused by the target once it has ended.</summary>
    internal CallTarget? LastTarget { get; set; }

    internal string InterfaceName => _interface.Type.Name;

    /// <summary>A clone of the interface's prototype costs one small object; making a proxy anew costs a hundred times that.</summary>
    internal GrainReference For(GrainInterface grainInterface, GrainClass grainClass, GrainId id, GrainRuntime runtime)
    {
        var reference = (GrainReference)MemberwiseClone();
        reference._interface = grainInterface;
        reference.GrainClass = grainClass;
        reference.GrainId = id;
        reference.Runtime = runtime;
        return reference;
    }

    protected sealed override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        _interface.Method(targetMethod!).Send(this, args ?? []);

    public bool Equals(GrainReference? other) => other is not null && GrainId == other.GrainId;

    public sealed override bool Equals(object? obj) => Equals(obj as GrainReference);

    public sealed override int GetHashCode() => GrainId.GetHashCode();

    public sealed override string ToString() => $"GrainReference:{GrainId}";
}
