using System.Collections.Immutable;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Models;
using ConvoSynth.Models.Journal;

namespace ConvoSynth.Dialogues.Roles;

/// <summary>
/// One role's view of the conversation, and the requests to its model. The agent sees its own calls and their observations. The human
/// sees texts only, with its own as <c>assistant</c> messages.
/// </summary>
public sealed class RoleView
{
    private readonly IChatModel _model;
    private readonly DialogueOpening _opening;
    private readonly string _system;
    private readonly ImmutableArray<ToolDefinition> _tools;
    private readonly IJournal? _journal;
    private readonly List<Message> _messages = [];
    private object? _session;
    private int _step;

    /// <param name="journal">Stores each of the model's answers before it is used. Null requires a model that is a pure function of its
    /// requests.</param>
    public RoleView(
        IChatModel model,
        DialogueOpening opening,
        string system,
        ImmutableArray<ToolDefinition> tools,
        IJournal? journal = null
    )
    {
        _journal = journal;
        _model = model;
        _opening = opening;
        _system = system;
        _tools = tools;
    }

    public bool ModelKeepsTime => _model.KeepsTime;

    /// <summary>The tools that the next message may call, where they change with the conversation.</summary>
    /// <value>Null by default: always the same tools.</value>
    public Func<IReadOnlyList<Message>, ImmutableArray<ToolDefinition>>? ToolsAfter { get; init; }

    /// <inheritdoc cref="ModelRequest.LendPermit"/>
    public Action? LendPermit { get; set; }

    /// <summary>Adds a message of the other party; for the agent also an observation of its calls.</summary>
    public void Heard(Message message) => _messages.Add(message);

    /// <exception cref="EndOfRecordException">A recorded dialogue has no more turns.</exception>
    public async ValueTask<ModelResponse> Speak(CancellationToken cancellationToken)
    {
        _session ??= _model.Open(_opening);
        var response = await _model.Respond(
            new()
            {
                Dialogue = _opening.Dialogue,
                Role = _opening.Role,
                Step = _step,
                System = _system,
                Messages = _messages,
                Tools = ToolsAfter?.Invoke(_messages) ?? _tools,
                Journal = _journal,
                Session = _session,
                LendPermit = LendPermit,
            },
            cancellationToken
        );
        _step++;
        // A human has no tools, so calls that its model invents get no observation, and endpoints refuse a request with unanswered calls.
        // The reasoning may hold such calls too, so it is dropped with them.
        var own = response.Message;
        _messages.Add(_opening.Role == ModelRole.Human && !own.ToolCalls.IsEmpty ? Message.Assistant(own.Content ?? "") : own);
        return response;
    }
}
