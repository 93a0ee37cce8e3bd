using System.Globalization;
using System.Text;
using ConvoSynth.Core;
using ConvoSynth.Rehearsal.FakeOpenAI.Answers;
using ConvoSynth.Rehearsal.FakeOpenAI.Requests;
using Microsoft.AspNetCore.Http;

namespace ConvoSynth.Rehearsal.FakeOpenAI.Http;

/// <summary>
/// <c>POST /v1/completions</c> in the shape of vLLM, for the log-probabilities of a prompt's tokens. The completion itself is always the
/// same word.
/// </summary>
internal static class CompletionCalls
{
    /// <exception cref="RefusedException">The request is invalid, or asks for another model.</exception>
    public static async Task Answer(HttpContext context, ServerParts parts)
    {
        using var body = await PooledBody.Read(context.Request, context.RequestAborted);
        if (!Json.TryParse(Encoding.UTF8.GetString(body.Memory.Span), out var asked, out _) || asked["prompt"].Text is not { } prompt)
            throw RefusedException.Invalid("the body has no prompt", "prompt");
        if (parts.Options.Model is { } only && asked["model"].Text != only)
            throw new RefusedException(404, "model_not_found", $"The model `{asked["model"].Text}` does not exist.", "model");
        var tokens = ByteModel.Of(prompt);
        Delivery.Json(
            context,
            Json.Map(
                    ("id", "cmpl-1"),
                    ("object", "text_completion"),
                    ("model", asked["model"]),
                    (
                        "choices",
                        Json.List(
                            Json.Map(
                                ("index", 0),
                                ("text", " so"),
                                ("finish_reason", "length"),
                                ("prompt_logprobs", asked["prompt_logprobs"].IsNull ? Json.Null : Json.List(tokens.Select(Place)))
                            )
                        )
                    ),
                    ("usage", Json.Map(("prompt_tokens", tokens.Count), ("completion_tokens", 1), ("total_tokens", tokens.Count + 1)))
                )
                .ToString()
        );
    }

    // Nothing precedes the first token. A token's id is its hash: the vocabulary has no end.
    private static Json Place((string Token, double LogProbability) token, int number) =>
        number == 0
            ? Json.Null
            : Json.Map(
                (
                    (new Seed(0).For(token.Token).Value % 100_000).ToString(CultureInfo.InvariantCulture),
                    Json.Map(("logprob", Math.Round(token.LogProbability, 6)), ("rank", Json.Null), ("decoded_token", token.Token))
                )
            );
}
