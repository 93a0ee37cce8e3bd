using Orleans.Placement;

namespace Orleans
{
    /// <summary>A name of a type or method that stays when the code is renamed. This runtime has no wire to other versions and only carries it.</summary>
    [AttributeUsage(
        AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Enum | AttributeTargets.Method | AttributeTargets.Interface,
        AllowMultiple = true)]
    public sealed class AliasAttribute(string alias) : Attribute
    {
        public string Alias { get; } = alias;
    }

    /// <summary>Says that a value is never changed, so that it needs no copy. This runtime copies nothing outside wire mode.</summary>
    [AttributeUsage(
        AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Property | AttributeTargets.Field
            | AttributeTargets.Parameter | AttributeTargets.ReturnValue,
        Inherited = false)]
    public sealed class ImmutableAttribute : Attribute;

    /// <summary>How long a caller waits for this method's response, as <see cref="TimeSpan.Parse(string)"/> reads it.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    public sealed class ResponseTimeoutAttribute(string timeout) : Attribute
    {
        public TimeSpan? Timeout { get; init; } = TimeSpan.Parse(timeout);
    }
}

namespace Orleans.Concurrency
{
    /// <summary>On an interface method: its calls start at once, whatever the activation awaits.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    public sealed class AlwaysInterleaveAttribute : Attribute;

    /// <summary>On an interface method: its calls may run beside other read-only calls.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    public sealed class ReadOnlyAttribute : Attribute;

    /// <summary>On a grain class: any request may start while another awaits.</summary>
    [AttributeUsage(AttributeTargets.Class)]
    public sealed class ReentrantAttribute : Attribute;

    /// <summary>On a grain class: several activations of one key may serve at a time.</summary>
    [AttributeUsage(AttributeTargets.Class)]
    public sealed class StatelessWorkerAttribute : PlacementAttribute
    {
        public StatelessWorkerAttribute()
            : this(-1, true)
        {
        }

        /// <summary>Bounds the activations.</summary>
        /// <param name="maxLocalWorkers">The most activations at a time; below 1 for as many as there are processors.</param>
        public StatelessWorkerAttribute(int maxLocalWorkers)
            : this(maxLocalWorkers, true)
        {
        }

        /// <summary>Bounds the activations, and says what becomes of idle ones.</summary>
        /// <param name="maxLocalWorkers">The most activations at a time; below 1 for as many as there are processors.</param>
        /// <param name="removeIdleWorkers">Carried only: idle workers end at the idle collection age.</param>
        public StatelessWorkerAttribute(int maxLocalWorkers, bool removeIdleWorkers)
        {
            MaxLocalWorkers = maxLocalWorkers;
            RemoveIdleWorkers = removeIdleWorkers;
        }

        internal int MaxLocalWorkers { get; }

        internal bool RemoveIdleWorkers { get; }
    }
}

namespace Orleans.Placement
{
    /// <summary>Says where a grain's activations go. There is one place here.</summary>
    [AttributeUsage(AttributeTargets.Class, AllowMultiple = false)]
    public abstract class PlacementAttribute : Attribute;

    /// <summary>Activates beside the caller, as everything does here.</summary>
    [AttributeUsage(AttributeTargets.Class, AllowMultiple = false)]
    public sealed class PreferLocalPlacementAttribute : PlacementAttribute;
}
