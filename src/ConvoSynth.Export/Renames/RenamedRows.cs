using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ConvoSynth.Export.Files;
using ConvoSynth.Runs.Rows;

namespace ConvoSynth.Export.Renames;

/// <summary>
/// Rows under other names of tools: in the lists of tools and their descriptions, in calls and observations, and wherever a text means a
/// tool. Parameters change in schemas and calls alone: as words they are ordinary ones, such as "date".
/// </summary>
internal sealed class RenamedRows(ToolRenaming renaming, OutputFolder output) : IDisposable
{
    /// <summary>The file beside the data: for each dialogue its id, and old name → new name.</summary>
    public const string FileName = "renames.jsonl";

    private readonly JsonLinesFile<(string Id, IReadOnlyDictionary<string, ToolAlias> Aliases)> _file = new(
        output,
        FileName,
        static (json, row) =>
        {
            json.WriteStartObject();
            json.WriteString("id"u8, row.Id);
            json.WriteStartObject("tools"u8);
            foreach (var (tool, alias) in row.Aliases)
                json.WriteString(tool, alias.Name);
            json.WriteEndObject();
            json.WriteEndObject();
        }
    );

    /// <exception cref="ExportException">A new name is another tool's, or stands in the dialogue already.</exception>
    public ShardRow Of(ShardRow row)
    {
        var tools = JsonNode.Parse(row.Tools.IsEmpty ? "[]"u8 : row.Tools.Span)!.AsArray();
        string[] offered = [.. tools.Select(t => (string)t!["function"]!["name"]!)];
        var aliases = AliasesOf(row, offered);
        if (aliases.Count == 0)
            return row;
        _file.Write((row.Id, aliases));
        var mentions = ToolNames.Mentions(aliases.Keys);
        foreach (var function in tools.Select(t => t!["function"]!.AsObject()))
            Rename(function, aliases, mentions);
        return row with
        {
            Tools = Bytes(tools),
            Messages = [.. row.Messages.Select(m => Message(m, aliases, mentions))],
            ToolsTimeline = row.ToolsTimeline.IsEmpty ? default : Timeline(row.ToolsTimeline, aliases),
        };
    }

    /// <summary>Ends the file of names.</summary>
    /// <exception cref="ExportException">The file names a tool that no row offers.</exception>
    public IReadOnlyList<WrittenFile> Finish() => renaming.Unused() is { } unused ? throw new ExportException(unused) : _file.Finish();

    public void Dispose() => _file.Dispose();

    private Dictionary<string, ToolAlias> AliasesOf(ShardRow row, string[] offered)
    {
        var aliases = new Dictionary<string, ToolAlias>(StringComparer.Ordinal);
        var taken = offered.ToHashSet(StringComparer.Ordinal);
        foreach (var tool in offered)
        {
            if (renaming.Seed is { } seed)
            {
                var attempt = 0;
                string name;
                do name = ToolNames.Drawn(seed, row.Id, tool, attempt++);
                while (!taken.Add(name));
                aliases[tool] = new(name, new Dictionary<string, string>(StringComparer.Ordinal));
            }
            else if (renaming.Aliases.TryGetValue(tool, out var alias))
            {
                renaming.Uses(tool);
                if (!taken.Add(alias.Name) || Stands(row, alias.Name))
                    throw new ExportException(
                        $"--rename-tools: {tool} cannot be called {alias.Name}, which {row.Id} has already; choose another name"
                    );
                aliases[tool] = alias;
            }
        }

        return aliases;
    }

    private static bool Stands(ShardRow row, string name) =>
        row.Messages.Any(m => ToolNames.Mentions([name]).IsMatch(Encoding.UTF8.GetString(m.Span)));

    private static void Rename(JsonObject function, Dictionary<string, ToolAlias> aliases, Regex mentions)
    {
        if (function["description"] is JsonValue description)
            function["description"] = Text((string)description!, aliases, mentions);
        if (!aliases.TryGetValue((string)function["name"]!, out var alias))
            return;
        function["name"] = alias.Name;
        if (alias.Parameters.Count == 0 || function["parameters"] is not JsonObject schema)
            return;
        if (schema["properties"] is JsonObject properties)
            schema["properties"] = Keys(properties, alias);
        if (schema["required"] is JsonArray required)
            schema["required"] = new JsonArray([
                .. required.Select(r => (JsonNode)alias.Parameters.GetValueOrDefault((string)r!, (string)r!)),
            ]);
    }

    private static ReadOnlyMemory<byte> Message(ReadOnlyMemory<byte> cell, Dictionary<string, ToolAlias> aliases, Regex mentions)
    {
        var message = JsonNode.Parse(cell.Span)!.AsObject();
        foreach (var field in (string[])["content", "reasoning_content"])
        {
            if (message[field] is JsonValue text && text.TryGetValue(out string? words))
                message[field] = Text(words, aliases, mentions);
        }

        if (message["name"] is JsonValue name && aliases.TryGetValue((string)name!, out var answered))
            message["name"] = answered.Name;
        foreach (var function in (message["tool_calls"] as JsonArray ?? []).Select(c => c!["function"]!.AsObject()))
        {
            if (!aliases.TryGetValue((string)function["name"]!, out var alias))
                continue;
            function["name"] = alias.Name;
            if (alias.Parameters.Count > 0 && function["arguments"] is JsonObject arguments)
                function["arguments"] = Keys(arguments, alias);
        }

        return Bytes(message);
    }

    private static ReadOnlyMemory<byte> Timeline(ReadOnlyMemory<byte> cell, Dictionary<string, ToolAlias> aliases)
    {
        var timeline = JsonNode.Parse(cell.Span)!.AsArray();
        foreach (var entry in timeline.Select(e => e!.AsObject()))
            entry["tools"] = new JsonArray([
                .. entry["tools"]!.AsArray().Select(t => (JsonNode)(aliases.TryGetValue((string)t!, out var a) ? a.Name : (string)t!)),
            ]);
        return Bytes(timeline);
    }

    private static string Text(string text, Dictionary<string, ToolAlias> aliases, Regex mentions) =>
        mentions.Replace(text, m => aliases[m.Value].Name);

    private static JsonObject Keys(JsonObject map, ToolAlias alias) =>
        new(map.Select(f => KeyValuePair.Create(alias.Parameters.GetValueOrDefault(f.Key, f.Key), f.Value?.DeepClone())));

    private static ReadOnlyMemory<byte> Bytes(JsonNode node) => JsonSerializer.SerializeToUtf8Bytes(node, JsonText.NodeOptions);
}
