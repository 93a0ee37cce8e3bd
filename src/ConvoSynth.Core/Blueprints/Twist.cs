using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace ConvoSynth.Core.Blueprints;

/// <summary>A failure that the environment plays in place of a call, although the call is right.</summary>
/// <param name="Tool">The tool that fails.</param>
/// <param name="Call">Which call of the tool in the dialogue fails, from 1; 0: every call does, for good.</param>
/// <param name="Text">The observation, beginning with <c>Error: </c>.</param>
public sealed record ToolFailure(string Tool, int Call, string Text);

/// <summary>The value of a fact before the human changes their mind.</summary>
/// <param name="Slot">The fact that changes.</param>
/// <param name="Value">Its value at first.</param>
/// <param name="Said">That value in speech.</param>
/// <param name="Offer">The first wish in the form of <see cref="Request.Offer"/>; null if no words are known.</param>
public sealed record FirstValue(string Slot, Json Value, string Said, string? Offer)
{
    /// <summary>Whether the human said it by mistake, and does not change their mind.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsMistake { get; init; }
}

/// <summary>A value of a write that the human does not say, since another record of theirs has it.</summary>
/// <param name="Entity">The entity of that record.</param>
/// <param name="Key">Its key.</param>
/// <param name="Write">Index of the gold write that takes the value.</param>
/// <param name="Parameter">The write's parameter for it.</param>
/// <param name="Reads">Indexes of the gold reads that are made for that record alone.</param>
public sealed record ValueElsewhere(string Entity, Json Key, int Write, string Parameter, ImmutableArray<int> Reads);

/// <summary>Words that no tool and no clause of the policy is about.</summary>
/// <param name="Subject">What they are about, such as <c>weather</c>.</param>
public sealed record SmallTalk(string Subject, string Words);

/// <summary>What a human says who does not stop when all is done.</summary>
/// <param name="Request">The request that they ask for once more; null if they only talk.</param>
public sealed record Lingering(string Words, int? Request);

/// <summary>A wish that the human makes only if an answer suits them.</summary>
/// <param name="Wish">The wish without any fact, as <see cref="Request.Brief"/> has it.</param>
/// <param name="Suits">Whether the true answer suits them, so that they make the wish.</param>
/// <param name="Misread">A wrong answer, as it is spoken, after which they would decide the other way.</param>
public sealed record Decision(string Wish, bool Suits, string Misread);

/// <summary>A clause of the policy with another text.</summary>
/// <param name="Clause">Its number.</param>
/// <param name="From">The pack's text.</param>
/// <param name="Text">The text in the task.</param>
public sealed record Amendment(string Clause, string From, string Text)
{
    /// <summary>The policy, or a prompt that holds it, with the task's text of the clause.</summary>
    public string In(string policy) => policy.Replace(From, Text, StringComparison.Ordinal);
}

/// <summary>What a slice adds to a task beyond its scenario. The environment, the rehearsal model and the checks follow it.</summary>
public sealed record Twist
{
    /// <summary>Slots of facts that the human leaves out until the agent asks for them; no tool shows them.</summary>
    public ImmutableArray<string> Withheld { get; init; } = [];

    /// <summary>Failures that the environment plays.</summary>
    public ImmutableArray<ToolFailure> Failures { get; init; } = [];

    /// <summary>Writes that an agent makes which does not notice the twist; the environment was tried with each.</summary>
    public ImmutableArray<PlannedWrite> Tempting { get; init; } = [];

    /// <summary>A tool that is absent at first, and is offered once the agent has said that it lacks it; null if none is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? LateTool { get; init; }

    /// <summary>
    /// Indexes of gold actions that do not depend on each other, as groups: run in each order they show the same and end in the same
    /// state. Null if the policy does not ask for such calls in one message.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<ImmutableArray<int>>? Together { get; init; }

    /// <summary>The clause that says something else in this task; null if the policy is the pack's own.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Amendment? Amended { get; init; }

    /// <summary>How many rows like the meant one a read of the gold shows before it; null if nothing crowds it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? RowsBefore { get; init; }

    /// <summary>What the human claims after a refusal, although it is not so; null if nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Claim { get; init; }

    /// <summary>Where alone a value stands that the human wants used; null if they say all values.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ValueElsewhere? Elsewhere { get; init; }

    /// <summary>What the human begins with, which is off the subject; null if they begin with their wish.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SmallTalk? OffSubject { get; init; }

    /// <summary>What the human still says when all is done, in order; null if they stop then.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<Lingering>? Lingering { get; init; }

    /// <summary>What the human decides by the first answer; null if they know from the beginning what they want.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Decision? Decision { get; init; }

    /// <summary>What the agent is told in this task beside its policy, at the end of its system message; null for nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Notice { get; init; }
}
