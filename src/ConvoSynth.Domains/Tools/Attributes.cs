namespace ConvoSynth.Domains;

/// <summary>
/// A tool of a pack. Its name is the method's name in snake_case; its JSON Schema is derived from the method's signature.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public abstract class ToolAttribute(string description) : Attribute
{
    public string Description { get; } = description;
}

/// <summary>A tool that never changes state.</summary>
public sealed class ReadAttribute(string description) : ToolAttribute(description)
{
    /// <summary>
    /// What its result shows, separated by spaces: entities (<c>loan</c>: all fields of its rows) or fields (<c>order.order_id</c>).
    /// </summary>
    public string Reveals { get; set; } = "";

    /// <summary>
    /// Whether it omits unavailable rows (a search for items on sale), so that the absence of a row is an answer too.
    /// </summary>
    /// <value>False by default.</value>
    public bool Omits { get; set; }

    /// <summary>
    /// Whether it evaluates the arithmetic expression that is its only argument; gold plans then use it for computed amounts.
    /// </summary>
    /// <value>False by default.</value>
    public bool Calculates { get; set; }
}

/// <summary>
/// A static method that formulas of <c>intents.yaml</c> may call by its name in snake_case. A first parameter of type <c>Db</c> is
/// supplied.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FormulaAttribute : Attribute;

/// <summary>A tool that changes state.</summary>
public sealed class WriteAttribute(string description) : ToolAttribute(description)
{
    /// <summary>
    /// All fields that it may change, separated by spaces: <c>loan.due loan.renewals</c>; the entity itself if it adds or removes rows.
    /// </summary>
    public string Changes { get; set; } = "";

    /// <summary>What its result shows besides the changed row, as for <see cref="ReadAttribute.Reveals"/>.</summary>
    public string Reveals { get; set; } = "";
}

/// <summary>The tool that hands the dialogue over to a person and thereby ends it.</summary>
public sealed class TransferAttribute(string description) : ToolAttribute(description);

/// <summary>The field whose value an argument holds: <c>entity.field</c>. Used by the tool graph, sampling and grounding.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class IsAttribute(string field) : Attribute
{
    public string Field { get; } = field;
}

/// <summary>The description of an argument in the JSON Schema.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class AboutAttribute(string description) : Attribute
{
    public string Description { get; } = description;
}

/// <summary>The whole numbers that an argument may take, both bounds included.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class RangeAttribute(int from, int to) : Attribute
{
    public int From { get; } = from;

    public int To { get; } = to;
}

/// <summary>The texts that an argument may take.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class OneOfAttribute(params string[] values) : Attribute
{
    public IReadOnlyList<string> Values { get; } = values;
}

/// <summary>
/// A condition on a write: the name of a static method that returns bool and has a <see cref="ClauseAttribute"/>. Its parameters
/// are <c>Db</c>, rows named after their entity (<c>Row loan</c>), and arguments of the tool by name.
/// </summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class GuardAttribute(string method) : Attribute
{
    public string Method { get; } = method;

    /// <summary>Whether the tool itself returns the error when the guard is broken.</summary>
    /// <value>False by default: compliance is the agent's duty.</value>
    public bool Enforced { get; set; }
}

/// <summary>The numbered policy sentence that a guard enforces.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ClauseAttribute(string number) : Attribute
{
    public string Number { get; } = number;
}

/// <summary>
/// An error that a tool returns to the agent as the text <c>Error: …</c>. A tool that throws it must not have changed anything.
/// </summary>
public sealed class ToolError(string message) : Exception(message);
