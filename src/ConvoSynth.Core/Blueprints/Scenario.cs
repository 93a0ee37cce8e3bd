using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace ConvoSynth.Core.Blueprints;

/// <summary>When the human states a fact.</summary>
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

/// <summary>One item of the human's knowledge.</summary>
/// <param name="Slot">
/// Its name within the blueprint: <c>member.card_no</c>, <c>a.title</c>, <c>1.weeks</c> (an argument of request 1).
/// </param>
/// <param name="Value">The value as in the database or a tool's argument.</param>
/// <param name="Type">The field type that parses and spells it: <c>id</c>, <c>money</c>, <c>date</c>, …</param>
/// <param name="Label">The everyday name: "card number".</param>
/// <param name="Said">The value in speech: "March 4".</param>
public sealed record Fact(string Slot, Json Value, string Type, string Label, string Said, Disclosure Disclosure)
{
    /// <summary>How an agent asks for it, completing "Could you tell me …?": "which order you mean".</summary>
    /// <value>Null by default: the label. Empty if it has no name: the agent then asks for the details as a whole.</value>
    public string? Ask { get; init; }

    /// <summary>The fact as a clause that the human says: "it's the order with the lamp".</summary>
    /// <value>Null by default: label and value.</value>
    public string? Answer { get; init; }
}

/// <summary>Kind of a request.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RequestKind>))]
public enum RequestKind
{
    /// <summary>A write that policy allows.</summary>
    [JsonStringEnumMemberName("do")]
    Do,

    /// <summary>A write that policy forbids in this case: the right answer is a refusal with its reason.</summary>
    [JsonStringEnumMemberName("refuse")]
    Refuse,

    /// <summary>A question; its answer must be read or computed.</summary>
    [JsonStringEnumMemberName("tell")]
    Tell,
}

/// <summary>
/// One wish of the human, as planned: the request, its outcome given the database, and the gold actions that serve it. A conditional wish
/// is one request with <see cref="Alternatives"/>; exactly one of them is <see cref="Alternative.Taken"/>.
/// </summary>
public sealed record Request
{
    public required RequestKind Kind { get; init; }

    /// <summary>The requested tool; null for a question.</summary>
    public string? Tool { get; init; }

    /// <summary>
    /// The wish with all its facts, completing "I would like to …": <c>renew "Dune" for 2 weeks</c>. For a question, what the human wants
    /// to know.
    /// </summary>
    public required string Words { get; init; }

    /// <summary>The wish without any fact, for a human who gives facts only when asked: <c>renew a loan</c>.</summary>
    public required string Brief { get; init; }

    /// <summary>For a write: the wish as the agent offers it, completing "I can …".</summary>
    /// <value>Null by default: <see cref="Words"/>.</value>
    public string? Offer { get; init; }

    /// <summary>
    /// The wish as the human words it first: before they change their mind, or in words that fit several rows. Null if they say
    /// <see cref="Words"/> at once.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Opening { get; init; }

    /// <summary>What the human changes their mind about; null if they do not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public FirstValue? First { get; init; }

    /// <summary>What an answer must be for the human to make this wish: "if it is at most $20". They keep it to themselves.</summary>
    /// <value>Null by default: they make the wish whatever they hear.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? When { get; init; }

    /// <summary>Slots of the facts in <see cref="Words"/>, in spoken order.</summary>
    public ImmutableArray<string> Slots { get; init; } = [];

    /// <summary>
    /// The branches of a condition, in order of preference; empty for a plain wish. <see cref="Words"/> states the wish of the taken
    /// branch.
    /// </summary>
    public ImmutableArray<Alternative> Alternatives { get; init; } = [];

    /// <summary>For a write: the details that the agent states before it asks for confirmation, each "label: value".</summary>
    public ImmutableArray<string> Confirm { get; init; } = [];

    /// <summary>For a write: ways to report it, each a full clause. For a question: ways to answer it.</summary>
    public ImmutableArray<string> Done { get; init; } = [];

    /// <summary>
    /// Reasons to refuse the requested (or first preferred) write, each completing "because …"; empty without a refusal.
    /// </summary>
    public ImmutableArray<string> Because { get; init; } = [];

    /// <summary>Index of the first gold action that serves this request; <see cref="ActionCount"/> actions do.</summary>
    public int FirstAction { get; init; }

    public int ActionCount { get; init; }

    /// <summary>Indexes into <see cref="Blueprint.Outputs"/> of the answers that this request expects.</summary>
    public ImmutableArray<int> Outputs { get; init; } = [];

    /// <summary>Indexes into <see cref="Blueprint.Refusals"/> of the refusals that this request requires.</summary>
    public ImmutableArray<int> Refusals { get; init; } = [];

    /// <summary>Whether this is one write, without a condition and without a refusal before it.</summary>
    [JsonIgnore]
    public bool IsPlain => Kind == RequestKind.Do && Alternatives.IsEmpty && Because.IsEmpty;
}

/// <summary>One branch of a conditional wish.</summary>
/// <param name="When">
/// The condition in plain words, completing "…, I would like to …": "if that is possible", "if it cost more than $100", "otherwise".
/// </param>
/// <param name="Words">The wish under this condition: <c>renew "Dune" for 2 weeks</c>.</param>
/// <param name="Taken">Whether the database makes this the right branch.</param>
public sealed record Alternative(string When, string Words, bool Taken)
{
    /// <summary>For a write: the wish as the agent offers it, completing "I can …".</summary>
    public string? Offer { get; init; }

    /// <summary>Why the write is refused, completing "because …"; null if policy allows it.</summary>
    public string? Because { get; init; }
}

/// <summary>What the human wants and knows. The instruction is rendered from it.</summary>
public sealed record Scenario
{
    /// <summary>Why the human calls, in one plain clause.</summary>
    public required string Reason { get; init; }

    public required ImmutableArray<Fact> Facts { get; init; }

    /// <summary>What the human does not know and must not invent, as labels ("loan number").</summary>
    public ImmutableArray<string> Unknowns { get; init; } = [];

    public required ImmutableArray<Request> Requests { get; init; }

    /// <summary>When the human is done, in plain words.</summary>
    public required string StopWhen { get; init; }

    /// <summary>How the human takes what the agent says, as whole sentences in the second person; null for nothing in particular.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Conduct { get; init; }

    public Fact? Fact(string slot) => Facts.FirstOrDefault(f => string.Equals(f.Slot, slot, StringComparison.Ordinal));
}

/// <summary>A manner of speaking; it never contains facts.</summary>
/// <param name="Name">The persona's name in <c>personas.yaml</c>.</param>
/// <param name="Manner">How the persona talks, as a description for a model: "brief, a little impatient".</param>
/// <param name="Traits">
/// Dials for the rehearsal model, each 0 to 1: <c>brief</c>, <c>polite</c>, <c>chatty</c>, <c>hurried</c>, <c>unsure</c>, <c>careful</c>,
/// <c>cross</c>, <c>lower_case</c>.
/// </param>
public sealed record Persona(string Name, string Manner, Json Traits);
