using System.Collections.Immutable;
using ConvoSynth.Models.Endpoints;

namespace ConvoSynth.Models.Batches;

/// <summary>A file of requests that is in the log. What became of it changes as the log does.</summary>
internal sealed class SentBatch(BatchEntry entry, bool isOurs)
{
    private volatile string? _batch;
    private volatile bool _isClosed;

    public string File => entry.File;

    public ImmutableArray<string> Requests => entry.Requests;

    public long Tokens => entry.Tokens;

    /// <summary>Whether this process wrote the file, and alone creates its batch.</summary>
    public bool IsOurs => isOurs;

    /// <summary>Whether a batch of it may exist that the log does not name: a creation was tried, or belongs to another process.</summary>
    public bool MayExist { get; set; } = !isOurs;

    /// <summary>The provider's id of the batch; null until it is created and logged.</summary>
    public string? Batch
    {
        get => _batch;
        set => _batch = value;
    }

    /// <inheritdoc cref="BatchEntry.IsClosed"/>
    public bool IsClosed
    {
        get => _isClosed;
        set => _isClosed = value;
    }
}

/// <summary>What an ended batch answered.</summary>
/// <param name="ById">Answers with any status, by the ids of their requests.</param>
/// <param name="IsExpired">Whether the provider ended it before all requests were answered.</param>
internal sealed record BatchAnswers(IReadOnlyDictionary<string, ClientAnswer> ById, bool IsExpired)
{
    public static readonly BatchAnswers None = new(ImmutableDictionary<string, ClientAnswer>.Empty, IsExpired: false);

    /// <summary>Whether the model answered any request.</summary>
    public bool HasAnswers { get; } = ById.Values.Any(a => a.Status is >= 200 and < 300);
}
