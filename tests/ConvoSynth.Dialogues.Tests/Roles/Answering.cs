using ConvoSynth.Core;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Dialogues.Prompts;
using ConvoSynth.Models;
using ConvoSynth.Verification.Tests;

namespace ConvoSynth.Dialogues.Tests;

/// <summary>A model that answers from a list. A rejected answer is followed by the next, up to the request's number of repairs.</summary>
internal sealed class Answering(params string[] answers) : IStructuredModel
{
    private int _next;

    public string Name { get; init; } = "answering";

    public List<StructuredRequest> Asked { get; } = [];

    /// <summary>The problems of the rejected answers.</summary>
    public List<string> Problems { get; } = [];

    public ValueTask<StructuredResponse> Ask(StructuredRequest request, CancellationToken cancellationToken)
    {
        Asked.Add(request);
        var calls = new List<ModelCall>();
        string? problem = null;
        for (var i = 0; i <= request.Repairs; i++)
        {
            var answer = Json.Parse(answers[Math.Min(_next++, answers.Length - 1)]);
            calls.Add(new(request.Key.Role, Name, new(100, 0, 10, 0), 0.01m, 1));
            problem = request.Problem(answer);
            if (problem is null)
                return new(new StructuredResponse(answer, null, [.. calls]));
            Problems.Add(problem);
        }

        return new(new StructuredResponse(null, problem, [.. calls]));
    }
}

/// <summary>A chat model with given candidates.</summary>
internal sealed class Candidates(params ModelResponse[] responses) : IChatModel
{
    public string Name => "candidates";

    public List<(string Part, ModelRequest Request)> Asked { get; } = [];

    public object? Open(DialogueOpening opening) => "inner";

    public ValueTask<ModelResponse> Respond(ModelRequest request, CancellationToken cancellationToken) =>
        Respond(request, "", cancellationToken);

    public ValueTask<ModelResponse> Respond(ModelRequest request, string part, CancellationToken cancellationToken)
    {
        Asked.Add((part, request));
        return new(responses[Asked.Count - 1]);
    }

    public static ModelResponse Said(string text, FinishReason finish = FinishReason.Stop) =>
        new()
        {
            Message = Message.Assistant(text),
            Model = "candidates",
            Finish = finish,
            Usage = new(50, 0, 5, 0),
            Calls = [new("human", "candidates", new(50, 0, 5, 0), 0.001m, 0.5)],
        };
}

internal static class ShippedPrompts
{
    private static readonly Lazy<PromptSet> Loaded = new(() => PromptSet.Load(TestPacks.Shipped(PromptSet.FolderName)));

    public static PromptSet Set => Loaded.Value;
}
