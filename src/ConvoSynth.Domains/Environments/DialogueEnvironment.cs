using System.Collections.Immutable;
using ConvoSynth.Core;

namespace ConvoSynth.Domains;

/// <summary>What a tool call came to.</summary>
public sealed record CallResult
{
    private string? _text;

    /// <summary>A result whose text is not what its value spells.</summary>
    public CallResult(string text, Json value, bool isError)
        : this(value, isError) => _text = text;

    internal CallResult(Json value, bool isError)
    {
        Value = value;
        IsError = isError;
    }

    /// <summary>The observation, as the agent reads it; a failed call's begins with <c>Error: </c>. Made when it is first asked for: trials of wrong writes never do.</summary>
    public string Text => _text ??= Value.Text ?? Value.ToString();

    /// <summary>The observation as JSON; a text value where the tool returned plain text.</summary>
    public Json Value { get; }

    public bool IsError { get; }
}

/// <summary>
/// One dialogue's private copy of a domain: its tools over its view of the database. Making one costs nothing that grows with the
/// database. Not for use by two threads at once.
/// </summary>
public sealed class DialogueEnvironment
{
    private readonly Pack _pack;
    private readonly object _tools;

    public DialogueEnvironment(Pack pack, ImmutableArray<Change> patch = default)
    {
        _pack = pack;
        Db = pack.View(patch.IsDefault ? [] : patch);
        _tools = pack.Tools.Create(Db);
    }

    public Db Db { get; }

    /// <summary>The changes from the (patched) base to now.</summary>
    public StateDiff Diff() => DiffBuilder.Build(Db);

    /// <summary>Calls a tool. Never throws for what an agent can get wrong: that is an observation which begins with <c>Error: </c>.</summary>
    public CallResult Call(string name, string arguments)
    {
        if (!Json.TryParse(arguments, out var value, out var fault)) return Error($"invalid arguments: {fault!.Message}");
        return Call(name, value);
    }

    /// <inheritdoc cref="Call(string, string)"/>
    public CallResult Call(string name, Json arguments) =>
        _pack.Tools.Find(name) is { } tool ? Call(tool, arguments) : Error($"unknown tool {name}");

    /// <inheritdoc cref="Call(string, string)"/>
    public CallResult Call(ToolSpec tool, Json arguments)
    {
        if (arguments is not JsonMap map) return Error("invalid arguments: an object is wanted");
        try
        {
            var bound = Bind(tool, map);
            foreach (var guard in tool.Guards)
            {
                if (guard.Enforced && _pack.Guards.Test(Db, tool, guard, map) == false)
                    return Error(_pack.Policy.Clause(guard.Clause)?.Text ?? guard.Name);
            }

            return Result(tool.Invoke(_tools, bound));
        }
        catch (ToolError e)
        {
            return Error(e.Message);
        }
    }

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

        if (used == arguments.Count) return bound;
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
                throw new InvalidOperationException($"a tool returned a {result.GetType().Name}; it may return text, a Row, rows, Json, a number or a flag");
        }
    }
}
