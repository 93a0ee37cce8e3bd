using Orleans.Runtime;

namespace ConvoSynth.Embedded.Runtime;

/// <summary>One call on its way: what is asked of whom, until when, and by whom.</summary>
internal abstract class GrainCall(GrainMethod method, GrainReference target, object?[] arguments) : Request
{
    public GrainMethod Method { get; } = method;

    public GrainReference Target { get; } = target;

    public object?[] Arguments { get; } = arguments;

    public Activation? Sender { get; } = RuntimeContext.Current;

    public CallCancellation? Cancellation { get; set; }

    public override bool Interleaves => Method.Interleaves;

    public override bool IsReadOnly => Method.IsReadOnly;

    /// <summary>When the call was sent, in ticks of the runtime's clock.</summary>
    public long SentAt { get; set; }

    /// <summary>When its caller stops waiting, in ticks of the runtime's clock.</summary>
    public long Deadline { get; set; }

    /// <summary>Whether the method awaited something, so that its end is later than its turn.</summary>
    public bool RanLong { get; protected set; }

    /// <summary>Whether what the method returns or throws never reaches the caller.</summary>
    public bool LosesResponse { get; set; }

    // Links of the deadline registry, which alone touches them, under its stripe's lock.
    internal GrainCall? Next;
    internal GrainCall? Previous;
    internal ResponseDeadlines.Stripe? Stripe;

    /// <summary>Ends the call for its caller with a failure, or as cancelled; false when it had ended before.</summary>
    public abstract bool TryFail(Exception failure);

    /// <summary>The same call once more, which nobody waits for; null where that makes no sense.</summary>
    public abstract GrainCall? Copy();

    public override void Reject(Exception reason) => TryFail(reason);

    public override void Redirect() => Target.Runtime.Dispatch(this);

    public override string ToString() =>
        $"Request [{(Sender is null ? "client" : Sender.GrainId.ToString())} -> {Target.GrainId}] {Target.InterfaceName}.{Method.Name}";
}

/// <inheritdoc cref="GrainCall"/>
internal class GrainCall<T>(GrainMethod<T> method, GrainReference target, object?[] arguments) : GrainCall(method, target, arguments)
{
    // It is completed on turns only. There, awaits of other schedulers are never continued in place; and with continuations forced
    // to be asynchronous, WhenAll or WaitAsync over calls would take to the thread pool behind the scheduler's back.
    private readonly TaskCompletionSource<T?> _response = new();

    public Task<T?> Response => _response.Task;

    public override bool IsAbandoned => _response.Task.IsCompleted;

    public override void Begin(Activation activation)
    {
        Task pending;
        T? result;
        bool completed;
        try
        {
            if (Cancellation is { } cancellation && !cancellation.TryBegin(activation))
            {
                activation.Finished(this);
                return;
            }

            completed = Start(activation, out result, out pending);
        }
        catch (Exception failure)
        {
            Failed(failure);
            activation.Finished(this);
            return;
        }

        if (!completed)
        {
            RanLong = true;
            _ = AwaitAsync(pending, activation);
            return;
        }

        Succeeded(result);
        activation.Finished(this);
    }

    public override bool TryFail(Exception failure) => Ended(failure is OperationCanceledException cancelled
        ? _response.TrySetFromTask(CancelledBy(cancelled))
        : _response.TrySetException(failure));

    /// <summary>A cancelled task that keeps its exception, message and all.</summary>
    public static async Task<T?> CancelledBy(OperationCanceledException cancelled)
    {
        await Task.CompletedTask;
        throw cancelled;
    }

    public override GrainCall? Copy() => new GrainCall<T>(method, Target, Arguments) { SentAt = SentAt };

    /// <summary>Runs the grain's method: true with the result when it completed at once, else what to await.</summary>
    protected virtual bool Start(Activation activation, out T? result, out Task pending)
    {
        var values = Method.Wire is { } wire ? wire.ReadArguments(Arguments) : Arguments;
        return method.Start(activation.GrainInstance!, values, out result, out pending);
    }

    protected virtual T? ResultOf(Task completed) => method.ResultOf(completed);

    private async Task AwaitAsync(Task pending, Activation activation)
    {
        try
        {
            await pending;
            Succeeded(ResultOf(pending));
        }
        catch (Exception failure)
        {
            Failed(failure);
        }

        activation.Finished(this);
    }

    private void Succeeded(T? result)
    {
        if (LosesResponse)
            return;
        if (Method.Wire is { } wire)
        {
            try
            {
                result = wire.ReadBackResult(result);
            }
            catch (OrleansException failure)
            {
                TryFail(failure);
                return;
            }
        }

        Ended(_response.TrySetResult(result));
    }

    private void Failed(Exception failure)
    {
        if (!LosesResponse)
            TryFail(Method.Wire is { } wire ? wire.ReadBackException(failure) : failure);
    }

    private bool Ended(bool byThis)
    {
        if (byThis)
        {
            ResponseDeadlines.Remove(this);
            Cancellation?.Release();
        }

        return byThis;
    }
}

/// <summary>The result type of calls that return nothing.</summary>
internal readonly struct Nothing;
