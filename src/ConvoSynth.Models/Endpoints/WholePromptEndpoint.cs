using ConvoSynth.Core;

namespace ConvoSynth.Models;

/// <summary>
/// Finds prompts that a server cut without a word. What a role is sent only grows in a dialogue; where the server counts far fewer tokens than it counted before, it dropped
/// the beginning, the rules and the tools among it. Such an answer is none: the prompt is longer than the model's context.
/// </summary>
internal sealed class WholePromptEndpoint(IEndpoint inner) : IEndpoint
{
    // A shorter prompt than this is no dialogue's, and a count may differ by what a template adds.
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

    // Some servers leave cached tokens out of the count: one that speaks of its cache is believed.
    private bool IsCut(EndpointRequest request, EndpointResponse response)
    {
        var counted = response.Usage.InputTokens;
        if (response.IsRefusal || counted == 0 || response.Usage.CachedTokens > 0 || !IsGrowing(request.Key))
            return false;
        lock (_lock)
        {
            if (_longest.Count >= MaxDialogues)
                _longest.Clear(); // Calls of dialogues that have ended.
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
