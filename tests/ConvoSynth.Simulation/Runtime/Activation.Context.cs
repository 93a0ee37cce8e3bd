using Orleans.Runtime;

namespace ConvoSynth.Simulation.Runtime;

/// <content>What Orleans' own code and generated code require of a context. Members that no grain here uses throw.</content>
internal sealed partial class Activation
{
    private readonly Dictionary<Type, object?> _components = [];

    public GrainReference GrainReference => Runtime.References.Create(Class.Interfaces[0], GrainId);

    public ActivationId ActivationId => new(new Guid((int)Serial, 0, 0, new byte[8]));

    public GrainAddress Address =>
        new()
        {
            GrainId = GrainId,
            ActivationId = ActivationId,
            SiloAddress = Silo.Address,
        };

    public IGrainLifecycle ObservableLifecycle => throw NotSimulated();

    public IWorkItemScheduler Scheduler => throw NotSimulated();

    public object? GetTarget() => GrainInstance;

    public object? GetComponent(Type componentType) =>
        componentType.IsInstanceOfType(GrainInstance) ? GrainInstance : _components.GetValueOrDefault(componentType);

    public void SetComponent<TComponent>(TComponent? value)
        where TComponent : class => _components[typeof(TComponent)] = value;

    public void ReceiveMessage(object message) => throw NotSimulated();

    public void Activate(Dictionary<string, object>? requestContext, CancellationToken cancellationToken = default) => throw NotSimulated();

    public void Rehydrate(IRehydrationContext context) => throw NotSimulated();

    public void Migrate(Dictionary<string, object>? requestContext, CancellationToken cancellationToken = default) => throw NotSimulated();

    private static NotSupportedException NotSimulated() => new("This part of a grain's context is not simulated.");
}
