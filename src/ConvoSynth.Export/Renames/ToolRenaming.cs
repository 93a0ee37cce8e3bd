using System.Globalization;
using System.Text.Json;

namespace ConvoSynth.Export.Renames;

/// <summary>What a tool is called instead.</summary>
/// <param name="Parameters">Parameter → its new name; a parameter that is not here keeps its own.</param>
internal sealed record ToolAlias(string Name, IReadOnlyDictionary<string, string> Parameters);

/// <summary>
/// Other names for tools, so that a model learns to read descriptions and not to remember names: drawn anew for each dialogue from a seed,
/// or the same in all from a file.
/// </summary>
public sealed class ToolRenaming
{
    private readonly string _given;
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);

    private ToolRenaming(string given, long? seed, IReadOnlyDictionary<string, ToolAlias> aliases) =>
        (_given, Seed, Aliases) = (given, seed, aliases);

    /// <summary>Null if a file has the names.</summary>
    internal long? Seed { get; }

    /// <summary>Empty if a seed draws the names.</summary>
    internal IReadOnlyDictionary<string, ToolAlias> Aliases { get; }

    /// <param name="given">
    /// A seed, or a file: <c>{"TOOL": "NAME"}</c>, or <c>{"TOOL": {"name": …, "parameters": {"OLD": "NEW"}}}</c>.
    /// </param>
    /// <exception cref="ExportException">There is no such file, it has another form, or two tools get one name.</exception>
    public static ToolRenaming Of(string given)
    {
        if (long.TryParse(given, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seed))
            return new(given, seed, new Dictionary<string, ToolAlias>(StringComparer.Ordinal));
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(given));
            var aliases = document.RootElement.EnumerateObject().ToDictionary(f => f.Name, f => AliasOf(f.Value), StringComparer.Ordinal);
            return Problem(aliases) is { } problem
                ? throw new ExportException($"--rename-tools {given}: {problem}")
                : new(given, null, aliases);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ExportException($"--rename-tools {given} is neither a number nor a file that can be read");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or ArgumentException)
        {
            throw new ExportException(
                $"--rename-tools {given} has another form; it must be {{\"TOOL\": \"NAME\"}} or "
                    + "{\"TOOL\": {\"name\": \"NAME\", \"parameters\": {\"OLD\": \"NEW\"}}}"
            );
        }
    }

    internal void Uses(string tool) => _used.Add(tool);

    /// <summary>The tools of the file that no row offers, as a sentence; null if there is none.</summary>
    internal string? Unused() =>
        Aliases.Keys.Where(t => !_used.Contains(t)).Order(StringComparer.Ordinal).ToArray() is { Length: > 0 } unused
            ? $"--rename-tools {_given}: no row offers {string.Join(", ", unused)}; correct the names, or leave them out"
            : null;

    private static ToolAlias AliasOf(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String)
            return new(value.GetString()!, new Dictionary<string, string>(StringComparer.Ordinal));
        var parameters = value.TryGetProperty("parameters"u8, out var given) ? given.EnumerateObject() : default;
        return new(
            value.GetProperty("name"u8).GetString()!,
            parameters.ToDictionary(p => p.Name, p => p.Value.GetString()!, StringComparer.Ordinal)
        );
    }

    private static string? Problem(Dictionary<string, ToolAlias> aliases)
    {
        var names = aliases.Values.SelectMany(a => a.Parameters.Values.Prepend(a.Name));
        if (names.FirstOrDefault(n => !ToolNames.IsName(n)) is { } bad)
            return $"\"{bad}\" is no name; letters, digits and _ make a name of at most 64 characters";
        if (aliases.Values.GroupBy(a => a.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } doubled)
            return $"two tools are called {doubled.Key}; give each a name of its own";
        return null;
    }
}
