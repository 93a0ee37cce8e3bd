using System.Diagnostics.CodeAnalysis;

namespace ConvoSynth.Interop.Tests;

/// <summary>A test that needs Node and the packages of tests/interop; without them it is skipped with instructions.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class InteropFactAttribute : FactAttribute
{
    private static readonly string? Missing = Node.Missing();

    [SuppressMessage("Design", "CA1019", Justification = "The reason is computed, not given.")]
    public InteropFactAttribute()
    {
        if (Missing is not null)
            Skip = Missing;
    }
}
