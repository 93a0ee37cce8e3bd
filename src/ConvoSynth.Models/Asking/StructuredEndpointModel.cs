using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Models.Journal;
using ConvoSynth.Models.Protocols;

namespace ConvoSynth.Models.Asking;

/// <summary>Asks an endpoint questions with answers in JSON. An unusable answer is asked for again, with the problem named.</summary>
public sealed class StructuredEndpointModel(JournaledEndpoint endpoint) : IStructuredModel
{
    private const int MaxRepairs = 5;

    public string Name => endpoint.Spec.Name;

    public async ValueTask<StructuredResponse> Ask(StructuredRequest request, CancellationToken cancellationToken)
    {
        if (request.Repairs is < 0 or > MaxRepairs)
            throw new ArgumentOutOfRangeException(nameof(request), request.Repairs, $"repairs are from 0 to {MaxRepairs}");
        var calls = ImmutableArray.CreateBuilder<ModelCall>();
        var messages = new List<Message> { Message.User(request.User) };
        for (var repair = 0; ; repair++)
        {
            var prompt = new Prompt
            {
                System = request.System,
                Messages = messages,
                Answer = new(request.SchemaName, request.Schema),
            };
            var (answer, call) = await endpoint.Ask(KeyOf(request.Key, repair), prompt, request.Journal, cancellationToken);
            calls.Add(call);
            var (value, problem) = Judge(request, answer);
            if (problem is null)
                return new(value, null, calls.ToImmutable());

            // A filter rejects the same words again, and a repair only lengthens a prompt that is too long.
            if (repair == request.Repairs || answer.IsPromptRefused || answer.Finish == FinishReason.ContentFilter)
                return new(null, problem, calls.ToImmutable());
            messages =
            [
                Message.User(request.User),
                Message.Assistant(answer.Message.Content ?? ""),
                Message.User($"That will not do: {problem}. Answer again, with the JSON object alone."),
            ];
        }
    }

    private static CallKey KeyOf(CallKey key, int repair) =>
        repair == 0 ? key : key with { Part = key.Part.Length == 0 ? $"repair-{repair}" : $"{key.Part}/repair-{repair}" };

    private (Json? Value, string? Problem) Judge(StructuredRequest request, ChatAnswer answer)
    {
        // Some servers enforce a schema through a tool call.
        var text =
            string.IsNullOrWhiteSpace(answer.Message.Content) && answer.Message.ToolCalls is [var only]
                ? only.Arguments
                : answer.Message.Content ?? "";
        switch (answer.Finish)
        {
            case FinishReason.ContentFilter:
                return (null, "the provider's filter held the answer back");
            case FinishReason.Refusal:
                return (null, "the model declined to answer");
            case FinishReason.Empty:
                return (null, "the answer is empty");
            case FinishReason.PromptFilter:
                return (null, "the provider's filter does not let the question through");
            case FinishReason.ContextLength:
                return (null, $"the question is longer than the model \"{endpoint.Spec.Model}\" takes");
            case FinishReason.Length:
                return (null, $"the answer was cut off at {endpoint.Spec.MaxOutputTokens} tokens; it must be shorter");
        }

        // The answer is the last object of the right shape; earlier objects are drafts.
        string? misshapen = null;
        var objects = JsonObjects.In(text);
        for (var i = objects.Count - 1; i >= 0; i--)
        {
            if (!Json.TryParse(objects[i], out var value, out var mistake))
            {
                misshapen ??= $"the answer is no JSON ({mistake!.Message})";
                continue;
            }

            value = WithoutExtras(request.Schema, value);
            if (AnswerShape.Problem(request.Schema, value) is { } shape)
                misshapen ??= shape;
            else
                return request.Problem(value) is { } problem ? (null, problem) : (value, null);
        }

        return (null, misshapen ?? $"the answer is no JSON ({(Json.TryParse(text, out _, out var fault) ? "no object" : fault!.Message)})");
    }

    // Fields outside the schema, such as a confidence, do not make the answer unusable.
    private static Json WithoutExtras(Json schema, Json value) =>
        value is JsonMap map && schema["properties"] is JsonMap known && map.Keys.Any(k => !known.Contains(k))
            ? JsonMap.Create(map.Keys.Zip(map.Values, KeyValuePair.Create).Where(p => known.Contains(p.Key)))
            : value;
}
