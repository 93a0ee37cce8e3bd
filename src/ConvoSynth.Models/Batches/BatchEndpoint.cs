using System.Runtime.CompilerServices;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Models.Asking;
using ConvoSynth.Models.Endpoints;
using Microsoft.Extensions.Logging;

namespace ConvoSynth.Models.Batches;

/// <summary>
/// A model behind the provider's batch API. A request waits until its batch has ended; a decorator that tries it again gets the next
/// batch, and after a resume the same batches in the same order.
/// </summary>
internal sealed class BatchEndpoint(EndpointSpec spec, BatchQueue queue, TimeProvider time, ILogger logger)
    : ClientEndpoint(spec, time, logger)
{
    // Tries of one request are one object, and another asker's request is another.
    private readonly ConditionalWeakTable<EndpointRequest, StrongBox<int>> _passed = [];

    public override IModelListing? Listing => null;

    protected override TimeSpan Patience => Timeout.InfiniteTimeSpan;

    protected override async ValueTask<ClientAnswer> Post(EndpointRequest request, CancellationToken cancellationToken)
    {
        var passed = _passed.GetOrCreateValue(request);
        var id = JournaledEndpoint.HashOf($"{Spec.Name} {request.Key}", request.Body.Span)[..32];
        while (true)
        {
            var batch = await queue.Place(id, request.Body, request.InputTokens, passed.Value, cancellationToken);
            var answers = await queue.Answers(batch).WaitAsync(cancellationToken);
            passed.Value++;
            if (answers.ById.TryGetValue(id, out var answer))
                return answer.Status is >= 401 and <= 404 && answers.HasAnswers ? throw Refused(answer.Status) : answer;
            if (!batch.IsClosed)
                throw Left(batch, answers.IsExpired);
        }
    }

    protected override bool IsOfClient(Exception e) => false;

    // Others in the batch were answered, so it is no reason to stop the run.
    private EndpointException Refused(int status) =>
        new(Spec.Name, $"{status}", $"endpoint \"{Spec.Name}\" refuses a request of a batch ({status}) and answers others");

    private EndpointException Left(SentBatch batch, bool isExpired) =>
        isExpired
            ? new(Spec.Name, "batch-expired", $"endpoint \"{Spec.Name}\": the batch {batch.Batch} expired before this request's turn")
            {
                IsTransient = true,
            }
            : new(Spec.Name, "malformed", $"endpoint \"{Spec.Name}\": the batch {batch.Batch} has no answer to one of its requests")
            {
                IsTransient = true,
            };
}
