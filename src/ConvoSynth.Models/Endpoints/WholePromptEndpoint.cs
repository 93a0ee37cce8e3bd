using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Models.Asking;
using ConvoSynth.Models.Journal;
using ConvoSynth.Models.Protocols;

namespace ConvoSynth.Models.Endpoints;

/// <summary>
/// Finds prompts that a server cut without an error. A role's prompt only grows during a dialogue. If the server counts far fewer tokens
/// than before, it dropped the beginning of the prompt, with rules and tools. The answer then counts as refused: the prompt is too long.
/// </summary>
internal sealed class WholePromptEndpoint(IEndpoint inner) : IEndpoint
{
    // In shorter prompts, the tokens that a template adds could look like a cut.
    private const int MinTokens = 500;
    private const double MaxShare = 0.6;
    private const int MaxDialogues = 4096;

    private readonly Lock _lock = new();
    private readonly Dictionary<(DialogueKey, string), (int Estimated, long Counted)> _longest = [];

    public EndpointSpec Spec => inner.Spec;

    public async ValueTask<EndpointResponse> Send(EndpointRequest request, CancellationToken cancellationToken)
    {
        var response = await inner.Send(request, cancellationToken);
        if (!IsCut(request, response))
            return response;
        var words =
            $"the server counted {response.Usage.InputTokens} tokens in a prompt that is longer than one in which it had counted more";
        return response with { Body = RefusedPrompt.Body(FinishReason.ContextLength, 200, words), IsRefusal = true };
    }

    // Some servers leave cached tokens out of the count, so an answer that reports cached tokens is trusted.
    private bool IsCut(EndpointRequest request, EndpointResponse response)
    {
        var counted = response.Usage.InputTokens;
        if (response.IsRefusal || counted == 0 || response.Usage.CachedTokens > 0 || !IsGrowing(request.Key))
            return false;
        lock (_lock)
        {
            if (_longest.Count >= MaxDialogues)
                _longest.Clear(); // Bounds memory; most entries belong to ended dialogues.
            var key = (request.Key.Dialogue, request.Key.Role);
            if (!_longest.TryGetValue(key, out var before) || counted >= before.Counted)
            {
                _longest[key] = (request.InputTokens, counted);
                return false;
            }

            return before.Counted >= MinTokens && request.InputTokens >= before.Estimated && counted < before.Counted * MaxShare;
        }
    }

    private static bool IsGrowing(CallKey call) =>
        call.Part.Length == 0 && (call.Role == ModelRole.Agent.Word() || call.Role == ModelRole.Human.Word());
}

internal static class WholePromptEndpointBuilding
{
    public static EndpointBuilder UseWholePrompts(this EndpointBuilder builder) =>
        builder.Use(static inner => new WholePromptEndpoint(inner));
}
