using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace ConvoSynth.Core;

/// <summary>When the human says a fact.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Disclosure>))]
public enum Disclosure
{
    [JsonStringEnumMemberName("volunteer")]
    Volunteer,

    [JsonStringEnumMemberName("when-asked")]
    WhenAsked,

    [JsonStringEnumMemberName("never")]
    Never,
}

/// <summary>One thing that the human knows.</summary>
/// <param name="Slot">Its name within the blueprint: <c>member.card_no</c>, <c>a.title</c>, <c>1.weeks</c> (an argument of request 1).</param>
/// <param name="Value">The value as the database or a tool's argument has it.</param>
/// <param name="Type">The field type that parses and spells it: <c>id</c>, <c>money</c>, <c>date</c>, …</param>
/// <param name="Label">What people call it: "card number".</param>
/// <param name="Said">The value as people say it: "March 4".</param>
/// <param name="Disclosure">When the human says it.</param>
public sealed record Fact(string Slot, Json Value, string Type, string Label, string Said, Disclosure Disclosure)
{
    /// <summary>What an agent asks for to learn it, completing "Could you tell me …?": "which order you mean".</summary>
    /// <value>Null by default: the label. Empty where nothing names it: then the agent asks for the details as a whole.</value>
    public string? Ask { get; init; }

    /// <summary>The fact as a clause of the human's: "it's the order with the lamp".</summary>
    /// <value>Null by default: label and value.</value>
    public string? Answer { get; init; }
}

/// <summary>What a request asks for.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RequestKind>))]
public enum RequestKind
{
    /// <summary>A write that policy allows.</summary>
    [JsonStringEnumMemberName("do")]
    Do,

    /// <summary>A write that policy forbids here: the right answer is a refusal with its reason.</summary>
    [JsonStringEnumMemberName("refuse")]
    Refuse,

    /// <summary>A question whose answer must be read or computed.</summary>
    [JsonStringEnumMemberName("tell")]
    Tell,
}

/// <summary>
/// One thing that the human wants, as planned: what is asked, what the truth of the database makes of it, and the gold actions that
/// serve it. A conditional wish is one request with <see cref="Alternatives"/>; exactly one of them is <see cref="Alternative.Taken"/>.
/// </summary>
public sealed record Request
{
    public required RequestKind Kind { get; init; }

    /// <summary>The tool that is asked for; null for a question.</summary>
    public string? Tool { get; init; }

    /// <summary>What is wanted with all its facts, completing "I would like to …": <c>renew "Dune" for 2 weeks</c>. For a question, what the human wants to know.</summary>
    public required string Words { get; init; }

    /// <summary>The same without any fact, for a human who gives them only when asked: <c>renew a loan</c>.</summary>
    public required string Brief { get; init; }

    /// <summary>For a write: the same as the agent says it, completing "I can …".</summary>
    /// <value>Null by default: as <see cref="Words"/> has it.</value>
    public string? Offer { get; init; }

    /// <summary>Slots of the facts in <see cref="Words"/>, in the order in which people say them.</summary>
    public ImmutableArray<string> Slots { get; init; } = [];

    /// <summary>The branches of a condition, in order of preference; empty when the wish is plain. Of a taken branch <see cref="Words"/> tells the wish.</summary>
    public ImmutableArray<Alternative> Alternatives { get; init; } = [];

    /// <summary>For a write: the details that the agent states before it asks for a yes, each "label: value".</summary>
    public ImmutableArray<string> Confirm { get; init; } = [];

    /// <summary>For a write: ways to report it, each a full clause. For a question: ways to answer it.</summary>
    public ImmutableArray<string> Done { get; init; } = [];

    /// <summary>Reasons why the asked-for (or first preferred) write is refused, each completing "because …"; empty where nothing is refused.</summary>
    public ImmutableArray<string> Because { get; init; } = [];

    /// <summary>Index of the first gold action that serves this request, and how many do.</summary>
    public int FirstAction { get; init; }

    public int ActionCount { get; init; }

    /// <summary>Index into <see cref="Blueprint.Outputs"/> of the answers that this request expects.</summary>
    public ImmutableArray<int> Outputs { get; init; } = [];

    /// <summary>Index into <see cref="Blueprint.Refusals"/> of the refusals that this request earns.</summary>
    public ImmutableArray<int> Refusals { get; init; } = [];
}

/// <summary>One branch of a conditional wish.</summary>
/// <param name="When">The condition in plain words, completing "…, I would like to …": "if that is possible", "if it cost more than $100", "otherwise".</param>
/// <param name="Words">What is wanted then: <c>renew "Dune" for 2 weeks</c>.</param>
/// <param name="Taken">Whether the database makes this the branch to take.</param>
public sealed record Alternative(string When, string Words, bool Taken)
{
    /// <summary>For a write: the same as the agent says it, completing "I can …".</summary>
    public string? Offer { get; init; }

    /// <summary>Why the write is refused, completing "because …"; null where policy does not forbid it.</summary>
    public string? Because { get; init; }
}

/// <summary>What the human wants and knows. The instruction is rendered from it.</summary>
public sealed record Scenario
{
    /// <summary>Why the human calls, in one clause of plain words.</summary>
    public required string Reason { get; init; }

    public required ImmutableArray<Fact> Facts { get; init; }

    /// <summary>What the human does not know and must not make up, as labels ("loan number").</summary>
    public ImmutableArray<string> Unknowns { get; init; } = [];

    public required ImmutableArray<Request> Requests { get; init; }

    /// <summary>When the human is done, in plain words.</summary>
    public required string StopWhen { get; init; }

    public Fact? Fact(string slot) => Facts.FirstOrDefault(f => string.Equals(f.Slot, slot, StringComparison.Ordinal));
}

/// <summary>Manner only: it never carries facts.</summary>
/// <param name="Name">The persona's name in <c>personas.yaml</c>.</param>
/// <param name="Manner">How the person talks, in words for a model: "brief, a little impatient".</param>
/// <param name="Traits">Dials for the rehearsal model, each 0..1: <c>brief</c>, <c>polite</c>, <c>chatty</c>, <c>hurried</c>, <c>unsure</c>, <c>careful</c>, <c>cross</c>, <c>lower_case</c>.</param>
public sealed record Persona(string Name, string Manner, Json Traits);
