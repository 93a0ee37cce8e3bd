using ConvoSynth.Core.Dialogues;
using ConvoSynth.Models;

namespace ConvoSynth.Rehearsal;

/// <summary>
/// Plays back the turns of real models. The human says the recorded user messages in order, the agent the assistant messages, with text,
/// tool calls and ids verbatim. Observations are not played back; the environment computes its own.
/// </summary>
/// <param name="recordOf">The recorded dialogue of an index, in OpenAI form; null if there is none. Must be a pure function.</param>
/// <param name="name">The model's name in rows.</param>
public sealed class RecordedModel(Func<long, IReadOnlyList<Message>?> recordOf, string name = "recorded") : IChatModel
{
    public RecordedModel(IReadOnlyDictionary<long, IReadOnlyList<Message>> records, string name = "recorded")
        : this(records.GetValueOrDefault, name) { }

    public string Name { get; } = name;

    /// <inheritdoc/>
    /// <exception cref="KeyNotFoundException">There is no record of this dialogue.</exception>
    public object? Open(DialogueOpening opening) => TurnsOf(opening.Dialogue, opening.Role);

    /// <inheritdoc/>
    /// <exception cref="EndOfRecordException">The record has no further message of the role.</exception>
    public ValueTask<ModelResponse> Respond(ModelRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var turns = request.Session as Message[] ?? TurnsOf(request.Dialogue, request.Role);
        if (request.Step >= turns.Length)
            throw new EndOfRecordException();
        var said = turns[request.Step];
        return new(
            new ModelResponse
            {
                Message = said.Role == MessageRole.Assistant ? said : said with { Role = MessageRole.Assistant },
                Model = Name,
                Finish = said.ToolCalls.IsEmpty ? FinishReason.Stop : FinishReason.ToolCalls,
            }
        );
    }

    private Message[] TurnsOf(DialogueKey dialogue, ModelRole role)
    {
        var record =
            recordOf(dialogue.Index)
            ?? throw new KeyNotFoundException(
                $"there is no recorded dialogue for index {dialogue.Index}; the record must hold one for each task that is replayed"
            );
        var wanted = role == ModelRole.Human ? MessageRole.User : MessageRole.Assistant;
        return [.. record.Where(m => m.Role == wanted)];
    }
}
