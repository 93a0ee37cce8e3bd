using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.State;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Environments;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Dialogues.Traces;

/// <summary>
/// The calls of one dialogue, each executed once, in order, with the facts that checks read. A session adds each call as the agent makes
/// it, so early stop executes nothing again. A replay adds the calls of a finished conversation to an environment of its own.
/// </summary>
public sealed class ExecutedCalls
{
    private readonly Pack _pack;
    private readonly Blueprint _blueprint;
    private readonly PackMeaning _meaning;
    private readonly DialogueEnvironment _environment;
    private readonly List<TraceCall> _calls = [];
    private readonly Dictionary<string, int>? _made;

    public ExecutedCalls(Pack pack, Blueprint blueprint)
    {
        (_pack, _blueprint) = (pack, blueprint);
        _meaning = PackMeaning.Of(pack);
        _environment = new(pack, blueprint.Patch);
        if (blueprint.Twist is { Failures.IsEmpty: false })
            _made = new(StringComparer.Ordinal);
    }

    public IReadOnlyList<TraceCall> Calls => _calls;

    /// <inheritdoc cref="OfferedTools.LateFrom"/>
    public int? LateFrom { get; set; }

    /// <summary>The raw changes from the patched base to now.</summary>
    public StateDiff Diff() => _environment.Diff();

    /// <summary>The trace of the conversation so far. After further calls, make a new trace: the old one would mix both states.</summary>
    public Trace In(Conversation conversation) =>
        new()
        {
            Pack = _pack,
            Blueprint = _blueprint,
            Conversation = conversation,
            Executed = this,
        };

    /// <summary>Executes a call of the agent; the dialogue records its result as the observation.</summary>
    /// <param name="message">Index of the message that makes it.</param>
    /// <param name="observation">Index that the observation will have.</param>
    public TraceCall Execute(ToolCall call, int message, int observation) => Add(call, message, observation, recorded: null);

    /// <summary>Executes a recorded call again.</summary>
    /// <param name="observation">Index of the recorded observation; -1 where there is none.</param>
    public void Replay(ToolCall call, int message, int observation, string recorded) => Add(call, message, observation, recorded);

    private TraceCall Add(ToolCall call, int message, int observation, string? recorded)
    {
        var isOffered =
            _blueprint.AvailableTools.Contains(call.Name, StringComparer.Ordinal)
            && (_blueprint.Twist?.LateTool != call.Name || message > LateFrom);
        var tool = isOffered ? _pack.Tools.Find(call.Name) : null;
        var lookalike = isOffered && tool is null ? _pack.LookalikeOf(call.Name) : null;
        var parsed = Json.TryParse(call.Arguments, out var arguments, out var fault);
        var map = arguments as JsonMap;
        var db = _environment.Db;
        var (broken, defect) = tool is { Guards.Count: > 0 } && map is not null ? Broken(tool, map) : ([], null);
        var owners = tool is not null && map is not null ? _meaning.Owners(_pack, db, tool, map) : [];
        var writes = db.Writes.Count;
        var failure = tool is null ? null : Failing(tool);
        var result =
            tool is null ? new(lookalike?.Answer ?? $"Error: unknown tool {call.Name}", Json.Null, isError: true)
            : failure is not null ? new(failure, Json.Null, isError: true)
            : parsed ? _environment.Call(tool, arguments)
            : _environment.Call(call.Name, call.Arguments);
        var executed = new TraceCall
        {
            Message = message,
            Observation = observation,
            Call = call,
            Tool = tool,
            Arguments = parsed ? arguments : null,
            ArgumentFault = fault,
            Result = result,
            Recorded = recorded ?? result.Text,
            Broken = broken,
            Owners = owners,
            Defect = result.Defect ?? defect,
            IsLookalike = lookalike is not null,
            IsInjected = failure is not null,
            Writes = db.Writes.Count == writes ? [] : [.. db.Writes.Skip(writes)],
        };
        _calls.Add(executed);
        return executed;
    }

    // The failure that the task plays in place of this call of the tool; null if it plays none.
    private string? Failing(ToolSpec tool)
    {
        if (_made is null)
            return null;
        var made = _made[tool.Name] = _made.GetValueOrDefault(tool.Name) + 1;
        return _blueprint.Twist!.Failures.FirstOrDefault(f => f.Tool == tool.Name && (f.Call == 0 || f.Call == made))?.Text;
    }

    // A guard that throws forbids nothing. The pack is at fault, and the dialogue stays as evidence.
    private (IReadOnlyList<GuardSpec> Broken, string? Defect) Broken(ToolSpec tool, JsonMap arguments)
    {
        try
        {
            return (_pack.Guards.Broken(_environment.Db, tool, arguments), null);
        }
        catch (PackDefect e)
        {
            return ([], e.Message);
        }
    }
}
