using ConvoSynth.Serve.Episodes;
using ConvoSynth.Serve.Tasks;

namespace ConvoSynth.Serve.Sessions;

/// <summary>One client's place: at most one episode at a time. Work in it is serial, whatever a client sends at once.</summary>
internal sealed class ServedSession(ServedEnvironment environment, string id, Action? expired) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly CancellationTokenSource _closed = new();

    public string Id { get; } = id;

    /// <summary>The episode; null before the first reset.</summary>
    public Episode? Episode { get; private set; }

    /// <summary>The client's own name for the episode; null if it gave none.</summary>
    public string? EpisodeId { get; private set; }

    /// <summary>Why the last reset began no episode; null if it did.</summary>
    public string? Failure { get; private set; }

    /// <summary>When a client last used the session, on the table's clock.</summary>
    public long UsedAt { get; set; }

    /// <summary>Ends when the session is closed.</summary>
    public CancellationToken Closed => _closed.Token;

    public ServedEnvironment Environment => environment;

    /// <summary>Begins an episode in place of the one before.</summary>
    /// <param name="opening">The human's first words if they are fixed.</param>
    public ValueTask<Episode> Reset(ServedTask task, string? episodeId, string? opening) =>
        InTurn(async () =>
        {
            (Episode, Failure) = (null, null);
            try
            {
                var begun = await Episode.Begin(environment, task, opening, Closed);
                (Episode, EpisodeId) = (begun, episodeId);
                return begun;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                Failure = e.Message;
                throw;
            }
        });

    /// <exception cref="NoEpisodeException">There is no episode yet.</exception>
    /// <exception cref="EpisodeOverException">The episode is done.</exception>
    public ValueTask<Move> Act(string tool, string arguments) => InTurn(() => Begun().Act(tool, arguments, Closed));

    /// <inheritdoc cref="Act"/>
    public ValueTask<Move> Say(string text) => InTurn(() => Begun().Say(text, Closed));

    private Episode Begun() => Episode ?? throw new NoEpisodeException(Failure);

    /// <summary>Runs work on the session when what came before is done.</summary>
    public async ValueTask<T> InTurn<T>(Func<ValueTask<T>> work)
    {
        await _turn.WaitAsync(Closed);
        try
        {
            return await work();
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Closes the session because its client was silent for too long.</summary>
    public void Expire() => expired?.Invoke();

    // The semaphore has no handle to release, and work in progress still releases it.
    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }
}

/// <summary>A move before the first reset.</summary>
internal sealed class NoEpisodeException(string? failure)
    : Exception(failure is null ? "there is no episode yet; send a reset first" : $"the episode did not begin: {failure}");
