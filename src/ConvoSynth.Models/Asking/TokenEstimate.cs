using ConvoSynth.Core;

namespace ConvoSynth.Models;

/// <summary>How many tokens a text has where no count exists: for quota before an answer, and for limits and ledger where a server counts none.</summary>
internal static class TokenEstimate
{
    // Near the share of OpenAI's tokenizers in English.
    private const int BytesPerToken = 4;

    public static int Of(int bytes) => (bytes + BytesPerToken - 1) / BytesPerToken;

    /// <summary>What a server sent beside the prompt's own tokens; never more than was allowed.</summary>
    public static int OfAnswer(EndpointRequest request, EndpointResponse response) =>
        Math.Min(request.OutputTokens, Of(response.Body.Length));

    /// <summary>The usage, or an estimate of it where the server counted no prompt at all: each has some.</summary>
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
