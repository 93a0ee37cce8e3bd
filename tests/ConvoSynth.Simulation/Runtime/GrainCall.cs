using Orleans.CodeGeneration;
using Orleans.Runtime;
using Orleans.Serialization.Invocation;

namespace ConvoSynth.Simulation.Runtime;

/// <summary>One call in flight: the method, its target, its sender and its deadline.</summary>
internal abstract class GrainCall(ClusterRuntime runtime, GrainReference target, IInvokable body, InvokeMethodOptions options) : Request
{
    // Orleans' default.
    private const int MaxForwards = 2;

    private int _forwards;

    public ClusterRuntime Runtime => runtime;

    public GrainReference Target => target;

    /// <summary>The method with its arguments.</summary>
    public IInvokable Body { get; private set; } = body;

    /// <summary>
    /// The serialized body of a call between silos, deserialized on every arrival; null if the body passes by reference.
    /// </summary>
    public byte[]? Written { get; set; }

    public Activation? Sender { get; } = CurrentTurn.Activation;

    public CallCancellation? Cancellation { get; set; }

    /// <summary>Interface and method, as <c>IName.Method</c>.</summary>
    public string Method => $"{runtime.References.InterfaceOf(target).Name}.{Body.GetMethodName()}";

    public TimeSpan ResponseTimeout => Body.GetDefaultResponseTimeout() ?? runtime.Options.ResponseTimeout;

    public InvokeMethodOptions Options => options;

    public bool IsOneWay => options.HasFlag(InvokeMethodOptions.OneWay);

    public override bool Interleaves => options.HasFlag(InvokeMethodOptions.AlwaysInterleave);

    public override bool IsReadOnly => options.HasFlag(InvokeMethodOptions.ReadOnly);

    /// <summary>When the call was sent, in ticks of the cluster's clock.</summary>
    public long SentAt { get; set; }

    /// <summary>When its caller stops waiting, in ticks of the cluster's clock.</summary>
    public long Deadline { get; set; }

    /// <summary>Whether the method awaited, so that it ended later than its first turn.</summary>
    public bool RanLong { get; private set; }

    /// <summary>Whether the result or exception is lost on the way to the caller.</summary>
    public bool LosesResponse { get; set; }

    /// <summary>Its node in the list of calls that can time out.</summary>
    public LinkedListNode<GrainCall>? Waiting { get; set; }

    /// <summary>Ends the call for its caller with a failure or a cancellation.</summary>
    /// <returns>False if it had already ended.</returns>
    public abstract bool TryFail(Exception failure);

    /// <summary>A duplicate of the call, without a waiting caller.</summary>
    public abstract GrainCall Copy();

    public override void Begin(Activation activation)
    {
        if (Cancellation?.TryBegin(activation) == false)
        {
            activation.Finished(this);
            return;
        }

        ValueTask<Response> pending;
        try
        {
            if (Written is not null)
                Body = Wire.Read(Written, runtime.Client);
            Body.SetTarget(activation);
            pending = Body.Invoke();
        }
        catch (Exception failure)
        {
            pending = new(Response.FromException(failure));
        }

        if (pending.IsCompleted)
        {
#pragma warning disable VSTHRD103, VSTHRD002 // It has completed, so this does not block. An invokable returns its failures.
            Answer(pending.Result);
#pragma warning restore VSTHRD103, VSTHRD002
            activation.Finished(this);
            return;
        }

        RanLong = true;
        _ = AwaitAsync(pending, activation);
    }

    public override void Reject(Exception reason) => TryFail(reason);

    public override void Redirect()
    {
        if (_forwards++ < MaxForwards)
            runtime.Dispatch(this);
        else
            TryFail(new SiloUnavailableException($"Forwarding failed: {this} met {_forwards} activations that ended."));
    }

    public override string ToString() =>
        $"Request [{(Sender is null ? "client" : Sender.GrainId.ToString())} -> {Target.GrainId}] {Method}";

    /// <summary>Ends the call with the response as the caller receives it.</summary>
    protected abstract void Complete(Response response);

    private async Task AwaitAsync(ValueTask<Response> pending, Activation activation)
    {
        Answer(await pending);
        activation.Finished(this);
    }

    private void Answer(Response response)
    {
        if (LosesResponse)
            return;
        try
        {
            response = Written is null ? Wire.Copy(response) : Wire.RoundTrip(response, runtime.Client);
        }
        catch (Exception failure)
        {
            response = Response.FromException(failure);
        }

        Complete(response);
    }
}

/// <inheritdoc cref="GrainCall"/>
internal sealed class GrainCall<T>(ClusterRuntime runtime, GrainReference target, IInvokable body, InvokeMethodOptions options)
    : GrainCall(runtime, target, body, options)
{
    // Completed on turns only, where an await of another scheduler never continues inline. Forcing asynchronous continuations would let
    // WhenAll or WaitAsync over calls use the thread pool and bypass the scheduler.
    private readonly TaskCompletionSource<T?> _response = new();

    public Task<T?> Response => _response.Task;

    public override bool IsAbandoned => _response.Task.IsCompleted;

    /// <summary>A cancelled task that keeps the exception with its message.</summary>
    public static async Task<T?> CancelledBy(OperationCanceledException cancelled)
    {
        await Task.CompletedTask;
        throw cancelled;
    }

    public override bool TryFail(Exception failure) =>
        Ended(
            failure is OperationCanceledException cancelled
                ? _response.TrySetFromTask(CancelledBy(cancelled))
                : _response.TrySetException(failure)
        );

    public override GrainCall Copy()
    {
        var written = Written ?? Wire.Write(Body);
        return new GrainCall<T>(Runtime, Target, Wire.Read(written, Runtime.Client), Options) { SentAt = SentAt, Written = Written };
    }

    protected override void Complete(Response response)
    {
        if (response.Exception is { } failure)
            TryFail(failure);
        else
            Ended(_response.TrySetResult(response.GetResult<T>()));
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
