namespace ConvoSynth.Embedded.Runtime;

/// <summary>The activation whose turn the current thread runs; null outside turns.</summary>
internal static class RuntimeContext
{
    [ThreadStatic]
    private static Activation? _current;

    public static Activation? Current
    {
        get => _current;
        set => _current = value;
    }
}
