using System.Reflection;
using ConvoSynth.Embedded.Wire;
using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace ConvoSynth.Embedded.Runtime;

/// <summary>How one method of a grain interface is called: all that reflection has to say, looked up once.</summary>
internal abstract class GrainMethod(MethodInfo method, TimeSpan responseTimeout, WireContract? wire)
{
    private readonly int _cancellation = Array.FindLastIndex(method.GetParameters(), p => p.ParameterType == typeof(CancellationToken));

    private readonly (int Index, Type Type)[] _grains =
    [
        .. method.GetParameters().Where(p => p.ParameterType.IsAssignableTo(typeof(IAddressable))).Select(p => (p.Position, p.ParameterType)),
    ];

    public string Name { get; } = method.Name;

    public bool Interleaves { get; } = method.IsDefined(typeof(AlwaysInterleaveAttribute));

    public bool IsReadOnly { get; } = method.IsDefined(typeof(ReadOnlyAttribute));

    public TimeSpan ResponseTimeout { get; } = method.GetCustomAttribute<ResponseTimeoutAttribute>()?.Timeout ?? responseTimeout;

    public WireContract? Wire { get; } = wire;

    protected MethodInvoker Invoker { get; } = MethodInvoker.Create(method);

    /// <summary>The position of the cancellation token among the arguments; -1 without one.</summary>
    protected int CancellationIndex => _cancellation;

    /// <summary>Describes a method of a grain interface.</summary>
    /// <exception cref="OrleansConfigurationException">A grain method cannot have this shape.</exception>
    public static GrainMethod Of(MethodInfo method, TimeSpan responseTimeout, WireFormat? wire)
    {
        if (method.IsStatic || method.IsSpecialName || method.IsGenericMethod || method.GetParameters().Any(p => p.ParameterType.IsByRef))
            throw Misshapen(method, "it is static, generic, an accessor, or has by-reference parameters");

        var returned = method.ReturnType;
        var definition = returned.IsGenericType ? returned.GetGenericTypeDefinition() : returned;
        Type kind;
        if (definition == typeof(Task))
            kind = typeof(TaskMethod);
        else if (definition == typeof(ValueTask))
            kind = typeof(ValueTaskMethod);
        else if (definition == typeof(Task<>))
            kind = typeof(TaskMethod<>).MakeGenericType(returned.GenericTypeArguments);
        else if (definition == typeof(ValueTask<>))
            kind = typeof(ValueTaskMethod<>).MakeGenericType(returned.GenericTypeArguments);
        else if (definition == typeof(IAsyncEnumerable<>))
            kind = typeof(StreamMethod<>).MakeGenericType(returned.GenericTypeArguments);
        else
            throw Misshapen(method, $"it returns {returned.Name} instead of Task, ValueTask or IAsyncEnumerable");

        var result = returned.IsGenericType ? returned.GenericTypeArguments[0] : null;
        return (GrainMethod)Activator.CreateInstance(kind, method, responseTimeout, wire?.ContractOf(method, result))!;
    }

    /// <summary>Sends the call; returns what the caller awaits or enumerates.</summary>
    public abstract object Send(GrainReference target, object?[] arguments);

    /// <summary>A grain that passes itself on passes a reference: nobody else may touch its object.</summary>
    protected void ReplaceGrains(object?[] arguments)
    {
        foreach (var (index, type) in _grains)
        {
            if (arguments[index] is IGrainBase { GrainContext: Activation activation })
                arguments[index] = activation.Runtime.References.Create(type, activation.GrainId);
        }
    }

    protected static OrleansException NullReturned(GrainMethod method) =>
        new($"{method.Name} returned null instead of a task.");

    private static OrleansConfigurationException Misshapen(MethodInfo method, string why) =>
        new($"{method.DeclaringType!.Name}.{method.Name} cannot be a grain method: {why}.");
}

/// <summary>A method with one response.</summary>
/// <typeparam name="T">The result; <see cref="Nothing"/> where there is none.</typeparam>
internal abstract class GrainMethod<T>(MethodInfo method, TimeSpan responseTimeout, WireContract? wire)
    : GrainMethod(method, responseTimeout, wire)
{
    /// <summary>Starts the method on a grain: true with the result when it completed at once, else what to await.</summary>
    public abstract bool Start(object grain, object?[] arguments, out T? result, out Task pending);

    /// <summary>The result of what <see cref="Start"/> left to await, once it has completed successfully.</summary>
    public virtual T? ResultOf(Task completed)
    {
#pragma warning disable VSTHRD002 // It has completed: nothing waits.
        return ((Task<T>)completed).Result;
#pragma warning restore VSTHRD002
    }

    protected Task<T?> Call(GrainReference target, object?[] arguments)
    {
        ReplaceGrains(arguments);
        if (Wire is not null)
        {
            try
            {
                arguments = Wire.WriteArguments(arguments);
            }
            catch (OrleansException failure)
            {
                return Task.FromException<T?>(failure);
            }
        }

        var call = new GrainCall<T>(this, target, arguments);
        if (CancellationIndex >= 0 && arguments[CancellationIndex] is CancellationToken { CanBeCanceled: true } token)
        {
            if (token.IsCancellationRequested)
                return GrainCall<T>.CancelledBy(new OperationCanceledException(token));
            call.Cancellation = new CallCancellation(call, token);
            arguments[CancellationIndex] = call.Cancellation.CalleeToken;
        }

        target.Runtime.Send(call);
        return call.Response;
    }
}

internal sealed class TaskMethod(MethodInfo method, TimeSpan responseTimeout, WireContract? wire)
    : GrainMethod<Nothing>(method, responseTimeout, wire)
{
    public override object Send(GrainReference target, object?[] arguments) => Call(target, arguments);

    public override bool Start(object grain, object?[] arguments, out Nothing result, out Task pending)
    {
        result = default;
        pending = (Task?)Invoker.Invoke(grain, arguments.AsSpan()) ?? throw NullReturned(this);
        return pending.IsCompletedSuccessfully;
    }

    public override Nothing ResultOf(Task completed) => default;
}

internal sealed class TaskMethod<T>(MethodInfo method, TimeSpan responseTimeout, WireContract? wire)
    : GrainMethod<T>(method, responseTimeout, wire)
{
    public override object Send(GrainReference target, object?[] arguments) => Call(target, arguments);

    public override bool Start(object grain, object?[] arguments, out T? result, out Task pending)
    {
        pending = (Task?)Invoker.Invoke(grain, arguments.AsSpan()) ?? throw NullReturned(this);
        result = pending.IsCompletedSuccessfully ? ResultOf(pending) : default;
        return pending.IsCompletedSuccessfully;
    }
}

internal sealed class ValueTaskMethod(MethodInfo method, TimeSpan responseTimeout, WireContract? wire)
    : GrainMethod<Nothing>(method, responseTimeout, wire)
{
    public override object Send(GrainReference target, object?[] arguments) => new ValueTask(Call(target, arguments));

    public override bool Start(object grain, object?[] arguments, out Nothing result, out Task pending)
    {
        result = default;
        pending = ((ValueTask)Invoker.Invoke(grain, arguments.AsSpan())!).AsTask();
        return pending.IsCompletedSuccessfully;
    }

    public override Nothing ResultOf(Task completed) => default;
}

internal sealed class ValueTaskMethod<T>(MethodInfo method, TimeSpan responseTimeout, WireContract? wire)
    : GrainMethod<T>(method, responseTimeout, wire)
{
    public override object Send(GrainReference target, object?[] arguments) => new ValueTask<T>(Call(target, arguments)!);

    public override bool Start(object grain, object?[] arguments, out T? result, out Task pending)
    {
        var task = (ValueTask<T>)Invoker.Invoke(grain, arguments.AsSpan())!;
        if (task.IsCompletedSuccessfully)
        {
            result = task.Result;
            pending = Task.CompletedTask;
            return true;
        }

        result = default;
        pending = task.AsTask();
        return false;
    }
}
