using ConvoSynth.Core;
using ConvoSynth.Domains.Formulas;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Intents;

/// <summary>A row that an intent is about.</summary>
public sealed record SlotSpec
{
    public required string Name { get; init; }

    /// <summary>The entity; null for an entry of a list file.</summary>
    public EntitySpec? Entity { get; init; }

    /// <summary>The slot whose row contains this row or is related to it.</summary>
    public string? Of { get; init; }

    public Formula? Where { get; init; }

    /// <summary>
    /// <c>min</c> or <c>max</c> with the compared value: the human states the choice in words and does not know the row.
    /// </summary>
    public (bool Smallest, Formula By)? Pick { get; init; }

    /// <summary>
    /// How the human refers to the row, or states the choice: "the cheapest one in stock"; null for its entity's usual description.
    /// </summary>
    public string? Say { get; init; }

    /// <summary>The entries of a list file; the human knows all their fields.</summary>
    public IReadOnlyList<JsonMap> Entries { get; init; } = [];
}

/// <summary>One argument of a goal's call.</summary>
public abstract record ArgumentSpec;

/// <summary>Any allowed value; the human decides.</summary>
public sealed record AnyValue : ArgumentSpec;

public sealed record ValueOf(Formula Formula) : ArgumentSpec;

public sealed record ListOf(IReadOnlyList<ArgumentSpec> Items) : ArgumentSpec;

/// <summary>A record: its properties by name.</summary>
public sealed record RecordOf(IReadOnlyList<(string Name, ArgumentSpec Value)> Parts) : ArgumentSpec;

/// <summary>Something the human wants.</summary>
public abstract record GoalSpec(int Line);

/// <summary>
/// A write. <see cref="Else"/> is the goal if a guard forbids it. <see cref="Quotes"/> are amounts that the agent states before the
/// human confirms.
/// </summary>
public sealed record DoGoal(
    ToolSpec Tool,
    IReadOnlyList<(ToolParameter Parameter, ArgumentSpec Value)> With,
    GoalSpec? Else,
    string? Say,
    int Line
) : GoalSpec(Line)
{
    public IReadOnlyList<(string Label, Formula Amount)> Quotes { get; init; } = [];
}

public sealed record IfGoal(Formula Condition, string Say, GoalSpec Then, GoalSpec Else, int Line) : GoalSpec(Line);

/// <summary>A question. <see cref="Say"/> completes "you want to know …".</summary>
public sealed record TellGoal(Formula Answer, string Type, string Say, bool AtEnd, int Line) : GoalSpec(Line);

/// <summary>A goal over rows: the subject of a kind of task, with no path prescribed.</summary>
public sealed record IntentSpec
{
    public required string Id { get; init; }

    /// <summary>Why the human calls: second-person clauses.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }

    public required IReadOnlyList<SlotSpec> Slots { get; init; }

    public required IReadOnlyList<GoalSpec> Goals { get; init; }

    public int Line { get; init; }

    public SlotSpec? Slot(string name) => Slots.FirstOrDefault(s => s.Name == name);
}
