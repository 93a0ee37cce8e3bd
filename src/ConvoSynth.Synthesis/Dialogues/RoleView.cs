using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Models;

namespace ConvoSynth.Synthesis;

/// <summary>
/// One role's own view of the conversation, and the requests that it makes of its model. The agent sees everything it did; the human
/// sees texts only, its own as <c>assistant</c> messages.
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

    /// <param name="journal">Where the model keeps its answers before they are used; null where there is none: then it must be a function of its requests.</param>
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

    /// <summary>The other party's messages since this role last spoke (for the agent: also the observations of its calls).</summary>
    public void Heard(Message message) => _messages.Add(message);

    /// <summary>Asks the model for this role's next message.</summary>
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
                Tools = _tools,
                Journal = _journal,
                Session = _session,
            },
            cancellationToken
        );
        _step++;
        // A human has no tools, so calls that its model makes up are answered by nobody, and endpoints refuse a request with such calls; the reasoning may hold them too.
        var own = response.Message;
        _messages.Add(_opening.Role == ModelRole.Human && !own.ToolCalls.IsEmpty ? Message.Assistant(own.Content ?? "") : own);
        return response;
    }
}
