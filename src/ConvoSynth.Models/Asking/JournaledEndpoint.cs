using System.Security.Cryptography;
using System.Text;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Models.Endpoints;
using ConvoSynth.Models.Journal;
using ConvoSynth.Models.Protocols;

namespace ConvoSynth.Models.Asking;

/// <summary>
/// Answers from the journal, and asks the endpoint only for what the journal lacks. An answer is durable before it is read: no answer is
/// paid for twice, and a repeated dialogue gets the same answers.
/// </summary>
/// <param name="endpoint">The endpoint with its decorators.</param>
/// <param name="specs">All endpoints of the run by name, since a fallback may have answered.</param>
/// <param name="rehearsal">The metadata that rehearsal endpoints get; null for none.</param>
public sealed class JournaledEndpoint(
    IEndpoint endpoint,
    IReadOnlyDictionary<string, EndpointSpec> specs,
    RehearsalMetadata? rehearsal = null
)
{
    // The ledger's name for what came by batch, whatever tier the answer names.
    private const string BatchTier = "batch";

    public EndpointSpec Spec => endpoint.Spec;

    /// <exception cref="TransientModelException">The endpoint could not answer this time.</exception>
    /// <exception cref="EndpointException">The endpoint will not answer this.</exception>
    public ValueTask<(ChatAnswer Answer, ModelCall Call)> Ask(
        CallKey key,
        Prompt prompt,
        IJournal? journal,
        CancellationToken cancellationToken
    ) => Ask(key, prompt, journal, lendPermit: null, cancellationToken);

    /// <inheritdoc cref="Ask(CallKey, Prompt, IJournal?, CancellationToken)"/>
    /// <param name="lendPermit"><see cref="EndpointRequest.LendPermit"/>.</param>
    public async ValueTask<(ChatAnswer Answer, ModelCall Call)> Ask(
        CallKey key,
        Prompt prompt,
        IJournal? journal,
        Action? lendPermit,
        CancellationToken cancellationToken
    )
    {
        var request = Request(endpoint.Spec, key, prompt) with { LendPermit = lendPermit };
        if (journal is null)
        {
            var (body, made) = await Send(request, cancellationToken);
            return Read(made, body, prompt);
        }

        var hash = HashOf(endpoint.Spec.Name, request.Body.Span);
        var call = await journal.Find(key, hash, cancellationToken);
        if (call is not null)
        {
            BodyWriter.Release(request.Body);
        }
        else
        {
            var sent = await Send(request, cancellationToken);

            // A received answer is stored even if the caller has been cancelled.
            call = await journal.Append(
                new()
                {
                    Key = key,
                    RequestHash = hash,
                    Body = sent.Body,
                    Call = sent.Call,
                },
                CancellationToken.None
            );
        }

        return Read(call.Call, call.Body, prompt);
    }

    /// <summary>Estimates a prompt's tokens in the endpoint's protocol, its tools and structure included.</summary>
    public int TokensOf(Prompt prompt)
    {
        var body = ChatProtocols.Of(Spec.Protocol).Write(Spec, prompt);
        var tokens = TokenEstimate.Of(body.Length);
        BodyWriter.Release(body);
        return tokens;
    }

    /// <summary>SHA-256 of the endpoint's name and the body, in lower-case hexadecimal.</summary>
    public static string HashOf(string endpoint, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(endpoint));
        hash.AppendData([0]); // No name contains NUL, so a name's end cannot pass for a body's beginning.
        hash.AppendData(body);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private EndpointRequest Request(EndpointSpec spec, CallKey key, Prompt prompt)
    {
        var told = spec.Rehearsal && rehearsal is not null ? prompt with { Metadata = rehearsal.Of(key) } : prompt;
        var body = ChatProtocols.Of(spec.Protocol).Write(spec, told);
        return new(key, body, TokenEstimate.Of(body.Length), spec.MaxOutputTokens) { For = other => Request(other, key, prompt) };
    }

    private async ValueTask<(string Body, ModelCall Call)> Send(EndpointRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var response = await endpoint.Send(request, cancellationToken);

            // A failed try may still hold the buffer.
            if (response.FailedTries.IsEmpty)
                BodyWriter.Release(request.Body);
            var spec = SpecOf(response.Endpoint);
            var usage = TokenEstimate.Or(response.Usage, request, response, out var isEstimated);
            return (
                response.Body,
                new(request.Key.Role, response.Endpoint, usage, spec.CostOf(usage), response.Seconds)
                {
                    FailedTries = response.FailedTries,
                    IsEstimated = isEstimated,
                }
            );
        }
        catch (EndpointException e) when (e.IsTransient)
        {
            throw new TransientModelException(e.Message, e) { FailedTries = [.. e.FailedTries, new(e.Endpoint, e.Reason, e.Seconds)] };
        }
    }

    private (ChatAnswer Answer, ModelCall Call) Read(ModelCall call, string body, Prompt prompt)
    {
        var spec = SpecOf(call.Endpoint);
        var answer = ChatProtocols.Of(spec.Protocol).Read(spec, body);
        answer = answer with { Message = CallIds.Unique(answer.Message, prompt.Messages) };

        // The body or the spec tells the tier, so the journal's record of the call needs no field for it.
        var tier = spec.Batch is null ? answer.ServiceTier : BatchTier;
        return (answer, tier is null ? call : call with { ServiceTier = tier });
    }

    private EndpointSpec SpecOf(string name) =>
        specs.TryGetValue(name, out var spec)
            ? spec
            : throw new InvalidOperationException(
                $"the journal has an answer of the endpoint \"{name}\", which this run does not name; "
                    + "resume it with the endpoints that it was begun with"
            );
}
