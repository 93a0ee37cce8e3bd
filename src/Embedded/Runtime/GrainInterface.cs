using System.Collections.Frozen;
using System.Reflection;
using ConvoSynth.Embedded.Wire;
using Orleans.Runtime;

namespace ConvoSynth.Embedded.Runtime;

/// <summary>What the runtime knows of a grain interface: how each of its methods is called.</summary>
internal sealed class GrainInterface
{
    private readonly FrozenDictionary<MethodInfo, GrainMethod> _methods;

    public GrainInterface(Type type, TimeSpan responseTimeout, WireFormat? wire)
    {
        if (!type.IsInterface || type.ContainsGenericParameters)
            throw new ArgumentException($"{type.Name} is not a grain interface.");
        Type = type;
        _methods = type.GetInterfaces().Append(type)
            .SelectMany(each => each.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
            .ToFrozenDictionary(method => method, method => GrainMethod.Of(method, responseTimeout, wire));
        Prototype = (GrainReference)DispatchProxy.Create(type, typeof(GrainReference));
    }

    public Type Type { get; }

    /// <summary>The proxy that all references of this interface are clones of.</summary>
    public GrainReference Prototype { get; }

    public GrainMethod Method(MethodInfo method) => _methods[method];
}
