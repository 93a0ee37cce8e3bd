using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Domains;
using ConvoSynth.Models;

namespace ConvoSynth.Synthesis;

/// <summary>Bounds on one dialogue. Reaching one ends it with <see cref="DialogueEnd.Limit"/>.</summary>
public sealed record DialogueLimits
{
    /// <summary>Messages in all, observations included.</summary>
    /// <value>80 by default; at least 4.</value>
    public int Messages { get; init; } = 80;

    /// <summary>Tool calls the agent may make in a row before it must speak.</summary>
    /// <value>30 by default; at least 1.</value>
    public int CallsInARow { get; init; } = 30;

    public static DialogueLimits Default { get; } = new();
}

/// <summary>Whose turn it is.</summary>
public enum NextTurn
{
    Human,
    Agent,
    Done,
}

/// <summary>
/// The turn-taking of one dialogue: who speaks next, what each sees, and what the agent's calls do to the environment. It waits for
/// nothing and knows no actor: whoever owns it asks the roles and feeds their answers in.
/// </summary>
public sealed class DialogueSession
{
    /// <summary>The human says this when done (tau-bench's convention).</summary>
    public const string Stop = "###STOP###";

    /// <summary>The human says this when the task cannot go on (tau2-bench's convention).</summary>
    public const string OutOfScope = "###OUT-OF-SCOPE###";

    // Endpoints refuse empty messages, and a person would see that nothing came.
    private const string NothingHeard = "(The agent sent an empty message.)";

    private readonly Pack _pack;
    private readonly DialogueLimits _limits;
    private readonly string _system;
    private readonly Doom? _doom;
    private readonly DialogueEnvironment _environment;
    private readonly List<Message> _messages = [];
    private readonly List<MessageMeta> _meta = [];
    private int _callsInARow;
    private DialogueEnd? _end;
    private string? _stopReason;

    /// <param name="system">What the agent is told; null for the pack's own prompt.</param>
    /// <param name="doom">Ends the dialogue when nothing can save it; null lets every dialogue come to its end.</param>
    public DialogueSession(Pack pack, Blueprint blueprint, DialogueLimits limits, string? system = null, Doom? doom = null)
    {
        _doom = doom;
        _system = system ?? pack.SystemPrompt;
        _pack = pack;
        Blueprint = blueprint;
        _limits = limits;
        _environment = new(pack, blueprint.Patch);
        Tools = pack.ToolsFor(blueprint);
    }

    public Blueprint Blueprint { get; }

    public ImmutableArray<ToolDefinition> Tools { get; }

    /// <summary>What the sink labels the dialogue with; no check can read it.</summary>
    public string? PlantedFault { get; private set; }

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

    /// <summary>The human's next message.</summary>
    public void HumanSaid(ModelResponse response)
    {
        var said = response.Message.Content ?? "";
        var closing = ClosingMark.Of(said);
        var message = Message.User(closing.Text);
        Add(message, response, train: false);
        if (IsRefused(response.Finish))
            return;

        // A dialogue of elsewhere ends wherever the mark stands (tau-bench's convention).
        _end =
            closing.End
            ?? (Blueprint.Scenario.Requests.IsEmpty && said.Contains(Stop, StringComparison.Ordinal) ? DialogueEnd.HumanStop : null);
        if (_end is null && _doom is not null && (Doom.OfWords(message) ?? Doom.OfHuman(response.Finish)) is { } reason)
            (_end, _stopReason) = (DialogueEnd.Doomed, reason);
        Bound();
    }

    /// <summary>The agent's next message; its calls are carried out at once, in order.</summary>
    public void AgentSaid(ModelResponse response)
    {
        Add(CallIds.Unique(response.Message, _messages), response, train: true);
        if (IsRefused(response.Finish))
            return;
        if (response.Message.ToolCalls.IsEmpty)
        {
            _callsInARow = 0;
            Bound();
            Judge();
            return;
        }

        foreach (var call in _messages[^1].ToolCalls)
        {
            var observation = Carry(call);
            _messages.Add(Message.Observation(call, observation));
            _meta.Add(new() { Train = false });
            _callsInARow++;
        }

        Bound();
        Judge();
    }

    /// <summary>A human's message without the mark that ends it, if one does.</summary>
    public static string WithoutMark(string message) => ClosingMark.Of(message).WithoutMark();

    /// <summary>The agent's last message as the human gets it.</summary>
    public Message ForHuman() => Message.User(_messages[^1].Content is { } text && !string.IsNullOrWhiteSpace(text) ? text : NothingHeard);

    /// <summary>A recorded dialogue has no more turns.</summary>
    public void RecordEnded() => _end ??= DialogueEnd.RecordEnd;

    /// <summary>The finished conversation.</summary>
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

    public StateDiff Diff() => _environment.Diff();

    // The same prompt and more fares no better, so the dialogue ends here.
    private bool IsRefused(FinishReason finish)
    {
        if (finish is not (FinishReason.ContextLength or FinishReason.PromptFilter))
            return false;
        _end = DialogueEnd.Doomed;
        _stopReason = ConversationFinishes.OfPrompt(finish);
        return true;
    }

    private string Carry(ToolCall call)
    {
        if (!Blueprint.AvailableTools.Contains(call.Name, StringComparer.Ordinal))
            return $"Error: unknown tool {call.Name}";
        var result = _environment.Call(call.Name, call.Arguments);
        if (!result.IsError && _pack.Tools.Find(call.Name)!.Kind == ToolKind.Transfer)
            _end = DialogueEnd.Transfer;
        return result.Text;
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
                Reason = ConversationFinishes.OfPrompt(response.Finish),
            }
        );
        PlantedFault ??= response.PlantedFault;
    }

    // A dialogue that has ended anyway keeps its own end.
    private void Judge()
    {
        if (_end is not null || _doom?.Reason(Blueprint, _messages) is not { } reason)
            return;
        _end = DialogueEnd.Doomed;
        _stopReason = reason;
    }

    private void Bound()
    {
        if (_messages.Count >= _limits.Messages || _callsInARow >= _limits.CallsInARow)
            _end ??= DialogueEnd.Limit;
    }
}
