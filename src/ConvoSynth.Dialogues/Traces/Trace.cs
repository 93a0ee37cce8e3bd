using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.State;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Environments;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Dialogues.Traces;

/// <summary>One tool call of the conversation, executed again.</summary>
public sealed record TraceCall
{
    /// <summary>
    /// Index of the assistant message with the call; <see cref="Observation"/> is that of the observation (-1: none follows).
    /// </summary>
    public required int Message { get; init; }

    public required int Observation { get; init; }

    public required ToolCall Call { get; init; }

    /// <summary>The tool, if the pack has it and the blueprint offers it.</summary>
    public ToolSpec? Tool { get; init; }

    /// <summary>The arguments, if they are JSON.</summary>
    public Json? Arguments { get; init; }

    public JsonError? ArgumentFault { get; init; }

    /// <summary>The environment's result of this execution.</summary>
    public required CallResult Result { get; init; }

    /// <summary>The observation in the conversation.</summary>
    public required string Recorded { get; init; }

    /// <summary>The tool's guards that are broken in the state before the call, enforced by the tool or not.</summary>
    public IReadOnlyList<GuardSpec> Broken { get; init; } = [];

    /// <summary>Keys of the owners, before the call, of the rows that the arguments name.</summary>
    public IReadOnlyList<string> Owners { get; init; } = [];

    /// <summary>A defect of the pack's code that this call showed; null if none.</summary>
    public string? Defect { get; init; }

    /// <summary>Whether the tool is offered only to be told apart from the pack's own; then <see cref="Tool"/> is null.</summary>
    public bool IsLookalike { get; init; }

    /// <summary>Whether the environment played a failure of the task in place of the call.</summary>
    public bool IsInjected { get; init; }

    /// <summary>Row changes that the call made.</summary>
    public required ImmutableArray<WriteEntry> Writes { get; init; }

    public bool Succeeded => !Result.IsError;

    /// <summary>Whether this is a successful call of a write tool.</summary>
    public bool Wrote => Succeeded && Tool is { Writes: true };
}

/// <summary>
/// A conversation executed again on a fresh environment: the input of every check. The checks see the conversation as data and share
/// nothing with the roles that made it.
/// </summary>
public sealed class Trace
{
    private readonly Dictionary<Type, object> _derived = [];
    private StateDiff? _diff;
    private StateDiff? _canonical;
    private EndState? _reached;
    private bool _compared;
    private Db? _view;
    private IReadOnlyList<TraceCall>? _calls;

    public required Pack Pack { get; init; }

    public required Blueprint Blueprint { get; init; }

    public required Conversation Conversation { get; init; }

    /// <summary>The calls of the conversation and the environment in which they were executed.</summary>
    public required ExecutedCalls Executed { get; init; }

    public IReadOnlyList<TraceCall> Calls => _calls ?? Executed.Calls;

    /// <summary>The raw changes from the patched base to the end state.</summary>
    public StateDiff Diff => _diff ??= Executed.Diff();

    /// <summary>The changes in the canonical form of accepted end states.</summary>
    public StateDiff CanonicalDiff => _canonical ??= Pack.Canon.Canonical(Diff);

    /// <summary>The accepted end state that the dialogue reached; null if none.</summary>
    public EndState? Reached
    {
        get
        {
            if (_compared)
                return _reached;
            _compared = true;
            return _reached = Blueprint.AcceptedEndStates.FirstOrDefault(s => s.Diff.Equals(CanonicalDiff));
        }
    }

    /// <summary>
    /// Whether the blueprint is a foreign task. The wishes and facts of its human stand in the instruction, without a scenario.
    /// </summary>
    public bool IsForeign => Blueprint.Scenario.Requests.IsEmpty;

    /// <summary>The state before the dialogue, for lookups; read-only.</summary>
    public Db View => _view ??= Pack.View(Blueprint.Patch);

    /// <summary>A fact that a reader derives from the trace; computed once, and shared by all checks that ask for it.</summary>
    public T Derived<T>(Func<Trace, T> make)
        where T : class
    {
        if (!_derived.TryGetValue(typeof(T), out var derived))
            _derived.Add(typeof(T), derived = make(this));
        return (T)derived;
    }

    /// <summary>
    /// The dialogue as if these calls, which must be reads, had shown nothing: they are no calls, and their observations are empty. The
    /// messages keep their places, and the state is the same.
    /// </summary>
    public Trace Without(IReadOnlySet<TraceCall> unseen)
    {
        var messages = Conversation.Messages.ToBuilder();
        foreach (var call in unseen)
        {
            if (call.Observation >= 0)
                messages[call.Observation] = messages[call.Observation] with { Content = "" };
        }

        return new()
        {
            Pack = Pack,
            Blueprint = Blueprint,
            Conversation = Conversation with { Messages = messages.ToImmutable() },
            Executed = Executed,
            _calls = [.. Calls.Where(c => !unseen.Contains(c))],
        };
    }

    /// <summary>Executes a finished conversation again, on a fresh environment.</summary>
    public static Trace Run(Pack pack, Blueprint blueprint, Conversation conversation)
    {
        var messages = conversation.Messages;
        var executed = new ExecutedCalls(pack, blueprint) { LateFrom = OfferedTools.LateFrom(blueprint, messages) };
        for (var i = 0; i < messages.Length; i++)
        {
            for (var c = 0; c < messages[i].ToolCalls.Length; c++)
            {
                var (call, at) = (messages[i].ToolCalls[c], i + 1 + c);
                var answer = at < messages.Length && messages[at].Role == MessageRole.Tool && messages[at].ToolCallId == call.Id;
                executed.Replay(call, i, answer ? at : -1, answer ? messages[at].Content ?? "" : "");
            }
        }

        return executed.In(conversation);
    }
}
