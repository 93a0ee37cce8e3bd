using ConvoSynth.Core.Dialogues;
using ConvoSynth.Models.Endpoints;

namespace ConvoSynth.Models.Quota;

/// <content>Requests that wait, and requests in flight.</content>
public sealed partial class AccountHolder
{
    private sealed class Waiter : TaskCompletionSource<IQuotaUse>
    {
        public Waiter(long tokens)
            : base(TaskCreationOptions.RunContinuationsAsynchronously)
        {
            Tokens = tokens;
            Place = new(this);
        }

        public long Tokens { get; }

        public LinkedListNode<Waiter> Place { get; }
    }

    private sealed class Use(AccountHolder holder, long taken, CancellationToken leaseEnd) : IQuotaUse
    {
        private int _isSettled;
        private int _isDisposed;

        public CancellationToken LeaseEnd => leaseEnd;

        public void Settle(Usage usage)
        {
            if (Interlocked.Exchange(ref _isSettled, 1) == 0)
                holder.Settle(taken - usage.InputTokens - usage.OutputTokens);
        }

        public void Refused(TimeSpan? retryAfter)
        {
            // Write off first, so that the settled quota is not handed out at once.
            if (Volatile.Read(ref _isSettled) == 0)
                holder.WriteOff(retryAfter ?? Unsaid);
            Settle(Usage.None);
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
                holder.Release();
        }
    }
}
