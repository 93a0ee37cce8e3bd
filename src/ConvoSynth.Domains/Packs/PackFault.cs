namespace ConvoSynth.Domains;

/// <summary>Something wrong with a pack: file (relative to the pack), line from 1 (0: the file as a whole) and reason.</summary>
public sealed record PackFault(string File, int Line, string Reason)
{
    public override string ToString() => Line > 0 ? $"{File}:{Line}: {Reason}" : $"{File}: {Reason}";
}

/// <summary>The code of a pack did what no call may make it do. The message says what and on which arguments.</summary>
public sealed class PackDefect(string message, Exception inner) : Exception(message, inner);

/// <summary>A pack that cannot be used. The message lists every fault, one a line.</summary>
public sealed class PackException(string pack, IReadOnlyList<PackFault> faults)
    : Exception($"the pack {pack} cannot be used: {string.Join("\n  ", faults)}")
{
    public IReadOnlyList<PackFault> Faults { get; } = faults;
}
