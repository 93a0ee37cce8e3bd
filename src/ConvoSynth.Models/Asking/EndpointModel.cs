using System.Collections.Immutable;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Models.Endpoints;
using ConvoSynth.Models.Journal;
using ConvoSynth.Models.Protocols;

namespace ConvoSynth.Models.Asking;

/// <summary>
/// A role on an endpoint. Every answer becomes a message, even if it was cut off, filtered, declined or empty. The environment and the
/// verifier judge it, including calls that are wrong or too many.
/// </summary>
public sealed class EndpointModel(JournaledEndpoint endpoint) : IChatModel
{
    public string Name => endpoint.Spec.Name;

    public bool KeepsTime => true;

    public ValueTask<ModelResponse> Respond(ModelRequest request, CancellationToken cancellationToken) =>
        Respond(request, "", cancellationToken);

    /// <summary>Makes one of several calls for the same message.</summary>
    /// <param name="part">Names the call: <c>candidate-1</c>, …; each has its own answer in the journal.</param>
    /// <exception cref="TransientModelException">The endpoint could not answer this time.</exception>
    /// <exception cref="EndpointException">The endpoint will not answer this.</exception>
    public async ValueTask<ModelResponse> Respond(ModelRequest request, string part, CancellationToken cancellationToken)
    {
        var key = new CallKey(request.Dialogue, request.Role.Word(), request.Step, part);
        var prompt = new Prompt
        {
            System = request.System,
            Messages = request.Messages,
            Tools = request.Tools,
        };
        var (answer, call) = await endpoint.Ask(key, prompt, request.Journal, request.LendPermit, cancellationToken);
        return new()
        {
            Message = PlainCalls.Of(
                endpoint.Spec.StrictTools ? WithoutNulls(answer.Message, request.Tools) : answer.Message,
                request.Tools
            ),
            Model = answer.Model.Length == 0 ? endpoint.Spec.Model : answer.Model,
            Finish = answer.Finish,
            Usage = call.Usage,
            Calls = [call],
            PlantedFault = answer.PlantedFault,
        };
    }

    private static Message WithoutNulls(Message message, ImmutableArray<ToolDefinition> tools)
    {
        if (message.ToolCalls.IsEmpty)
            return message;
        var calls = message.ToolCalls.Select(c =>
            tools.FirstOrDefault(t => t.Name == c.Name) is { } tool && StrictSchema.Of(tool.Parameters) is not null
                ? c with
                {
                    Arguments = StrictSchema.WithoutNulls(tool.Parameters, c.Arguments),
                }
                : c
        );
        return message with { ToolCalls = [.. calls] };
    }
}

public static class ModelRoleWords
{
    /// <summary>The role's name in journal and ledger.</summary>
    public static string Word(this ModelRole role) =>
        role switch
        {
            ModelRole.Human => "human",
            ModelRole.Agent => "agent",
            _ => throw new ArgumentOutOfRangeException(nameof(role), role, "the role is none of human, agent"),
        };
}
