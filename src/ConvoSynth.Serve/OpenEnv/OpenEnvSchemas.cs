using System.Text.Json;
using ConvoSynth.Serve.Episodes;
using ConvoSynth.Serve.Frames;
using ConvoSynth.Serve.Rewards;

namespace ConvoSynth.Serve.OpenEnv;

/// <summary>What OpenEnv's servers say about themselves.</summary>
internal static class OpenEnvSchemas
{
    private const string Actions = """
        {"title":"Action","oneOf":[
        {"type":"object","properties":{"type":{"const":"list_tools"},"metadata":{"type":"object"}},"required":["type"],
        "additionalProperties":false},
        {"type":"object","properties":{"type":{"const":"call_tool"},"tool_name":{"type":"string"},"arguments":{"type":"object"},
        "metadata":{"type":"object"}},"required":["tool_name"],"additionalProperties":false},
        {"type":"object","properties":{"type":{"const":"message"},"text":{"type":"string"},"metadata":{"type":"object"}},
        "required":["type","text"],"additionalProperties":false}]}
        """;

    private const string Observations = """
        {"title":"Observation","type":"object","properties":{"message":{"type":"string"},"system_prompt":{"type":"string"},
        "tool_name":{"type":"string"},"result":{"type":["string","null"]},"error":{"type":["object","null"],"properties":{
        "error_type":{"enum":["execution_error","invalid_args","transport_error","tool_not_found","timeout"]},
        "message":{"type":"string"}}},"tools":{"type":"array"},"metadata":{"type":"object"}}}
        """;

    private const string States = """
        {"title":"State","type":"object","properties":{"episode_id":{"type":["string","null"]},"step_count":{"type":"integer",
        "minimum":0},"task_id":{"type":["string","null"]},"done":{"type":"boolean"}}}
        """;

    // OpenEnv's validator tells from the paths whether a server can be trained on.
    private static readonly (string Path, string Method, string About)[] Paths =
    [
        ("/health", "get", "Whether the server answers"),
        ("/metadata", "get", "Name and description of the environment"),
        ("/schema", "get", "JSON Schemas of action, observation and state"),
        ("/state", "get", "The state of a new environment"),
        ("/reset", "post", "The first observation of a new environment"),
        ("/step", "post", "An action on a new environment"),
        ("/mcp", "post", "JSON-RPC of the Model Context Protocol"),
    ];

    /// <summary><c>/openapi.json</c>, as far as OpenEnv's validator reads it.</summary>
    public static void WriteOpenApi(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("openapi"u8, "3.1.0"u8);
        json.WriteStartObject("info"u8);
        json.WriteString("title"u8, "OpenEnv Environment HTTP API"u8);
        json.WriteString("version"u8, "1.0.0"u8);
        json.WriteEndObject();
        json.WriteStartObject("paths"u8);
        foreach (var (path, method, about) in Paths)
        {
            json.WriteStartObject(path);
            json.WriteStartObject(method);
            json.WriteString("summary"u8, about);
            json.WriteStartObject("responses"u8);
            json.WriteStartObject("200"u8);
            json.WriteString("description"u8, "JSON"u8);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    public static void WriteSchemas(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        Write(json, "action", Actions);
        Write(json, "observation", Observations);
        Write(json, "state", States);
        json.WriteEndObject();
    }

    public static void WriteMetadata(Utf8JsonWriter json, ServedEnvironment environment)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, environment.Name);
        json.WriteString(
            "description"u8,
            $"{environment.Tasks.All.Count} customer service tasks with tools, a database and a simulated customer; "
                + $"reward {RewardRules.NameOf(environment.Reward)}"
        );
        json.WriteNull("readme_content"u8);
        json.WriteString("version"u8, ServerVersion.Text);
        json.WriteNull("author"u8);
        json.WriteNull("documentation_url"u8);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, string schema)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(schema.ReplaceLineEndings(""));
    }
}
