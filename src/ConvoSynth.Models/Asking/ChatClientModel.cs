using System.Text.Json;
using ConvoSynth.Core;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Models.Endpoints;
using ConvoSynth.Models.Journal;
using ConvoSynth.Models.Protocols;
using Microsoft.Extensions.AI;

namespace ConvoSynth.Models.Asking;

/// <summary>
/// A role on any <see cref="IChatClient"/>: a package's client for a provider without a protocol here. Retries and quota are up to the
/// client. The journal holds its answers as chat completions, with the arguments reserialized from the client's parsed JSON.
/// </summary>
/// <param name="spec">The model's name, settings and price; the client owns address and key.</param>
public sealed class ChatClientModel(IChatClient client, EndpointSpec spec, TimeProvider time) : IChatModel
{
    private readonly ChatProtocol _protocol = new();

    public string Name => spec.Name;

    public async ValueTask<ModelResponse> Respond(ModelRequest request, CancellationToken cancellationToken)
    {
        var key = new CallKey(request.Dialogue, request.Role.Word(), request.Step);
        var body = _protocol.Write(
            spec,
            new()
            {
                System = request.System,
                Messages = request.Messages,
                Tools = request.Tools,
            }
        );
        var hash = JournaledEndpoint.HashOf(spec.Name, body.Span);
        var call = request.Journal is null ? null : await request.Journal.Find(key, hash, cancellationToken);
        if (call is null)
        {
            var began = time.GetTimestamp();
            var response = await client.GetResponseAsync(Messages(request), Options(request), cancellationToken);
            var seconds = time.GetElapsedTime(began).TotalSeconds;
            var usage = new Usage(
                response.Usage?.InputTokenCount ?? 0,
                response.Usage?.CachedInputTokenCount ?? 0,
                response.Usage?.OutputTokenCount ?? 0,
                response.Usage?.ReasoningTokenCount ?? 0
            );
            var completion = Completion(response).ToString();
            if (_protocol.Read(spec, completion).IsThoughtsOnly)
                throw new TransientModelException($"endpoint \"{spec.Name}\" answered with {SpeechEndpoint.ThoughtsOnly}");
            var isEstimated = usage.InputTokens == 0;
            if (isEstimated)
                usage = new(TokenEstimate.Of(body.Length), 0, Math.Min(spec.MaxOutputTokens, TokenEstimate.Of(completion.Length)), 0);
            call = new()
            {
                Key = key,
                RequestHash = hash,
                Body = completion,
                Call = new(key.Role, spec.Name, usage, spec.Price?.Of(usage), seconds) { IsEstimated = isEstimated },
            };
            if (request.Journal is not null)
                call = await request.Journal.Append(call, CancellationToken.None);
        }

        var answer = _protocol.Read(spec, call.Body);
        return new()
        {
            Message = CallIds.Unique(answer.Message, request.Messages),
            Model = answer.Model.Length == 0 ? spec.Model : answer.Model,
            Finish = answer.Finish,
            Usage = call.Call.Usage,
            Calls = [call.Call],
        };
    }

    private ChatOptions Options(ModelRequest request) =>
        new()
        {
            ModelId = spec.Model,
            MaxOutputTokens = spec.MaxOutputTokens,
            Temperature = (float?)spec.Temperature,
            AllowMultipleToolCalls = request.Tools.IsEmpty || spec.ParallelToolCalls ? null : false,
            Tools = request.Tools.IsEmpty
                ? null
                :
                [
                    .. request.Tools.Select(t =>
                        AIFunctionFactory.CreateDeclaration(t.Name, t.Description, JsonElement.Parse(t.Parameters.ToString()), null)
                    ),
                ],
        };

    private static IEnumerable<ChatMessage> Messages(ModelRequest request)
    {
        yield return new(ChatRole.System, request.System);
        foreach (var message in request.Messages)
        {
            yield return message.Role switch
            {
                MessageRole.System => new(ChatRole.System, message.Content),
                MessageRole.User => new(ChatRole.User, PastTurns.Text(message)),
                MessageRole.Tool => new(ChatRole.Tool, [new FunctionResultContent(message.ToolCallId!, message.Content)]),
                _ => new(ChatRole.Assistant, [.. Contents(message)]),
            };
        }
    }

    private static IEnumerable<AIContent> Contents(Message message)
    {
        if (PastTurns.Text(message) is { } text)
            yield return new TextContent(text);
        foreach (var call in message.ToolCalls)
        {
            var arguments = JsonSerializer.Deserialize<Dictionary<string, object?>>(PastTurns.AsObject(call.Arguments));
            yield return new FunctionCallContent(call.Id, PastTurns.Name(call), arguments);
        }
    }

    private static JsonMap Completion(ChatResponse response)
    {
        var contents = response.Messages.SelectMany(m => m.Contents).ToArray();
        var calls = contents
            .OfType<FunctionCallContent>()
            .Select(c =>
                Json.Map(
                    ("id", c.CallId),
                    ("type", "function"),
                    (
                        "function",
                        Json.Map(("name", c.Name), ("arguments", c.Arguments is null ? "{}" : JsonSerializer.Serialize(c.Arguments)))
                    )
                )
            );
        var text = string.Concat(contents.OfType<TextContent>().Select(c => c.Text));
        var message = Json.Map(("content", text.Length == 0 ? null : text), ("tool_calls", Json.List(calls)));
        var choice = response.FinishReason is { } finish
            ? Json.Map(("finish_reason", finish.Value), ("message", message))
            : Json.Map(("message", message));
        return Json.Map(("model", response.ModelId), ("choices", Json.List(choice)));
    }
}
