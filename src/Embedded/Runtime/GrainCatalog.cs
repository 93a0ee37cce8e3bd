using System.Reflection;
using Orleans;
using Orleans.Runtime;

namespace ConvoSynth.Embedded.Runtime;

/// <summary>The grain classes of some assemblies, by grain type and by interface.</summary>
internal sealed class GrainCatalog
{
    private readonly Dictionary<GrainType, GrainClass> _byType = [];
    private readonly Dictionary<Type, List<GrainClass>> _byInterface = [];

    public static GrainCatalog Of(IEnumerable<Assembly> assemblies)
    {
        var catalog = new GrainCatalog();
        foreach (var assembly in assemblies.Distinct())
        {
            foreach (var type in assembly.GetTypes())
            {
                if (type is { IsClass: true, IsAbstract: false, ContainsGenericParameters: false } && type.IsSubclassOf(typeof(Grain)))
                    catalog.Add(new GrainClass(type));
            }
        }

        return catalog;
    }

    public IEnumerable<Type> Interfaces => _byInterface.Keys;

    public GrainClass ClassOf(GrainType type) => _byType.GetValueOrDefault(type)
        ?? throw new ArgumentException($"No grain class is of type '{type}': add its assembly to {nameof(EmbeddedGrainsOptions.GrainAssemblies)}.");

    public GrainClass ClassOf(Type grainInterface, string? prefix)
    {
        var classes = _byInterface.GetValueOrDefault(grainInterface) ?? [];
        if (prefix is not null)
            classes = classes.FindAll(candidate => candidate.Type.FullName!.StartsWith(prefix, StringComparison.Ordinal));
        return classes switch
        {
            [var only] => only,
            [] => throw new ArgumentException(
                $"No grain class implements {grainInterface.Name}: add its assembly to {nameof(EmbeddedGrainsOptions.GrainAssemblies)}."),
            _ => throw new ArgumentException(
                $"{grainInterface.Name} is implemented by {string.Join(" and ", classes.Select(c => c.Type.Name))}: say which by a class name prefix."),
        };
    }

    private void Add(GrainClass grainClass)
    {
        if (!_byType.TryAdd(grainClass.GrainType, grainClass))
        {
            throw new OrleansConfigurationException(
                $"{grainClass.Type.FullName} and {_byType[grainClass.GrainType].Type.FullName} are both of grain type '{grainClass.GrainType}': rename one.");
        }

        foreach (var grainInterface in grainClass.Type.GetInterfaces())
        {
            if (grainInterface == typeof(IGrainWithStringKey) || !grainInterface.IsAssignableTo(typeof(IGrainWithStringKey)))
                continue;
            if (!_byInterface.TryGetValue(grainInterface, out var classes))
                _byInterface.Add(grainInterface, classes = []);
            classes.Add(grainClass);
        }
    }
}
