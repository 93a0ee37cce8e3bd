using System.Diagnostics.CodeAnalysis;

namespace ConvoSynth.Review.Tests;

/// <summary>A test that needs Chromium, Node and the packages of tests/browser; without them it is skipped with instructions.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserFactAttribute : FactAttribute
{
    [SuppressMessage("Design", "CA1019", Justification = "The reason is computed, not given.")]
    public BrowserFactAttribute()
    {
        if (Browser.Missing is { } missing)
            Skip = missing;
    }
}
