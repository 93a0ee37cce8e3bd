using System.Collections.Immutable;
using System.Text.RegularExpressions;
using ConvoSynth.Core;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Models.Endpoints;
using ConvoSynth.Models.Protocols;
using ConvoSynth.Models.Speech;

namespace ConvoSynth.Models.Asking;

/// <summary>
/// Calls an endpoint before a run, in the form that the run uses, so that a wrong setting costs a call and not a run. An agent's endpoint
/// is asked for a trivial tool call and sent its result; any other one is asked for a few words. The question takes some thought, so that
/// it shows whether the server keeps thoughts out of the text.
/// </summary>
/// <param name="usesTools">Whether an agent uses the endpoint.</param>
/// <param name="listing">The endpoint's list of models; null if it has none.</param>
/// <param name="prompts">
/// The longest first prompts of the roles that use the endpoint; each is sent once, to check that the server accepts it.
/// </param>
public sealed partial class EndpointProbe(
    JournaledEndpoint endpoint,
    bool usesTools,
    IModelListing? listing = null,
    IReadOnlyList<FirstPrompt>? prompts = null
)
{
    private const int MinToCompare = 1000;
    private const int MaxNumbers = 3;

    private bool _leaksThoughts;
    private string? _cut;

    /// <summary>The role of the probe's calls, in requests and in the ledger.</summary>
    public const string Role = "probe";

    public async ValueTask<ProbeResult> Run(string run, CancellationToken cancellationToken)
    {
        var calls = ImmutableArray.CreateBuilder<ModelCall>();
        var problem = await Problem(run, calls, cancellationToken);
        return new(endpoint.Spec.Name, problem, calls.ToImmutable())
        {
            Warnings = problem is null ? await Warnings(cancellationToken) : [],
        };
    }

    private async ValueTask<ImmutableArray<string>> Warnings(CancellationToken cancellationToken)
    {
        var warnings = ImmutableArray.CreateBuilder<string>();
        if (listing is not null && await listing.ShutdownDate(cancellationToken) is { } date)
            warnings.Add(
                $"{Where}: the model \"{endpoint.Spec.Model}\" is shut down on {date:yyyy-MM-dd}; end the run before, or name another model"
            );
        if (_cut is not null)
            warnings.Add(_cut);
        if (_leaksThoughts)
            warnings.Add(
                $"{Where} leaves its model's thoughts in the text; "
                    + $"they are taken out, but the server should keep them apart: {ServerAdvice.Thoughts}"
            );
        return warnings.ToImmutable();
    }

    private async ValueTask<string?> Problem(string run, ImmutableArray<ModelCall>.Builder calls, CancellationToken cancellationToken)
    {
        try
        {
            return (usesTools ? await WithTool(run, calls, cancellationToken) : await InWords(run, calls, cancellationToken))
                ?? await InLength(run, calls, cancellationToken);
        }
        catch (EndpointException e)
        {
            return e.Message;
        }
        catch (TransientModelException e)
        {
            return e.Message;
        }
    }

    private async ValueTask<string?> InWords(string run, ImmutableArray<ModelCall>.Builder calls, CancellationToken cancellationToken)
    {
        var answer = await Ask(run, 0, [Message.User(ProbeQuestion.Question)], [], calls, cancellationToken);
        return Unfinished(answer) ?? Leaked(answer);
    }

    private async ValueTask<string?> WithTool(string run, ImmutableArray<ModelCall>.Builder calls, CancellationToken cancellationToken)
    {
        List<Message> messages =
        [
            Message.User($"Call the tool {ProbeQuestion.Tool.Name} with the number that 3 and 4 make. Then say the word that it gives."),
        ];
        var first = await Ask(run, 0, messages, [ProbeQuestion.Tool], calls, cancellationToken);
        if (first.Message.ToolCalls.IsEmpty)
        {
            return Unfinished(first)
                ?? Leaked(first)
                ?? $"{Where} answers, but did not call a tool when told to: "
                    + $"the model \"{endpoint.Spec.Model}\" or its server may not know tools"
                    + (endpoint.Spec.Provider == EndpointProvider.OpenAICompatible ? $" ({ServerAdvice.Calls})" : "");
        }

        if (Leaked(first) is { } leaked)
            return leaked;
        if (first.Message.ToolCalls[0] is var call && call.Name != ProbeQuestion.Tool.Name)
            return $"{Where} called a tool \"{call.Name}\" that nobody offered; its server may not read this model's tool calls";
        if (!Json.TryParse(call.Arguments, out var arguments, out _) || arguments.Kind != JsonKind.Map)
            return $"{Where} called a tool with arguments that are no JSON object; its server may not read this model's tool calls";
        messages.Add(first.Message);
        foreach (var made in first.Message.ToolCalls)
            messages.Add(Message.Observation(made, ProbeQuestion.Word));
        try
        {
            var second = await Ask(run, 1, messages, [ProbeQuestion.Tool], calls, cancellationToken);
            return Unfinished(second) ?? Leaked(second);
        }
        catch (EndpointException e)
            when (e is { IsTransient: false, IsUnavailable: false }
                && first.Message.Reasoning is not null
                && endpoint.Spec.ReasoningEcho == ReasoningEcho.None
            )
        {
            return $"{Where} answers, but does not take its own call back without the reasoning before it ({e.Reason}); "
                + "set `reasoning_echo: within-tool-loop`";
        }
    }

    // Thoughts can be removed from a text; any other leak would have every row rejected.
    private string? Leaked(ChatAnswer answer) =>
        TemplateMarks.Find(answer.Message) switch
        {
            null => null,
            { Kind: LeakKind.Call } call => $"{Where} leaves {call}, in what it answers: {ServerAdvice.Calls}",
            { Kind: LeakKind.Thought } thought => $"{Where} leaves {thought}, in what it answers: {ServerAdvice.Thoughts}",
            { Kind: LeakKind.Mark } mark => $"{Where} leaves {mark}, in what it answers: {ServerAdvice.Marks}, "
                + $"or add `body: {{stop: ['{mark.Text}']}}` to the endpoint",
            { Kind: LeakKind.Broken } broken =>
                $"{Where} leaves {broken}, in what it answers: its server or a gateway before it decodes the model's tokens wrongly",
            { Kind: LeakKind.Json } json =>
                $"{Where} answers with {json}; see whether its server or a gateway before it asks the model for a form of answer",
            { } turn => $"{Where} leaves {turn}, in what it answers: {ServerAdvice.Marks}",
        };

    // The probe ignores the answer: it only checks that the server accepts the prompt.
    private async ValueTask<string?> InLength(string run, ImmutableArray<ModelCall>.Builder calls, CancellationToken cancellationToken)
    {
        for (var i = 0; i < (prompts?.Count ?? 0); i++)
        {
            var (role, prompt) = (prompts![i].Role, prompts[i].Prompt);
            var (answer, call) = await endpoint.Ask(new(new(run, 0, 0), Role, i + 2), prompt, journal: null, cancellationToken);
            calls.Add(call);
            var tokens = endpoint.TokensOf(prompt);
            if (answer.Finish == FinishReason.ContextLength)
                return $"{Where}: the {role}'s first prompt has about {tokens} tokens, {endpoint.Spec.MaxOutputTokens} more are kept "
                    + "for the answer (max_output_tokens), and together they are longer than the context of the model "
                    + $"\"{endpoint.Spec.Model}\"{Numbers(answer.RefusalWords)}; "
                    + "serve it with a longer context, or lower max_output_tokens";
            if (answer.Finish == FinishReason.PromptFilter)
                return $"{Where} filters the {role}'s first prompt; look at the content filter of the model \"{endpoint.Spec.Model}\"";

            // Some servers silently truncate a prompt that is too long.
            if (!call.IsEstimated && tokens >= MinToCompare && call.Usage.InputTokens < tokens / 2)
                _cut =
                    $"{Where} counts {call.Usage.InputTokens} tokens in the {role}'s first prompt, which has about {tokens}: "
                    + "its server may cut long prompts; serve the model with a longer context";
        }

        return null;
    }

    // Only the numbers of a server's message are shown, since the rest may quote the prompt.
    private static string Numbers(string words)
    {
        string[] numbers =
        [
            .. Number()
                .Matches(words)
                .Select(m => m.Value)
                .Where(static n => n.Length > 3 || n[0] >= '5')
                .Distinct(StringComparer.Ordinal)
                .Take(MaxNumbers),
        ];
        return numbers.Length == 0 ? "" : $" (the server speaks of {string.Join(" and ", numbers)})";
    }

    [GeneratedRegex(@"\b[0-9]{3,9}\b", RegexOptions.NonBacktracking)]
    private static partial Regex Number();

    private string Where => $"endpoint \"{endpoint.Spec.Name}\"";

    private string? Unfinished(ChatAnswer answer) =>
        answer.Finish switch
        {
            FinishReason.ContextLength =>
                $"{Where} finds a short prompt and {endpoint.Spec.MaxOutputTokens} tokens of answer too long for the model's "
                    + "context; lower max_output_tokens, or serve the model with a longer one",
            FinishReason.Length => $"{Where} used up its {endpoint.Spec.MaxOutputTokens} tokens on one word; "
                + "raise max_output_tokens, or lower reasoning_effort",
            FinishReason.ContentFilter or FinishReason.PromptFilter =>
                $"{Where} filters a harmless prompt; look at the content filter of the model \"{endpoint.Spec.Model}\"",
            FinishReason.Empty => $"{Where} answered a simple request with nothing; its server may not know the model's chat template",
            _ => null,
        };

    private async ValueTask<ChatAnswer> Ask(
        string run,
        int step,
        IReadOnlyList<Message> messages,
        ImmutableArray<ToolDefinition> tools,
        ImmutableArray<ModelCall>.Builder calls,
        CancellationToken cancellationToken
    )
    {
        var (answer, call) = await endpoint.Ask(
            new(new(run, 0, 0), Role, step),
            new()
            {
                System = ProbeQuestion.System,
                Messages = messages,
                Tools = tools,
            },
            journal: null,
            cancellationToken
        );
        calls.Add(call);
        _leaksThoughts |= answer.LeaksThoughts;
        return answer;
    }
}
