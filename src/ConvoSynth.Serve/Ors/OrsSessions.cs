using System.Text.Json;
using ConvoSynth.Serve.Episodes;
using ConvoSynth.Serve.Frames;
using ConvoSynth.Serve.Sessions;
using ConvoSynth.Serve.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ConvoSynth.Serve.Ors;

/// <summary>
/// ORS's sessions: an id, one episode that begins with <c>/create</c>, its prompt, and calls that survive a broken stream. Source:
/// ors/server.py and _reconnect.py.
/// </summary>
internal sealed class OrsSessions(ServedEnvironment environment, SessionTable sessions, TimeProvider time) : IDisposable
{
    private const string Header = "X-Session-ID";
    private const string NotThere = "Active environment not found";

    private readonly ToolTasks _tasks = new(time);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/create_session", CreateSession);
        routes.MapPost("/create", Create);
        routes.MapPost("/delete", (HttpContext c) => Delete(c));
        routes.MapPost("/delete_session", (HttpContext c) => Delete(c));
        routes.MapPost("/ping", Ping);
        routes.MapGet("/{env}/prompt", Prompt);
        routes.MapGet("/{env}/task_tools", TaskTools);
        routes.MapPost("/{env}/call", Call);
    }

    public void Dispose() => _tasks.Dispose();

    private async Task CreateSession(HttpContext context)
    {
        var stream = new EventStream(context, time);
        stream.Begin();
        await stream.Send("task_id", System.Security.Cryptography.RandomNumberGenerator.GetHexString(32, lowercase: true));
        await stream.Send("end", "");
    }

    private async Task Create(HttpContext context)
    {
        var id = IdIn(context);
        if (sessions.TryUse(id, out _))
            throw new StatusException(StatusCodes.Status400BadRequest, "Session already exists");
        using var body = await HttpJson.Read(context);
        var task = TaskIn(body.RootElement);
        var session = sessions.Open(id);
        // The human may take long to speak: whatever needs the episode waits for it.
        _ = Begin(session, task);
        await WriteSid(context, id);
    }

    private static async Task Begin(ServedSession session, ServedTask task)
    {
        await ((Task)session.Reset(task, null, null).AsTask()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private ServedTask TaskIn(JsonElement body)
    {
        Fields.Map(body, "body");
        Fields.Only(body, "body", "env_name", "task_spec", "split", "index", "secrets");
        var tasks = environment.Tasks;
        var name = Fields.Text(body, "env_name", "body") is { } given ? OrsRoutes.Known(given, tasks) : tasks.Environments[0];
        var (split, index) = (Fields.Text(body, "split", "body"), Fields.Number(body, "index", "body"));
        var hasSpec = body.TryGetProperty("task_spec", out var spec) && spec.ValueKind != JsonValueKind.Null;
        if (hasSpec == (split is not null && index is not null))
            throw new MessageException(
                "value_error",
                "body",
                "Value error, Provide either task_spec or both split and index, not both/neither"
            );
        if (!hasSpec)
            return OrsRoutes.TaskAt(OrsRoutes.TasksOf(tasks, name, split!), index!.Value);
        Fields.Map(spec, "body.task_spec");
        return Fields.Text(spec, "task_id", "body.task_spec") is { } id
            ? tasks.Find(id) ?? throw new StatusException(StatusCodes.Status400BadRequest, $"there is no task {id}")
            : throw new MessageException("missing", "body.task_spec.task_id", "Field required");
    }

    private async Task Delete(HttpContext context)
    {
        var id = IdIn(context);
        sessions.Close(id);
        await WriteSid(context, id);
    }

    private Task Ping(HttpContext context)
    {
        if (!sessions.TryUse(IdIn(context), out _))
            throw new StatusException(StatusCodes.Status404NotFound, NotThere);
        return HttpJson.Write(
            context,
            json =>
            {
                json.WriteStartObject();
                json.WriteString("status"u8, "ok"u8);
                json.WriteEndObject();
            }
        );
    }

    private async Task Prompt(HttpContext context)
    {
        var episode = await EpisodeIn(context);
        await HttpJson.Write(
            context,
            json =>
            {
                json.WriteStartArray();
                OrsJson.WriteBlock(json, episode.System);
                OrsJson.WriteBlock(json, episode.Opening);
                json.WriteEndArray();
            }
        );
    }

    private async Task TaskTools(HttpContext context)
    {
        var episode = await EpisodeIn(context);
        await HttpJson.Write(
            context,
            json =>
            {
                json.WriteStartObject();
                EpisodeJson.WriteTools(json, episode.Tools, "input_schema"u8);
                json.WriteEndObject();
            }
        );
    }

    private async Task Call(HttpContext context)
    {
        var session = SessionIn(context);
        using var document = await HttpJson.Read(context);
        var body = Fields.Map(document.RootElement, "body");
        Fields.Only(body, "body", "name", "input", "task_id");
        var name = Fields.TextOf(Fields.Required(body, "name", "body"), "body.name");
        var input = Fields.Map(Fields.Required(body, "input", "body"), "body.input").GetRawText();
        var stream = new EventStream(context, time);
        var resumed = Fields.Text(body, "task_id", "body");
        stream.Begin();
        string id;
        Task<string>? result;
        if (resumed is null)
        {
            (id, result) = _tasks.Start(session.Id, () => Run(session, name, input));
        }
        else if (_tasks.TryFind(session.Id, resumed, out result))
        {
            id = resumed;
        }
        else
        {
            await stream.Send("error", "unknown task_id");
            return;
        }

        await stream.Send("task_id", id);
        string output;
        try
        {
            output = await stream.Await(result);
        }
        catch (Exception e) when (!context.RequestAborted.IsCancellationRequested)
        {
            await stream.Send("error", e is OperationCanceledException ? "Session deleted" : e.Message.ReplaceLineEndings(" "));
            return;
        }

        await stream.SendResult(output);
    }

    private static async Task<string> Run(ServedSession session, string name, string input)
    {
        try
        {
            // The episode may still wait for the human's first words.
            var tools = (await session.InTurn(() => new ValueTask<Episode?>(session.Episode)))?.Tools ?? [];
            var move = await session.Act(name, UnsetArguments.LeftOut(tools, name, input));
            // An error has no reward: a move that ended the episode is told as an output, whatever it was.
            return move.Fault == MoveFault.UnknownTool && session.Episode is { IsDone: false }
                ? OrsJson.Error($"'{name}' is not a valid tool")
                : OrsJson.Output(move, session.Episode!);
        }
        catch (EpisodeOverException e) when (session.Episode is { Reward.Excluded: not null } episode)
        {
            // An error has no metadata, and a human who was lost with the first words leaves no other answer to hold the reason.
            return OrsJson.Output(new(e.Message, null), episode);
        }
        catch (Exception e) when (e is EpisodeOverException or NoEpisodeException)
        {
            return OrsJson.Error(e.Message);
        }
    }

    private async ValueTask<Episode> EpisodeIn(HttpContext context)
    {
        OrsRoutes.NameIn(context, environment.Tasks);
        var session = SessionIn(context);
        return await session.InTurn(() => new ValueTask<Episode?>(session.Episode))
            ?? throw new StatusException(StatusCodes.Status500InternalServerError, $"the episode did not begin: {session.Failure}");
    }

    private ServedSession SessionIn(HttpContext context) =>
        sessions.TryUse(IdIn(context), out var session) ? session : throw new StatusException(StatusCodes.Status404NotFound, NotThere);

    private static string IdIn(HttpContext context) =>
        context.Request.Headers[Header].FirstOrDefault()?.Trim() is { Length: > 0 } id
            ? id
            : throw new StatusException(StatusCodes.Status400BadRequest, $"{Header} header is required");

    private static Task WriteSid(HttpContext context, string id) =>
        HttpJson.Write(
            context,
            json =>
            {
                json.WriteStartObject();
                json.WriteString("sid"u8, id);
                json.WriteEndObject();
            }
        );
}
