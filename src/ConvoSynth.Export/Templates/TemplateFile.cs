using System.Text.Json;
using System.Text.Json.Nodes;

namespace ConvoSynth.Export.Templates;

/// <summary>
/// A chat template: a file of Jinja, or a <c>tokenizer_config.json</c> with the template in it. Beside a file of Jinja, the special tokens
/// are read from a <c>tokenizer_config.json</c> if there is one.
/// </summary>
/// <param name="Tokens">The special tokens that templates name, such as <c>bos_token</c>.</param>
internal sealed record TemplateFile(string Path, string Source, IReadOnlyDictionary<string, string> Tokens)
{
    private const string Configuration = "tokenizer_config.json";

    private static readonly string[] TokenNames = ["bos_token", "eos_token"];

    public string Name => System.IO.Path.GetFileName(Path);

    /// <exception cref="ExportException">There is no such file, or it holds no template.</exception>
    public static TemplateFile Read(string path)
    {
        if (!File.Exists(path))
            throw new ExportException($"there is no template {path}");
        if (System.IO.Path.GetExtension(path) != ".json")
        {
            var beside = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!, Configuration);
            return new(path, File.ReadAllText(path), TokensOf(File.Exists(beside) ? Parsed(beside) : []));
        }

        var configuration = Parsed(path);
        var source = configuration["chat_template"] switch
        {
            JsonValue text when text.TryGetValue(out string? only) => only,
            JsonArray several => (string?)
                (
                    several.FirstOrDefault(t => (string?)t?["name"] == "tool_use")
                    ?? several.FirstOrDefault(t => (string?)t?["name"] == "default")
                )?["template"],
            _ => null,
        };
        return new(path, source ?? throw new ExportException($"{path} has no chat_template"), TokensOf(configuration));
    }

    // A token that the configuration does not tell is empty: many templates join it to other texts.
    private static Dictionary<string, string> TokensOf(JsonObject configuration) =>
        TokenNames.ToDictionary(
            n => n,
            n => ((configuration[n] as JsonObject)?["content"] ?? configuration[n] as JsonValue)?.ToString() ?? "",
            StringComparer.Ordinal
        );

    private static JsonObject Parsed(string path)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(path)) as JsonObject ?? throw new ExportException($"{path} is no JSON object");
        }
        catch (JsonException e)
        {
            throw new ExportException($"{path} is no JSON: {e.Message}");
        }
    }
}
