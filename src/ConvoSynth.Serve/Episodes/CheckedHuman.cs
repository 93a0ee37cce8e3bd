using ConvoSynth.Core.Blueprints;
using ConvoSynth.Dialogues.Roles;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Models;
using ConvoSynth.Models.Endpoints;

namespace ConvoSynth.Serve.Episodes;

/// <summary>
/// A human behind an endpoint whose messages are looked at before they are sent. A message that verification would reject is asked for
/// again: the agent in training must not answer for it. All tries of one message share a time limit, because OpenEnv's client gives a
/// message up after 60 s.
/// </summary>
/// <param name="patience">For all tries of one message; 45 s in servers.</param>
internal sealed class CheckedHuman(IChatModel model, Func<Blueprint, Pack> packOf, TimeProvider time, TimeSpan patience) : IChatModel
{
    // A model that is unfit so often in a row is unfit for the part.
    private const int MaxTries = 6;

    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);

    public string Name => model.Name;

    public bool KeepsTime => true;

    public object? Open(DialogueOpening opening) => new Part(model.Open(opening), opening.Script);

    /// <inheritdoc/>
    /// <exception cref="HumanLostException">No message was fit, or none came in time.</exception>
    public async ValueTask<ModelResponse> Respond(ModelRequest request, CancellationToken cancellationToken)
    {
        var part = (Part)request.Session!;
        using var limit = new CancellationTokenSource(patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var problem = "gave no answer";
        for (var tries = 0; tries < MaxTries; tries++)
        {
            try
            {
                var response = await model.Respond(request with { Session = part.Inner }, both.Token);
                if (HumanSlips.In(response, packOf(part.Blueprint), part.Blueprint, request.Messages, request.Step == 0) is not { } slip)
                    return response;
                problem = $"wrote a message that {slip}";
            }
            catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                throw new HumanLostException($"{model.Name} {problem} within {patience.TotalSeconds:0} s");
            }
            catch (TransientModelException e)
            {
                problem = $"did not answer: {e.Message}";
            }
            catch (EndpointException e)
            {
                throw new HumanLostException($"{model.Name} did not answer: {e.Message}");
            }
        }

        throw new HumanLostException($"{model.Name} {problem}, {MaxTries} times in a row");
    }

    private sealed record Part(object? Inner, Blueprint Blueprint);
}
