using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace ConvoSynth.Embedded.Runtime;

/// <summary>What the runtime knows of a grain class.</summary>
internal sealed class GrainClass
{
    private static readonly Type[] _activateParameters = [typeof(CancellationToken)];
    private static readonly Type[] _deactivateParameters = [typeof(DeactivationReason), typeof(CancellationToken)];

    private readonly ObjectFactory _factory;
    private readonly bool _needsServices;

    public GrainClass(Type type)
    {
        Type = type;
        GrainType = GrainType.Create(NameOf(type));
        IsReentrant = type.IsDefined(typeof(ReentrantAttribute), inherit: true);
        if (type.GetCustomAttribute<StatelessWorkerAttribute>() is { } worker)
            MaxWorkers = worker.MaxLocalWorkers > 0 ? worker.MaxLocalWorkers : Environment.ProcessorCount;
        HandlesActivation = Overrides(type, nameof(Grain.OnActivateAsync), _activateParameters);
        HandlesDeactivation = Overrides(type, nameof(Grain.OnDeactivateAsync), _deactivateParameters);
        _factory = ActivatorUtilities.CreateFactory(type, []);
        _needsServices = type.GetConstructors().Any(constructor => constructor.GetParameters().Length > 0);
    }

    public Type Type { get; }

    public GrainType GrainType { get; }

    public bool IsReentrant { get; }

    /// <summary>The most activations of one key at a time; 0 for a grain with a single activation.</summary>
    public int MaxWorkers { get; }

    public bool HandlesActivation { get; }

    public bool HandlesDeactivation { get; }

    /// <summary>Makes the grain object of an activation, whose turn it is.</summary>
    /// <exception cref="InvalidOperationException">The constructor failed, or a service that it takes is missing.</exception>
    public object Construct(Activation activation)
    {
        try
        {
            return _factory(_needsServices ? activation.ActivationServices : activation.Runtime.ServiceProvider, null);
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException($"{Type.Name} could not be constructed for {activation.GrainId}: {failure.Message}", failure);
        }
    }

    private static string NameOf(Type type)
    {
        const string Ending = "Grain";
        var name = type.Name;
        if (name.Length > Ending.Length && name.EndsWith(Ending, StringComparison.Ordinal))
            name = name[..^Ending.Length];
        return name.ToLowerInvariant();
    }

    private static bool Overrides(Type type, string method, Type[] parameters) =>
        type.GetMethod(method, parameters) is { } found && found.DeclaringType != typeof(Grain);
}
