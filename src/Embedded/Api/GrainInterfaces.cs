using Orleans.Runtime;

namespace Orleans.Runtime
{
    /// <summary>Something that calls can be addressed to: a grain, or a reference to one.</summary>
    public interface IAddressable;
}

namespace Orleans
{
    /// <summary>Marks grain interfaces.</summary>
    public interface IGrain : IAddressable;

    /// <summary>Marks grain interfaces whose grains are keyed by a string.</summary>
    public interface IGrainWithStringKey : IGrain;

    /// <summary>What the runtime asks of a grain class.</summary>
    public interface IGrainBase
    {
        IGrainContext GrainContext { get; }

        Task OnActivateAsync(CancellationToken token) => Task.CompletedTask;

        Task OnDeactivateAsync(DeactivationReason reason, CancellationToken token) => Task.CompletedTask;
    }

    /// <summary>Makes references to grains. A reference is cheap and always valid: its grain is activated by the first call.</summary>
    public interface IGrainFactory
    {
        /// <summary>The grain of this key whose class implements the interface.</summary>
        /// <exception cref="ArgumentException">No grain class, or more than one that the prefix does not tell apart, implements the interface.</exception>
        TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
            where TGrainInterface : IGrainWithStringKey;

        /// <summary>The grain of this id.</summary>
        /// <exception cref="ArgumentException">No grain class of that type implements the interface.</exception>
        TGrainInterface GetGrain<TGrainInterface>(GrainId grainId)
            where TGrainInterface : IAddressable;
    }

    /// <summary>The way in for code that is not itself a grain.</summary>
    public interface IClusterClient : IGrainFactory
    {
        IServiceProvider ServiceProvider { get; }
    }
}
