using Orleans.Runtime;
using Orleans.Serialization.Cloning;

namespace ConvoSynth.Simulation.Runtime;

/// <summary>Copies a grain that passes itself as a reference. Orleans' own copier for that is internal.</summary>
internal sealed class ReferenceCopiers : ISpecializableCopier
{
    public bool IsSupportedType(Type type) => type.IsInterface && type.IsAssignableTo(typeof(IAddressable));

    public IDeepCopier GetSpecializedCopier(Type type) => (IDeepCopier)Activator.CreateInstance(typeof(Copier<>).MakeGenericType(type))!;

    private sealed class Copier<T> : IDeepCopier<T>
        where T : class, IAddressable
    {
        public T? DeepCopy(T? input, CopyContext context) => input is null or GrainReference ? input : input.AsReference<T>();
    }
}
