using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Runs.Specs;

/// <summary>One option of a run, for the spec and the command line alike.</summary>
/// <param name="Key">In a spec; <c>budget.max_cost</c> stands under <c>budget</c>.</param>
/// <param name="About">One or two sentences of help.</param>
public abstract record RunOption(string Key, string About)
{
    /// <summary>On the command line; null if <see cref="FileOnly"/> says why there is none.</summary>
    public string? Name { get; init; }

    /// <summary>Why the command line lacks the option.</summary>
    public string? FileOnly { get; init; }

    /// <summary>Null without a default of its own.</summary>
    public abstract object? Usual { get; }

    internal abstract object? ReadFrom(YamlPart part, string folder);
}

/// <inheritdoc/>
/// <typeparam name="T">Nullable: null stands for an absent value.</typeparam>
/// <param name="Read">Reads the value in a file of the given folder.</param>
public sealed record RunOption<T>(string Key, string About, Func<YamlPart, string, T> Read) : RunOption(Key, About)
{
    public T? Default { get; init; }

    /// <summary>The problem of a value, with the name of what has it; null if there is none.</summary>
    public Func<string, T, string?>? Range { get; init; }

    public override object? Usual => Default;

    internal override object? ReadFrom(YamlPart part, string folder)
    {
        var value = Read(part, folder);
        if (value is not null && Range?.Invoke(Key, value) is { } problem)
            part.Fail(problem);
        return value;
    }
}
