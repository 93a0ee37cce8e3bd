using System.Security.Cryptography;
using System.Text.Json;
using ConvoSynth.Core;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Models;
using ConvoSynth.Models.Journal;

namespace ConvoSynth.Simulation;

/// <summary>
/// A model whose answers are not reproducible. Each contains its sale number in the first human message, in the ids of its calls and in
/// its usage. It uses the journal like a model behind an endpoint: find, send, append, and only then use.
/// </summary>
internal sealed class JournaledModel(IChatModel inner, Provider provider, SeededRandom random, TimeProvider time) : IChatModel
{
    public string Name => inner.Name;

    public object? Open(DialogueOpening opening) => inner.Open(opening);

    public async ValueTask<ModelResponse> Respond(ModelRequest request, CancellationToken cancellationToken)
    {
        var journal = request.Journal ?? throw new InvalidOperationException($"{request.Dialogue} has no journal");
        var key = new CallKey(request.Dialogue, request.Role == ModelRole.Human ? "human" : "agent", request.Step);
        var asked = JsonSerializer.SerializeToUtf8Bytes((request.System, request.Messages), Options);
        var hash = Convert.ToHexStringLower(SHA256.HashData(asked));
        var wasDurable = provider.IsDurable(key);
        var call = await journal.Find(key, hash, cancellationToken);
        if (call is null)
        {
            var number = provider.Sell(key, hash, wasDurable);
            await Task.Delay(TimeSpan.FromMilliseconds(random.Between(1, 3_000)), time, cancellationToken);
            var response = await inner.Respond(request, cancellationToken);
            var numbered = Numbered(response.Message, key, number);
            var body = JsonSerializer.Serialize(new Answer(numbered, response.Finish, response.PlantedFault, number));
            call = await journal.Append(
                new()
                {
                    Key = key,
                    RequestHash = hash,
                    Body = body,
                    Call = new(key.Role, "simulated", UsageOf(number), number / 1000m, number),
                },
                cancellationToken
            );
        }

        provider.Used(key, call.Body);
        var answer = JsonSerializer.Deserialize<Answer>(call.Body)!;
        return new()
        {
            Message = answer.Message,
            Model = Name,
            Finish = answer.Finish,
            PlantedFault = answer.PlantedFault,
            Usage = call.Call.Usage,
            Calls = [call.Call],
        };
    }

    private static readonly JsonSerializerOptions Options = new() { IncludeFields = true };

    private static Usage UsageOf(long number) => new(number, 0, 1, 0);

    // Only the opening message gets extra text: a turn that is planned to be empty or repetitive must stay so.
    private static Message Numbered(Message message, CallKey key, long number) =>
        message with
        {
            Content = key is { Role: "human", Step: 0 } ? $"{message.Content} [{Word(number)}]" : message.Content,
            ToolCalls = [.. message.ToolCalls.Select((c, i) => c with { Id = $"call_{number}_{i}" })],
        };

    // Letters, since digits in a message may be an amount.
    private static string Word(long number) => number < 26 ? $"{(char)('a' + number)}" : Word(number / 26) + Word(number % 26);

    private sealed record Answer(Message Message, FinishReason Finish, string? PlantedFault, long Number);
}
