using ConvoSynth.Core.Dialogues;
using ConvoSynth.Models.Endpoints;

namespace ConvoSynth.Models.Asking;

/// <summary>Estimates tokens if no count exists: for quota before an answer, and for limits and ledger if a server counts none.</summary>
internal static class TokenEstimate
{
    // About the ratio of OpenAI's tokenizers in English.
    private const int BytesPerToken = 4;

    public static int Of(int bytes) => (bytes + BytesPerToken - 1) / BytesPerToken;

    /// <summary>The estimated tokens of a server's answer; at most the output tokens that the request allowed.</summary>
    public static int OfAnswer(EndpointRequest request, EndpointResponse response) =>
        Math.Min(request.OutputTokens, Of(response.Body.Length));

    /// <summary>The usage, or an estimate if the server counted no input tokens: every prompt has some.</summary>
    public static Usage Or(Usage usage, EndpointRequest request, EndpointResponse response, out bool isEstimated)
    {
        isEstimated = usage.InputTokens == 0 && !response.IsRefusal;
        return isEstimated
            ? usage with
            {
                InputTokens = request.InputTokens,
                OutputTokens = usage.OutputTokens > 0 ? usage.OutputTokens : OfAnswer(request, response),
            }
            : usage;
    }
}
