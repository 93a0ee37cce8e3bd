using System.Text.Json;
using ConvoSynth.Serve.Episodes;
using ConvoSynth.Serve.Frames;
using ConvoSynth.Serve.Sessions;
using ConvoSynth.Serve.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ConvoSynth.Serve.Ors;

/// <summary>What ORS tells of environments: their splits, tasks and tools. Source: ors/server.py.</summary>
internal sealed class OrsRoutes(ServedEnvironment environment)
{
    private TaskSet Tasks => environment.Tasks;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/list_environments", ListEnvironments);
        routes.MapGet("/{env}/tools", ListTools);
        routes.MapGet("/{env}/splits", ListSplits);
        routes.MapPost("/{env}/tasks", (HttpContext c) => OfSplit(c, (json, env, tasks) => WriteAll(json, env, tasks)));
        routes.MapPost("/{env}/num_tasks", (HttpContext c) => OfSplit(c, (json, _, tasks) => json.WriteNumber("num_tasks"u8, tasks.Count)));
        routes.MapPost("/{env}/task", GetTask);
        routes.MapPost("/{env}/task_range", GetRange);
    }

    /// <exception cref="StatusException">There is no such environment.</exception>
    public static string NameIn(HttpContext context, TaskSet tasks) => Known((string)context.GetRouteValue("env")!, tasks);

    /// <inheritdoc cref="NameIn"/>
    public static string Known(string name, TaskSet tasks) =>
        tasks.FirstOf(name.ToLowerInvariant()) is not null
            ? name.ToLowerInvariant()
            : throw new StatusException(StatusCodes.Status404NotFound, $"unknown environment '{name}'");

    /// <exception cref="StatusException">The environment has no such split.</exception>
    public static IReadOnlyList<ServedTask> TasksOf(TaskSet tasks, string environment, string split) =>
        tasks.Of(environment, split) is { Count: > 0 } found
            ? found
            : throw new StatusException(StatusCodes.Status400BadRequest, "Invalid split");

    /// <summary>The task of an index; a negative one counts from the end, as in Python.</summary>
    public static ServedTask TaskAt(IReadOnlyList<ServedTask> tasks, long index) =>
        index < tasks.Count && index >= -tasks.Count
            ? tasks[(int)(index < 0 ? index + tasks.Count : index)]
            : throw new StatusException(StatusCodes.Status400BadRequest, "Invalid index");

    private Task ListEnvironments(HttpContext context) =>
        HttpJson.Write(
            context,
            json =>
            {
                json.WriteStartArray();
                foreach (var name in Tasks.Environments)
                    json.WriteStringValue(name);
                json.WriteEndArray();
            }
        );

    private Task ListTools(HttpContext context)
    {
        var tools = environment.ToolsOf(Tasks.FirstOf(NameIn(context, Tasks))!);
        return HttpJson.Write(
            context,
            json =>
            {
                json.WriteStartObject();
                EpisodeJson.WriteTools(json, tools, "input_schema"u8);
                json.WriteEndObject();
            }
        );
    }

    private Task ListSplits(HttpContext context)
    {
        var splits = Tasks.SplitsOf(NameIn(context, Tasks));
        return HttpJson.Write(
            context,
            json =>
            {
                json.WriteStartArray();
                foreach (var split in splits)
                {
                    json.WriteStartObject();
                    json.WriteString("name"u8, split);
                    json.WriteString("type"u8, split);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
            }
        );
    }

    private async Task OfSplit(HttpContext context, Action<Utf8JsonWriter, string, IReadOnlyList<ServedTask>> write)
    {
        var (name, _, tasks) = await Asked(context, "split");
        await HttpJson.Write(
            context,
            json =>
            {
                json.WriteStartObject();
                write(json, name, tasks);
                json.WriteEndObject();
            }
        );
    }

    private static void WriteAll(Utf8JsonWriter json, string name, IReadOnlyList<ServedTask> tasks)
    {
        WriteRange(json, tasks, 0, tasks.Count);
        json.WriteString("env_name"u8, name);
    }

    private async Task GetTask(HttpContext context)
    {
        var (_, body, tasks) = await Asked(context, "split", "index");
        var index = Fields.Number(body, "index", "body") ?? throw new MessageException("missing", "body.index", "Field required");
        var task = TaskAt(tasks, index);
        await HttpJson.Write(
            context,
            json =>
            {
                json.WriteStartObject();
                json.WritePropertyName("task"u8);
                OrsJson.WriteTask(json, task, (int)(index < 0 ? index + tasks.Count : index));
                json.WriteEndObject();
            }
        );
    }

    private async Task GetRange(HttpContext context)
    {
        var (_, body, tasks) = await Asked(context, "split", "start", "stop");
        var (start, stop) = (Bound("start", 0), Bound("stop", tasks.Count));
        await HttpJson.Write(
            context,
            json =>
            {
                json.WriteStartObject();
                WriteRange(json, tasks, start, stop);
                json.WriteEndObject();
            }
        );

        // Bounds follow Python's slices.
        int Bound(string name, int usual)
        {
            var given = Fields.Number(body, name, "body") ?? usual;
            return (int)Math.Clamp(given < 0 ? given + tasks.Count : given, 0, tasks.Count);
        }
    }

    private static void WriteRange(Utf8JsonWriter json, IReadOnlyList<ServedTask> tasks, int start, int stop)
    {
        json.WriteStartArray("tasks"u8);
        for (var i = start; i < stop; i++)
            OrsJson.WriteTask(json, tasks[i], i);
        json.WriteEndArray();
    }

    private async ValueTask<(string Name, JsonElement Body, IReadOnlyList<ServedTask> Tasks)> Asked(
        HttpContext context,
        params string[] fields
    )
    {
        var name = NameIn(context, Tasks);
        using var document = await HttpJson.Read(context);
        var body = Fields.Map(document.RootElement, "body").Clone();
        Fields.Only(body, "body", fields);
        var split = Fields.TextOf(Fields.Required(body, "split", "body"), "body.split");
        return (name, body, TasksOf(Tasks, name, split));
    }
}
