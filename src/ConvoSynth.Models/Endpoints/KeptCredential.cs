using Azure.Core;

namespace ConvoSynth.Models.Endpoints;

/// <summary>
/// Caches a token until shortly before it expires. The client asks for one with every request, and some credentials start a program each
/// time.
/// </summary>
internal sealed class KeptCredential(TokenCredential inner, TimeProvider time) : TokenCredential
{
    // Covers the request that carries the token, and clock skew.
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);

    private readonly Lock _lock = new();
    private Task<AccessToken>? _token;

    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        throw new NotSupportedException("requests are sent asynchronously only");

    public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        Task<AccessToken> token;
        lock (_lock)
        {
            // Single-flight: concurrent callers share one request, and a caller that cancels does not cancel it for the others.
            if (_token is null || _token.IsFaulted || _token.IsCanceled || (_token.IsCompletedSuccessfully && IsOver(_token.Result)))
                _token = inner.GetTokenAsync(requestContext, CancellationToken.None).AsTask();
            token = _token;
        }

        return new(token.WaitAsync(cancellationToken));
    }

    private bool IsOver(AccessToken token) => time.GetUtcNow() >= (token.RefreshOn ?? (token.ExpiresOn - Margin));
}
