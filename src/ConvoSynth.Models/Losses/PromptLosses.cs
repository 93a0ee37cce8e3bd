using System.Text.Json;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Models.Endpoints;
using ConvoSynth.Models.Protocols;

namespace ConvoSynth.Models.Losses;

/// <summary>
/// The loss of texts under a model whose server gives the log-probabilities of a prompt's tokens: vLLM's <c>prompt_logprobs</c> at
/// <c>/completions</c>. Transient failures are tried again. Thread-safe.
/// </summary>
public sealed class PromptLosses : IDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(0.5);

    private readonly EndpointSpec _spec;
    private readonly HttpClient _http;
    private readonly PipelineCalls _calls;
    private readonly TimeProvider _time;

    /// <exception cref="ArgumentException">The endpoint has no key, or another protocol.</exception>
    public PromptLosses(EndpointSpec spec, EndpointKeys keys, TimeProvider time, HttpMessageHandler? handler = null)
    {
        if (spec.Provider != EndpointProvider.OpenAICompatible)
            throw new ArgumentException(
                $"endpoint \"{spec.Name}\" gives no log-probabilities of a prompt; name a server such as vLLM, "
                    + "of `provider: openai-compatible`",
                nameof(spec)
            );
        if (keys.Of(spec) is { Problem: { } problem })
            throw new ArgumentException(problem, nameof(spec));
        (_spec, _time, _http) = (spec, time, EndpointHttp.Client(handler));
        _calls = new(spec, new OpenAIClients(spec, _http, keys.Of(spec).Key, credential: null).Models()!.Pipeline, time);
    }

    /// <summary>The mean loss of a text's tokens after a beginning, in nats.</summary>
    /// <exception cref="EndpointException">The server gives no answer, or none with log-probabilities.</exception>
    public async Task<double> Of(string beginning, string text, CancellationToken cancellationToken)
    {
        // Only the prompt is of interest, and servers generate at least one token. With 0, each place has the prompt's own token alone.
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new Dictionary<string, object>
            {
                ["model"] = _spec.Model,
                ["prompt"] = beginning + text,
                ["max_tokens"] = 1,
                ["temperature"] = 0,
                ["prompt_logprobs"] = 0,
            }
        );
        for (var failures = 0; ; failures++)
        {
            try
            {
                return Read(await Asked(body, cancellationToken), text.Length);
            }
            catch (EndpointException e) when (e.IsTransient && failures < _spec.Retries)
            {
                await Task.Delay(e.RetryAfter ?? (FirstPause * Math.Pow(2, failures)), _time, cancellationToken);
            }
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<ReadOnlyMemory<byte>> Asked(byte[] body, CancellationToken cancellationToken)
    {
        var patience = TimeSpan.FromSeconds(_spec.TimeoutSeconds);
        var answer = await _calls.Send("POST", "completions", body, "application/json", patience, cancellationToken);
        return answer.Status is >= 200 and < 300 ? answer.Body : throw _calls.Failure(answer);
    }

    // Tokens from the end of the prompt until they cover the text.
    private double Read(ReadOnlyMemory<byte> answer, int length)
    {
        using var document = ResponseJson.Parse(answer.Span, out var problem);
        if (document is null)
            throw _calls.Failures.OfMalformed(problem!, 0);
        var choice = ResponseJson.Items(document.RootElement, "choices"u8).FirstOrDefault();
        var places = ResponseJson.Items(choice, "prompt_logprobs"u8).ToArray();
        var (sum, tokens, covered) = (0.0, 0, 0);
        for (var i = places.Length - 1; i >= 0 && covered < length; i--)
        {
            if (places[i].ValueKind != JsonValueKind.Object)
                break;
            var token = places[i].EnumerateObject().FirstOrDefault().Value;
            if (TolerantText.Of(token, "decoded_token"u8) is not { } text || !token.TryGetProperty("logprob"u8, out var logprob))
                break;
            (sum, tokens, covered) = (sum - logprob.GetDouble(), tokens + 1, covered + text.Length);
        }

        return covered >= length && tokens > 0
            ? sum / tokens
            : throw new EndpointException(
                _spec.Name,
                "no-logprobs",
                $"endpoint \"{_spec.Name}\" gives no log-probabilities of the prompt's tokens; "
                    + $"vLLM does at {EndpointAddress.Shown(_spec)}/completions"
            );
    }
}
