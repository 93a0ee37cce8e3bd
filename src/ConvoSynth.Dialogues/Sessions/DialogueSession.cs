using System.Collections.Immutable;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.State;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Models;
using ConvoSynth.Models.Protocols;

namespace ConvoSynth.Dialogues.Sessions;

/// <summary>Limits of one dialogue. Reaching a limit ends the dialogue with <see cref="DialogueEnd.Limit"/>.</summary>
public sealed record DialogueLimits
{
    /// <summary>Maximum number of messages, observations included.</summary>
    /// <value>80 by default; at least 4.</value>
    public int Messages { get; init; } = 80;

    /// <summary>Maximum number of tool calls between two texts of the agent.</summary>
    /// <value>30 by default; at least 1.</value>
    public int CallsInARow { get; init; } = 30;

    public static DialogueLimits Default { get; } = new();
}

public enum NextTurn
{
    Human,
    Agent,
    Done,
}

/// <summary>
/// The turn-taking of one dialogue: the next speaker, the messages that each party sees, and the effect of the agent's calls on the
/// environment. It is synchronous and calls no model. Its owner asks the roles and passes in their responses.
/// </summary>
public sealed class DialogueSession
{
    // Endpoints refuse empty messages, and a real person would notice the empty message.
    private const string NothingHeard = "(The agent sent an empty message.)";

    private const string PlayedFailure = "the environment plays this failure: the call did not run";

    private readonly DialogueLimits _limits;
    private readonly string _system;
    private readonly IEarlyStop? _earlyStop;
    private readonly ExecutedCalls _executed;
    private readonly List<Message> _messages = [];
    private readonly List<MessageMeta> _meta = [];
    private int _callsInARow;
    private DialogueEnd? _end;
    private string? _stopReason;

    /// <param name="system">The agent's system prompt; null for the pack's own.</param>
    /// <param name="earlyStop">Ends the dialogue early once it cannot be accepted any more; null turns the early stop off.</param>
    public DialogueSession(Pack pack, Blueprint blueprint, DialogueLimits limits, string? system = null, IEarlyStop? earlyStop = null)
    {
        _earlyStop = earlyStop;
        _system = system ?? pack.SystemPrompt;
        Blueprint = blueprint;
        _limits = limits;
        _executed = new(pack, blueprint);
        Tools = pack.ToolsFor(blueprint);
    }

    public Blueprint Blueprint { get; }

    public ImmutableArray<ToolDefinition> Tools { get; }

    /// <summary>The label that the sink writes into the row. Checks have no access to it.</summary>
    public string? PlantedFault { get; private set; }

    /// <summary>Index of the message that carries the planted fault; null without one.</summary>
    public int? FaultMessage { get; private set; }

    public NextTurn Next
    {
        get
        {
            if (_end is not null)
                return NextTurn.Done;
            if (_messages.Count == 0)
                return NextTurn.Human;
            return _messages[^1] is { Role: MessageRole.Assistant, ToolCalls.IsEmpty: true } ? NextTurn.Human : NextTurn.Agent;
        }
    }

    public IReadOnlyList<Message> Messages => _messages;

    /// <summary>Adds the human's next message.</summary>
    public void HumanSaid(ModelResponse response)
    {
        var said = response.Message.Content ?? "";
        var closing = ClosingMark.Of(said);
        var message = Message.User(closing.Text);
        Add(message, response, train: false);
        if (IsRefused(response.Finish))
            return;

        // A dialogue of a foreign task (no requests) ends wherever the mark stands in the message (tau-bench's convention).
        _end =
            closing.End
            ?? (
                Blueprint.Scenario.Requests.IsEmpty && said.Contains(StopMarks.Stop, StringComparison.Ordinal)
                    ? DialogueEnd.HumanStop
                    : null
            );
        if (_end is null && _earlyStop?.AfterHuman(message, response.Finish) is { } reason)
            (_end, _stopReason) = (DialogueEnd.StoppedEarly, reason);
        Bound();
    }

    /// <summary>Adds the agent's next message and executes its calls at once, in order.</summary>
    public void AgentSaid(ModelResponse response)
    {
        var made = _messages.Count;
        Add(CallIds.Unique(response.Message, _messages), response, train: true);
        if (IsRefused(response.Finish))
            return;
        if (response.Message.ToolCalls.IsEmpty)
        {
            _callsInARow = 0;
            Bound();
            StopEarly(made);
            return;
        }

        _executed.LateFrom ??= OfferedTools.LateFrom(Blueprint, _messages);
        foreach (var call in _messages[made].ToolCalls)
        {
            var executed = _executed.Execute(call, made, observation: _messages.Count);
            if (executed is { Succeeded: true, Tool.Kind: ToolKind.Transfer })
                _end = DialogueEnd.Transfer;
            _messages.Add(Message.Observation(call, executed.Recorded));
            _meta.Add(new() { Train = false, Note = executed.IsInjected ? PlayedFailure : null });
            _callsInARow++;
        }

        Bound();
        StopEarly(made);
    }

    /// <summary>A human's message without its closing mark, if it has one.</summary>
    public static string WithoutMark(string message) => ClosingMark.Of(message).WithoutMark();

    /// <summary>The agent's last message in the form that the human receives.</summary>
    public Message ForHuman() => Message.User(_messages[^1].Content is { } text && !string.IsNullOrWhiteSpace(text) ? text : NothingHeard);

    /// <summary>Ends the dialogue because its recording has no more turns.</summary>
    public void RecordEnded() => _end ??= DialogueEnd.RecordEnd;

    public Conversation Finish() =>
        new()
        {
            System = _system,
            Tools = Tools,
            Messages = [.. _messages],
            Meta = [.. _meta],
            End = _end ?? DialogueEnd.Limit,
            StopReason = _stopReason,
        };

    public StateDiff Diff() => _executed.Diff();

    // A longer prompt of the same dialogue would be refused too, so the dialogue ends here.
    private bool IsRefused(FinishReason finish)
    {
        if (finish is not (FinishReason.ContextLength or FinishReason.PromptFilter))
            return false;
        _end = DialogueEnd.StoppedEarly;
        _stopReason = UntakenPrompt.Reason(finish);
        return true;
    }

    private void Add(Message message, ModelResponse response, bool train)
    {
        _messages.Add(message);
        _meta.Add(
            new()
            {
                Train = train,
                Model = response.Model,
                Finish = response.Finish,
                Usage = response.Usage == Usage.None ? null : response.Usage,
                Note = response.Note,
                Reason = UntakenPrompt.Reason(response.Finish),
            }
        );
        if (PlantedFault is null && response.PlantedFault is { } planted)
            (PlantedFault, FaultMessage) = (planted, _messages.Count - 1);
    }

    // If the dialogue has already ended, its end stays.
    private void StopEarly(int from)
    {
        if (_end is not null || _earlyStop is null)
            return;
        var sofar = new Conversation
        {
            System = _system,
            Tools = Tools,
            Messages = [.. _messages],
            Meta = [],
            End = DialogueEnd.Limit,
        };
        if (_earlyStop.AfterAgent(_executed.In(sofar), from) is { } reason)
            (_end, _stopReason) = (DialogueEnd.StoppedEarly, reason);
    }

    private void Bound()
    {
        if (_messages.Count >= _limits.Messages || _callsInARow >= _limits.CallsInARow)
            _end ??= DialogueEnd.Limit;
    }
}
