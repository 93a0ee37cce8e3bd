using ConvoSynth.Core.Campaigns;
using ConvoSynth.Models.Journal;

namespace ConvoSynth.Models.Endpoints;

/// <summary>
/// Determines a failure's scope before it stops anything. If the endpoint refuses a request, or fails it at every try, it is asked a
/// harmless question. An answer to that limits the failure to this dialogue. Failures that describe the server itself, such as a full
/// quota, pass unchanged.
/// </summary>
/// <param name="asksAgain">Whether the endpoint or its fallback answers a harmless question now.</param>
internal sealed class ScopedEndpoint(IEndpoint inner, Func<Task<bool>> asksAgain) : IEndpoint
{
    // Reasons that describe the server's own state, or that of its account's lease.
    private static readonly string[] OfServer =
    [
        "429",
        "503",
        "529",
        "circuit-open",
        QuotaEndpoint.LeaseEnded,
        "unreachable",
        "sign-in",
        "unknown-host",
        "tls",
        "certificate",
    ];

    // Fewer tries may all fail by chance.
    private const int MinTries = 6;
    private const int MaxCalls = 4096;

    private readonly Lock _lock = new();
    private readonly Dictionary<CallKey, int> _tries = [];
    private Task<bool> _asking = Task.FromResult(false);
    private Task<bool>? _next;

    public EndpointSpec Spec => inner.Spec;

    /// <summary>Whether the failure's reason describes the server and not one request.</summary>
    public static bool IsOfServer(EndpointException failure) => OfServer.Contains(failure.Reason);

    public async ValueTask<EndpointResponse> Send(EndpointRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var response = await inner.Send(request, cancellationToken);
            Forget(request.Key);
            return response;
        }
        catch (EndpointException e) when (e is { IsTransient: false, IsUnavailable: false })
        {
            // The failure already belongs to this request; the message may name the dialogue as its cause.
            if (!await AnswersBeside(request, cancellationToken))
                throw;
            throw e.OfRequest($"{e.Message}; it answers others, so it may be something in this dialogue that does not pass");
        }
        catch (EndpointException e) when (e.IsRefusal || (e.IsTransient && !IsOfServer(e) && TriesOf(request.Key, e) >= MinTries))
        {
            if (!e.OthersFareBetter && !await AnswersBeside(request, cancellationToken))
                throw;
            Forget(request.Key);
            throw e.OfRequest(
                e.IsRefusal
                    ? $"endpoint \"{e.Endpoint}\" refuses this dialogue's request ({e.Reason}) and answers others; "
                        + "something in the dialogue does not pass"
                    : $"{e.Message}, at each try of this dialogue's request, and answers others; something in the dialogue does not pass"
            );
        }
    }

    private int TriesOf(CallKey call, EndpointException failure)
    {
        lock (_lock)
        {
            if (_tries.Count >= MaxCalls)
                _tries.Clear(); // Calls of dialogues that have ended.
            return _tries[call] = _tries.GetValueOrDefault(call) + failure.FailedTries.Length + 1;
        }
    }

    private void Forget(CallKey call)
    {
        lock (_lock)
            _tries.Remove(call);
    }

    // The request has no tries left, so it does not need its permit while the question runs.
    private Task<bool> AnswersBeside(EndpointRequest request, CancellationToken cancellationToken)
    {
        request.LendPermit?.Invoke();
        return Answers().WaitAsync(cancellationToken);
    }

    // A question asked before the failure says nothing about it. Calls that fail together share one question (single-flight).
    private Task<bool> Answers()
    {
        lock (_lock)
            return _next ??= After(_asking);
    }

    private async Task<bool> After(Task<bool> earlier)
    {
        await Task.WhenAny(earlier).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        Task<bool> asking;
        lock (_lock)
        {
            asking = asksAgain();
            (_asking, _next) = (asking, null);
        }

        return await asking;
    }
}
