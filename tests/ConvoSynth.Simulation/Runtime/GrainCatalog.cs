using System.Reflection;
using Orleans.Metadata;
using Orleans.Runtime;

namespace ConvoSynth.Simulation.Runtime;

/// <summary>The grain classes of some assemblies, by grain type and by interface.</summary>
internal sealed class GrainCatalog
{
    private readonly Dictionary<GrainType, GrainClass> _byType = [];
    private readonly Dictionary<Type, List<GrainClass>> _byInterface = [];

    public GrainCatalog(IEnumerable<Assembly> assemblies, GrainTypeResolver types, IServiceProvider services, int workerLimit)
    {
        foreach (var type in assemblies.Distinct().SelectMany(assembly => assembly.GetTypes()))
        {
            if (type is { IsClass: true, IsAbstract: false, ContainsGenericParameters: false } && type.IsSubclassOf(typeof(Grain)))
                Add(new GrainClass(type, types.GetGrainType(type), services, workerLimit));
        }
    }

    public bool Has(Type grainInterface) => _byInterface.ContainsKey(grainInterface);

    public GrainClass ClassOf(GrainType type) =>
        _byType.GetValueOrDefault(type)
        ?? throw new ArgumentException(
            $"No grain class is of type '{type}': add its assembly to {nameof(ClusterOptions.GrainAssemblies)}."
        );

    public GrainClass ClassOf(Type grainInterface, string? prefix)
    {
        var classes = _byInterface.GetValueOrDefault(grainInterface) ?? [];
        if (prefix is not null)
            classes = classes.FindAll(candidate => candidate.Type.FullName!.StartsWith(prefix, StringComparison.Ordinal));
        return classes switch
        {
            [var only] => only,
            [] => throw new ArgumentException(
                $"No grain class implements {grainInterface.Name}: add its assembly to {nameof(ClusterOptions.GrainAssemblies)}."
            ),
            _ => throw new ArgumentException(
                $"{grainInterface.Name} is implemented by {string.Join(" and ", classes.Select(c => c.Type.Name))}: "
                    + "say which by a class name prefix."
            ),
        };
    }

    private void Add(GrainClass grainClass)
    {
        _byType.Add(grainClass.GrainType, grainClass);
        foreach (var grainInterface in grainClass.Interfaces)
        {
            if (!_byInterface.TryGetValue(grainInterface, out var classes))
                _byInterface.Add(grainInterface, classes = []);
            classes.Add(grainClass);
        }
    }
}
