using ConvoSynth.Core.Campaigns;
using ConvoSynth.Models.Protocols;
using ConvoSynth.Models.Speech;

namespace ConvoSynth.Models.Endpoints;

/// <summary>
/// Rejects an answer that has thoughts and no speech: the model stopped too early, and may speak if it is asked again. Thoughts that the
/// token limit cut off are an answer, since a retry would be cut off as well.
/// </summary>
public sealed class SpeechEndpoint(IEndpoint inner) : IEndpoint
{
    /// <summary>Describes such an answer, as the end of "answered with …".</summary>
    internal const string ThoughtsOnly =
        "the model's thoughts and not a word of speech; raise max_output_tokens, "
        + "and see whether the server's reasoning parser is the model's: "
        + ServerAdvice.Thoughts;

    public EndpointSpec Spec => inner.Spec;

    public async ValueTask<EndpointResponse> Send(EndpointRequest request, CancellationToken cancellationToken)
    {
        var response = await inner.Send(request, cancellationToken);
        if (!ChatProtocols.Of(Spec.Protocol).Read(Spec, response.Body).IsThoughtsOnly)
            return response;
        throw new EndpointException(Spec.Name, "malformed", $"endpoint \"{Spec.Name}\" answered with {ThoughtsOnly}")
        {
            IsTransient = true,
            Seconds = response.Seconds,
        };
    }
}

public static class SpeechEndpointBuilding
{
    public static EndpointBuilder UseSpeech(this EndpointBuilder builder) => builder.Use(static inner => new SpeechEndpoint(inner));
}
