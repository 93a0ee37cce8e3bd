using ConvoSynth.Core;
using ConvoSynth.Core.Dialogues;

namespace ConvoSynth.Domains;

public enum ToolKind
{
    Read,
    Write,
    Transfer,
}

/// <summary>One argument of a tool.</summary>
/// <param name="Name">In snake_case, as the model sees it.</param>
/// <param name="Is">The field that it holds: <c>entity.field</c>; null for a free value.</param>
/// <param name="Schema">Its JSON Schema.</param>
/// <param name="Optional">Whether it may be left out.</param>
/// <param name="IsList">Whether it is a list; then <paramref name="Is"/> names its items.</param>
/// <param name="Parts">For a record or a list of records: the field that each property holds, by name; null for a free value.</param>
public sealed record ToolParameter(
    string Name,
    string? Is,
    Json Schema,
    bool Optional,
    bool IsList,
    ArgumentBinder Binder,
    Json Default,
    IReadOnlyDictionary<string, string?> Parts
);

/// <summary>A function of the pack that formulas can call.</summary>
/// <param name="Type">The field type of its result.</param>
public sealed record PackFunction(string Name, string Type, IReadOnlyList<ArgumentBinder> Parameters, Func<Db, object?[], Json> Invoke);

/// <summary>A tool of a pack.</summary>
public sealed record ToolSpec
{
    public required string Name { get; init; }

    public required ToolKind Kind { get; init; }

    public required ToolDefinition Definition { get; init; }

    public required IReadOnlyList<ToolParameter> Parameters { get; init; }

    /// <summary>Entities and fields that the result shows.</summary>
    public IReadOnlyList<string> Reveals { get; init; } = [];

    /// <summary>Entities and fields that it may change.</summary>
    public IReadOnlyList<string> Changes { get; init; } = [];

    public IReadOnlyList<GuardSpec> Guards { get; init; } = [];

    /// <summary>Calls the method on the pack's tools with bound arguments.</summary>
    public required Func<object, object?[], object?> Invoke { get; init; }

    /// <summary>Whether a row that its result should show and does not is unavailable.</summary>
    public bool Omits { get; init; }

    /// <summary>Whether it evaluates the arithmetic expression that is its only argument.</summary>
    public bool Calculates { get; init; }

    public bool Writes => Kind == ToolKind.Write;

    public ToolParameter? Parameter(string name) => Parameters.FirstOrDefault(p => p.Name == name);
}

/// <summary>The source of a guard parameter's value.</summary>
public enum GuardInput
{
    Db,
    Row,
    Argument,
}

/// <summary>One parameter of a guard: the database, a row of the named entity, or the named argument of the call.</summary>
public sealed record GuardParameter(GuardInput Input, string Name, ArgumentBinder? Binder);

/// <summary>An executable condition on a tool, and the policy clause that it enforces.</summary>
public sealed record GuardSpec
{
    public required string Name { get; init; }

    public required string Clause { get; init; }

    /// <summary>Whether the tool itself returns the error.</summary>
    public required bool Enforced { get; init; }

    public required IReadOnlyList<GuardParameter> Parameters
    {
        get;
        init
        {
            field = value;
            DependsOnRowsOnly = value.All(p => p.Input != GuardInput.Argument);
        }
    }

    public required Func<object?[], bool> Test { get; init; }

    /// <summary>Whether the rows alone decide, independently of the other arguments.</summary>
    public bool DependsOnRowsOnly { get; private init; }
}

/// <summary>Converts an argument's JSON to the type that the method takes.</summary>
/// <exception cref="ToolError">The value does not fit.</exception>
public delegate object? ArgumentBinder(Json value);
