using ConvoSynth.Core.Campaigns;

namespace ConvoSynth.Models.Endpoints;

/// <summary>Replaces an endpoint when a run is played back from its journal: it never sends anything.</summary>
public sealed class JournalOnlyEndpoint(EndpointSpec spec) : IEndpoint
{
    public EndpointSpec Spec { get; } = spec;

    /// <exception cref="EndpointException">Always.</exception>
    public ValueTask<EndpointResponse> Send(EndpointRequest request, CancellationToken cancellationToken) =>
        throw new EndpointException(
            Spec.Name,
            "journal",
            $"the journal has no answer to {request.Key}, and the endpoint {Spec.Name} is not called when a run is played back: "
                + "play it with the prompts, packs and settings that it was made with"
        );
}
