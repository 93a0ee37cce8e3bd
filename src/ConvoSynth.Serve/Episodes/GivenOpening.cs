using ConvoSynth.Core.Dialogues;
using ConvoSynth.Models;

namespace ConvoSynth.Serve.Episodes;

/// <summary>A human whose first message is given: the agent has read it already, in the row that began the episode.</summary>
internal sealed class GivenOpening(IChatModel model, string opening) : IChatModel
{
    public string Name => model.Name;

    public bool KeepsTime => model.KeepsTime;

    public object? Open(DialogueOpening opened) => model.Open(opened);

    public ValueTask<ModelResponse> Respond(ModelRequest request, CancellationToken cancellationToken) =>
        request.Step > 0
            ? model.Respond(request, cancellationToken)
            : new(new ModelResponse { Message = Message.Assistant(opening), Model = model.Name });
}
