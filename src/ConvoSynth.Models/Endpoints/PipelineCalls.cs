using System.ClientModel;
using System.ClientModel.Primitives;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Models.Protocols;

namespace ConvoSynth.Models.Endpoints;

/// <summary>Requests beside those for a model's message, through the pipeline of the vendor's package, which signs in and sends.</summary>
internal sealed class PipelineCalls(EndpointSpec spec, ClientPipeline pipeline, TimeProvider time)
{
    private volatile bool _hasAnswered;

    public EndpointFailures Failures { get; } = new(spec);

    /// <param name="path">Relative to the endpoint's address.</param>
    /// <param name="type">The body's content type; null without a body.</param>
    /// <returns>The answer with any status.</returns>
    /// <exception cref="EndpointException">There is no answer.</exception>
    public async Task<ClientAnswer> Send(
        string method,
        string path,
        byte[]? body,
        string? type,
        TimeSpan patience,
        CancellationToken cancellationToken
    )
    {
        var began = time.GetTimestamp();
        using var giveUp = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, giveUp.Token);
        try
        {
            using var message = pipeline.CreateMessage();
            message.Request.Method = method;
            message.Request.Uri = new(EndpointAddress.Base(spec), path);
            if (body is not null)
            {
                message.Request.Content = BinaryContent.Create(BinaryData.FromBytes(body));
                message.Request.Headers.Set("Content-Type", type!);
            }

            message.Apply(new() { CancellationToken = either.Token, ErrorOptions = ClientErrorBehaviors.NoThrow });
            await pipeline.SendAsync(message);
            _hasAnswered = true;
            var response = message.Response!;
            string? Header(string name) => response.Headers.TryGetValue(name, out var value) ? value : null;
            return new(response.Status, response.Content.ToMemory(), Header("Content-Type"), RetryAfter.Of(Header, time.GetUtcNow()));
        }
        catch (Exception e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var seconds = time.GetElapsedTime(began).TotalSeconds;
            if (giveUp.IsCancellationRequested)
                throw Failures.OfTimeout(seconds);
            if (e is Azure.Identity.AuthenticationFailedException or Azure.RequestFailedException)
                throw Failures.OfSignIn(e, seconds);
            if (e is HttpRequestException or IOException or OperationCanceledException or ClientResultException)
                throw Failures.OfNoAnswer(e, _hasAnswered, seconds);
            throw;
        }
    }

    /// <summary>The failure that an answer without success tells of.</summary>
    public EndpointException Failure(ClientAnswer answer) =>
        Failures.OfStatus(answer.Status, ErrorDocument.Of(answer.Body.Span, isSuccess: false), answer.RetryAfter, 0);
}
