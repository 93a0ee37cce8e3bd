using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Metadata;
using Orleans.Runtime;

namespace ConvoSynth.Simulation.Runtime;

/// <summary>The properties of a grain class, derived from its attributes as on a silo.</summary>
internal sealed class GrainClass
{
    // Orleans keeps the name of this property internal.
    private const string WorkersProperty = "max-local-instances";

    private static readonly Type[] _activateParameters = [typeof(CancellationToken)];
    private static readonly Type[] _deactivateParameters = [typeof(DeactivationReason), typeof(CancellationToken)];

    private readonly ObjectFactory _factory;

    public GrainClass(Type type, GrainType grainType, IServiceProvider services, int workerLimit)
    {
        (Type, GrainType) = (type, grainType);
        Interfaces =
        [
            .. type.GetInterfaces()
                .Where(i => i.IsAssignableTo(typeof(IGrain)) && i.Assembly != typeof(IGrain).Assembly)
                .OrderByDescending(i => i.GetInterfaces().Length)
                .ThenBy(i => i.FullName, StringComparer.Ordinal),
        ];
        var properties = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var provider in type.GetCustomAttributes(inherit: true).OfType<IGrainPropertiesProviderAttribute>())
            provider.Populate(services, type, grainType, properties);
        if (properties.ContainsKey(WellKnownGrainTypeProperties.MayInterleavePredicate))
            throw new NotSupportedException($"{type.Name} has [MayInterleave], which is not simulated.");
        IsReentrant = properties.ContainsKey(WellKnownGrainTypeProperties.Reentrant);
        PrefersLocal = properties.GetValueOrDefault(WellKnownGrainTypeProperties.PlacementStrategy) == "PreferLocalPlacement";
        if (properties.TryGetValue(WorkersProperty, out var workers))
            MaxWorkers = Math.Min(workerLimit, int.Parse(workers, CultureInfo.InvariantCulture));
        if (properties.TryGetValue(WellKnownGrainTypeProperties.IdleDeactivationPeriod, out var age))
            CollectionAge = AgeOf(age);
        HandlesActivation = Overrides(type, nameof(Grain.OnActivateAsync), _activateParameters);
        HandlesDeactivation = Overrides(type, nameof(Grain.OnDeactivateAsync), _deactivateParameters);
        _factory = ActivatorUtilities.CreateFactory(type, []);
    }

    public Type Type { get; }

    public GrainType GrainType { get; }

    /// <summary>The grain interfaces that it implements, the most derived first.</summary>
    public IReadOnlyList<Type> Interfaces { get; }

    public bool IsReentrant { get; }

    /// <summary>Whether a new activation goes to its caller's silo.</summary>
    public bool PrefersLocal { get; }

    /// <summary>Maximum activations of one key per silo; 0 for a grain with a single activation.</summary>
    public int MaxWorkers { get; }

    /// <summary>Idle time before an activation is collected; null for the cluster's limit.</summary>
    public TimeSpan? CollectionAge { get; }

    public bool HandlesActivation { get; }

    public bool HandlesDeactivation { get; }

    /// <summary>Creates the grain object of an activation, on a turn of that activation.</summary>
    /// <exception cref="InvalidOperationException">The constructor failed, or a required service is missing.</exception>
    public object Construct(Activation activation)
    {
        try
        {
            return _factory(activation.ActivationServices, null);
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException(
                $"{Type.Name} could not be constructed for {activation.GrainId}: {failure.Message}",
                failure
            );
        }
    }

    private static TimeSpan AgeOf(string age) =>
        age == WellKnownGrainTypeProperties.IndefiniteIdleDeactivationPeriodValue
            ? Timeout.InfiniteTimeSpan
            : TimeSpan.Parse(age, CultureInfo.InvariantCulture);

    private static bool Overrides(Type type, string method, Type[] parameters) =>
        type.GetMethod(method, parameters) is { } found && found.DeclaringType != typeof(Grain);
}
