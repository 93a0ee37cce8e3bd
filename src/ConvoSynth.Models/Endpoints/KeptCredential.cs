using Azure.Core;

namespace ConvoSynth.Models;

/// <summary>
/// Keeps a token until it is nearly over. The client's own sign-in asks for one with every request, and some credentials start a program each time.
/// </summary>
internal sealed class KeptCredential(TokenCredential inner, TimeProvider time) : TokenCredential
{
    // Long enough for the request that it is sent with, and for clocks that differ.
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
            // All that ask meanwhile wait for the same one; a caller that gives up does not take it from the others.
            if (_token is null || _token.IsFaulted || _token.IsCanceled || (_token.IsCompletedSuccessfully && IsOver(_token.Result)))
                _token = inner.GetTokenAsync(requestContext, CancellationToken.None).AsTask();
            token = _token;
        }

        return new(token.WaitAsync(cancellationToken));
    }

    private bool IsOver(AccessToken token) => time.GetUtcNow() >= (token.RefreshOn ?? (token.ExpiresOn - Margin));
}
