using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.State;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Environments;

/// <summary>The result of a tool call.</summary>
public sealed record CallResult
{
    private string? _text;

    /// <summary>A result whose text differs from the spelling of its value.</summary>
    public CallResult(string text, Json value, bool isError)
        : this(value, isError) => _text = text;

    internal CallResult(Json value, bool isError)
    {
        Value = value;
        IsError = isError;
    }

    /// <summary>
    /// The observation as the agent reads it; a failed call's begins with <c>Error: </c>. Created on first use, since trials of wrong
    /// writes never read it.
    /// </summary>
    public string Text => _text ??= Value.Text ?? Value.ToString();

    /// <summary>The observation as JSON; a text value where the tool returned plain text.</summary>
    public Json Value { get; }

    public bool IsError { get; }

    /// <summary>
    /// A defect of the pack: the call broke its code, or wrote a value that its field does not take; null if neither happened.
    /// Such a call is an error, and its writes are undone.
    /// </summary>
    public string? Defect { get; init; }
}

/// <summary>
/// One dialogue's private copy of a domain: its tools over its view of the database. The cost of making one does not grow with the
/// database. Not thread-safe.
/// </summary>
public sealed class DialogueEnvironment
{
    private readonly Pack _pack;
    private readonly object _tools;
    private Db? _begun;

    public DialogueEnvironment(Pack pack, ImmutableArray<Change> patch = default)
    {
        _pack = pack;
        Patch = patch.IsDefault ? [] : patch;
        Db = pack.View(Patch);
        _tools = pack.Tools.Create(Db);
    }

    public Db Db { get; }

    /// <summary>The changes to the base before the dialogue.</summary>
    public ImmutableArray<Change> Patch { get; }

    /// <summary>The changes from the (patched) base to now.</summary>
    public StateDiff Diff() => DiffBuilder.Build(Db);

    /// <summary>Calls a tool. An agent's mistake never throws: it gives an observation that begins with <c>Error: </c>.</summary>
    public CallResult Call(string name, string arguments)
    {
        if (!Json.TryParse(arguments, out var value, out var fault))
            return Error($"invalid arguments: {fault!.Message}");
        return Call(name, value);
    }

    /// <inheritdoc cref="Call(string, string)"/>
    public CallResult Call(string name, Json arguments) =>
        _pack.Tools.Find(name) is { } tool ? Call(tool, arguments) : Error($"unknown tool {name}");

    /// <inheritdoc cref="Call(string, string)"/>
    public CallResult Call(ToolSpec tool, Json arguments)
    {
        if (arguments is not JsonMap map)
            return Error("invalid arguments: an object is wanted");
        var before = Db.Keep();
        CallResult? result = null;
        Exception? thrown = null;
        try
        {
            var bound = Bind(tool, map);
            foreach (var guard in tool.Guards)
            {
                if (guard.Enforced && _pack.Guards.Test(Db, tool, guard, map) == false)
                    return Error(_pack.Policy.Clause(guard.Clause)?.Text ?? guard.Name);
            }

            result = Result(tool.Invoke(_tools, bound));
        }
        catch (ToolError e)
        {
            return Error(e.Message);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            thrown = e;
        }

        // Report a misfit first: a later exception may only be its consequence.
        if (Written(before) is { } misfit)
        {
            return Undone(
                before,
                tool,
                map,
                $"{misfit.Misfit.Path} cannot be {misfit.Misfit.Value}, {misfit.Misfit.Reason}",
                $"writes {misfit.Misfit.Value} to {misfit.Misfit.Path} of {misfit.Table}/{misfit.Key}, {misfit.Misfit.Reason}, on {map}"
            );
        }

        if (thrown is null)
            return result!;
        var broke = thrown is PackDefect ? thrown.Message : $"throws {thrown.GetType().Name} on {map}: {thrown.Message}";
        return Undone(before, tool, map, $"{tool.Name} could not be carried out", broke);
    }

    // If the call violates the schema, the mistake is the agent's, whatever the tool did with it. Otherwise the pack has a defect.
    private CallResult Undone(DbState before, ToolSpec tool, JsonMap arguments, string message, string defect)
    {
        Db.Return(before);
        if (SchemaCheck.Fault(tool.Definition.Parameters, arguments) is { } fault)
            return Error($"invalid arguments: {fault}");
        return new("Error: " + message, isError: true) { Defect = $"{defect}; what an agent can get wrong is a ToolError" };
    }

    // The first value that the call left in the tables and that does not fit its field.
    private (string Table, string Key, Misfit Misfit)? Written(DbState before)
    {
        for (var i = before.Writes; i < Db.Writes.Count; i++)
        {
            var (table, key, was, _) = Db.Writes[i];
            if (Db[table].Find(key) is { } row && _pack.Fit.Misfits(table, was ?? Json.Null, row.Values, IsKey) is [var misfit, ..])
                return (table, key, misfit);
        }

        return null;
    }

    // A record may name a row that the same call removed, so the rows at the start of the dialogue count too.
    private bool IsKey(EntitySpec entity, string key) => Has(Db, entity, key) || Has(_begun ??= _pack.View(Patch), entity, key);

    // The index of nested rows covers the base only, so rows that the dialogue added are found by a scan.
    private bool Has(Db db, EntitySpec entity, string key) =>
        _pack.Rows.Find(db, entity, key) is not null || (entity.Parent is not null && _pack.Rows.All(db, entity).Any(r => r.Key == key));

    private static object?[] Bind(ToolSpec tool, JsonMap arguments)
    {
        var bound = new object?[tool.Parameters.Count];
        var used = 0;
        for (var i = 0; i < bound.Length; i++)
        {
            var parameter = tool.Parameters[i];
            if (arguments.TryGet(parameter.Name, out var value))
            {
                used++;
                bound[i] = parameter.Binder(value);
            }
            else if (parameter.Optional)
            {
                bound[i] = parameter.Binder(Json.Null);
            }
            else
            {
                throw new ToolError($"invalid arguments: {parameter.Name} is missing");
            }
        }

        if (used == arguments.Count)
            return bound;
        var unknown = arguments.Keys.First(k => tool.Parameter(k) is null);
        throw new ToolError($"invalid arguments: {tool.Name} has no argument {unknown}");
    }

    private static CallResult Error(string message)
    {
        return new("Error: " + message, isError: true);
    }

    private static CallResult Result(object? result)
    {
        switch (result)
        {
            case null:
                return new("", isError: false);
            case string text:
                return new(text, isError: text.StartsWith("Error:", StringComparison.Ordinal));
            case Row row:
                return new(row.Values, isError: false);
            case Json value:
                return new(value, isError: false);
            case IEnumerable<Row> rows:
                return new(Json.List(rows.Select(r => (Json)r.Values)), isError: false);
            case bool flag:
                return Result((Json)flag);
            case int number:
                return Result((Json)number);
            case double number:
                return Result((Json)number);
            case decimal number:
                return Result((Json)number);
            default:
                throw new InvalidOperationException(
                    $"a tool returned a {result.GetType().Name}; it may return text, a Row, rows, Json, a number or a flag"
                );
        }
    }
}
