namespace ConvoSynth.Domains.Packs;

/// <summary>An error in a pack: file (relative to the pack), line from 1 (0: the file as a whole) and reason.</summary>
public sealed record PackDiagnostic(string File, int Line, string Reason)
{
    public override string ToString() => Line > 0 ? $"{File}:{Line}: {Reason}" : $"{File}: {Reason}";
}

/// <summary>A call made the pack's code do what no call may. The message says what, and on which arguments.</summary>
public sealed class PackDefect(string message, Exception inner) : Exception(message, inner);

/// <summary>The pack cannot be used. The message lists every error, one per line.</summary>
public sealed class PackException(string pack, IReadOnlyList<PackDiagnostic> faults)
    : Exception($"the pack {pack} cannot be used: {string.Join("\n  ", faults)}")
{
    public IReadOnlyList<PackDiagnostic> Faults { get; } = faults;
}
