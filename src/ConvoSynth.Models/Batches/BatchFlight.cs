using ConvoSynth.Core.Campaigns;
using ConvoSynth.Models.Endpoints;

namespace ConvoSynth.Models.Batches;

/// <summary>
/// Takes a logged file to its answers: creates its batch unless there is one, waits for its end, and reads its files. May be begun
/// again by any process.
/// </summary>
internal sealed class BatchFlight(EndpointSpec spec, BatchApi api, BatchBook book, TimeProvider time)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(15);

    // A batch that its provider refuses for a day is refused for another reason than what is enqueued now.
    private static readonly TimeSpan CreationPatience = TimeSpan.FromDays(1);
    private static readonly TimeSpan PollPatience = TimeSpan.FromHours(1);

    // The other process's request to create it may be on its way: two timeouts of 2 minutes, and some.
    private static readonly TimeSpan OthersPatience = TimeSpan.FromMinutes(5);

    // A first refusal may pass with what others have enqueued; then a smaller batch may.
    private const int RefusalsBeforeSplit = 3;

    // Flights of this process, and those of them that the provider has no room for at present.
    private int _flying;
    private int _refused;

    private TimeSpan Poll => TimeSpan.FromSeconds(spec.Batch!.PollSeconds);

    private string Where => $"endpoint \"{spec.Name}\"";

    /// <exception cref="EndpointException">The provider refuses the batch or this process, or stays away.</exception>
    public async Task<BatchAnswers> Run(SentBatch batch, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _flying);
        try
        {
            return await Fly(batch, cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _flying);
        }
    }

    private async Task<BatchAnswers> Fly(SentBatch batch, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        for (var refusals = 0; batch is not { IsClosed: true, Batch: null }; )
        {
            var state = await End(batch, await Begun(batch, isFirst: refusals == 0, cancellationToken), cancellationToken);
            if (!state.IsOverLimit || batch.IsClosed)
                return await Ended(batch, state, cancellationToken);
            refusals++;
            Interlocked.Increment(ref _refused);
            try
            {
                await Pause(refusals, cancellationToken);
                if (refusals >= RefusalsBeforeSplit && batch.Requests.Length > 1 && IsAlone)
                {
                    // Its requests are sent again, with fewer in a file.
                    await book.Close(batch);
                    return BatchAnswers.None;
                }
            }
            finally
            {
                Interlocked.Decrement(ref _refused);
            }

            if (time.GetElapsedTime(began) > CreationPatience)
                throw Failure("enqueued-limit", $"{Where} has had too many tokens enqueued for a day; lower `enqueued_tokens`");
        }

        return BatchAnswers.None;
    }

    // Whether nothing of this process is enqueued, so that no room comes of waiting for it.
    private bool IsAlone => Volatile.Read(ref _flying) == Volatile.Read(ref _refused);

    // The id of the batch, from the log, from the provider, or of a new one.
    private async Task<string> Begun(SentBatch batch, bool isFirst, CancellationToken cancellationToken)
    {
        if (isFirst && batch.Batch is { } known)
            return known;
        if (isFirst && !batch.IsOurs && book.IsShared && await MadeByOther(batch, cancellationToken) is { } others)
            return others;
        var (began, before) = (time.GetTimestamp(), batch.Batch);
        for (var failures = 1; ; failures++)
        {
            try
            {
                var state = batch.MayExist ? await api.OfFile(batch.File, cancellationToken) : null;
                batch.MayExist = true;
                state ??= await api.Create(batch.File, cancellationToken);
                await book.Created(batch, state.Id, before);
                return batch.Batch!;
            }
            catch (EndpointException e) when (e.IsTransient && time.GetElapsedTime(began) < CreationPatience)
            {
                // A request without an answer may have created it all the same: the next try looks for it.
                await Pause(failures, cancellationToken);
            }
        }
    }

    private async Task<string?> MadeByOther(SentBatch batch, CancellationToken cancellationToken)
    {
        for (var began = time.GetTimestamp(); time.GetElapsedTime(began) < OthersPatience; )
        {
            await Task.Delay(Poll, time, cancellationToken);
            await book.Read();
            if (batch.Batch is { } made)
                return made;
        }

        return null;
    }

    private async Task<BatchState> End(SentBatch batch, string id, CancellationToken cancellationToken)
    {
        var heard = time.GetTimestamp();
        while (true)
        {
            try
            {
                var state = await api.Get(id, cancellationToken);
                if (state.HasEnded)
                    return state;
                heard = time.GetTimestamp();
            }
            catch (EndpointException e) when (e.IsTransient && time.GetElapsedTime(heard) < PollPatience)
            {
                // The batch goes on at the provider; the next look may have an answer.
            }

            await Task.Delay(Poll, time, cancellationToken);
            if (!book.IsShared || batch.Batch == id)
                continue;
            id = batch.Batch ?? id;
        }
    }

    private async Task<BatchAnswers> Ended(SentBatch batch, BatchState state, CancellationToken cancellationToken)
    {
        var answers = new Dictionary<string, ClientAnswer>(StringComparer.Ordinal);
        foreach (var file in new[] { state.OutputFile, state.ErrorFile })
        {
            if (file is not null && !BatchFile.Read((await Content(file, cancellationToken)).Span, answers))
                throw Failure("malformed", $"{Where}: a file of the batch {state.Id} has a line that is no answer");
        }

        if (batch.IsClosed || state.Status is "completed" or "expired")
            return new(answers, state.Status == "expired");
        var missing = batch.Requests.Count(r => !answers.ContainsKey(r));
        if (missing == 0)
            return new(answers, IsExpired: false);

        // A resume must not meet the same end again.
        await book.Close(batch);
        throw state.Status == "cancelled"
            ? Refusal(
                "batch-cancelled",
                $"{Where}: the batch {state.Id} was cancelled, and {missing} of its {batch.Requests.Length} requests have no answer; "
                    + "--resume sends these again"
            )
            : Refusal(
                "batch-failed",
                $"{Where} does not accept the batch {state.Id}{Said(state)}; see whether the model \"{spec.Model}\" takes batches"
                    + (spec.Provider == EndpointProvider.AzureOpenAI ? ", as deployments of the type Global-Batch do" : "")
            );
    }

    private async Task<ReadOnlyMemory<byte>> Content(string file, CancellationToken cancellationToken)
    {
        for (var failures = 1; ; failures++)
        {
            try
            {
                return await api.Content(file, cancellationToken);
            }
            catch (EndpointException e) when (e.IsTransient && failures <= spec.Retries)
            {
                await Pause(failures, cancellationToken);
            }
        }
    }

    private static string Said(BatchState state) =>
        (state.Code, state.Line) switch
        {
            ({ } code, { } line) => $" ({code}, line {line})",
            ({ } code, null) => $" ({code})",
            _ => "",
        };

    private Task Pause(int failures, CancellationToken cancellationToken)
    {
        var pause = Poll * Math.Pow(2, Math.Min(failures - 1, 16));
        return Task.Delay(pause < LongestPause ? pause : LongestPause, time, cancellationToken);
    }

    private EndpointException Failure(string reason, string message) => new(spec.Name, reason, message) { IsTransient = true };

    private EndpointException Refusal(string reason, string message) => new(spec.Name, reason, message) { IsUnavailable = true };
}
