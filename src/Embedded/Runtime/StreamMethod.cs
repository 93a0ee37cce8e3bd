using System.Reflection;
using ConvoSynth.Embedded.Wire;
using Orleans.Runtime;

namespace ConvoSynth.Embedded.Runtime;

/// <summary>
/// A method that returns a sequence. Each step of the enumeration is a call of its own, which interleaves and runs on the activation's
/// turns; all steps go to the activation that began.
/// </summary>
internal sealed class StreamMethod<T>(MethodInfo method, TimeSpan responseTimeout, WireContract? wire)
    : GrainMethod(method, responseTimeout, wire)
{
    private readonly StepMethod _step = new(method, responseTimeout);

    public override object Send(GrainReference target, object?[] arguments) => new Sequence(this, target, arguments);

    private sealed class Sequence(StreamMethod<T> method, GrainReference target, object?[] arguments) : IAsyncEnumerable<T>
    {
        public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
            new Enumerator(method, target, arguments, cancellationToken);
    }

    private sealed class Enumerator : IAsyncEnumerator<T>
    {
        private readonly StreamMethod<T> _method;
        private readonly GrainReference _target;
        private readonly object?[] _arguments;
        private readonly CancellationToken _enumerationToken;
        private readonly CancellationToken _argumentToken;
        private readonly CancellationTokenSource _callee = new();
        private IAsyncEnumerator<T>? _source;
        private Activation? _activation;
        private Task _moving = Task.CompletedTask;
        private bool _gaveUp;

        public Enumerator(StreamMethod<T> method, GrainReference target, object?[] arguments, CancellationToken enumerationToken)
        {
            _method = method;
            _target = target;
            _arguments = [.. arguments];
            method.ReplaceGrains(_arguments);
            if (method.Wire is { } wire)
                _arguments = wire.WriteArguments(_arguments);
            _enumerationToken = enumerationToken;
            if (method.CancellationIndex >= 0)
            {
                _argumentToken = (CancellationToken)_arguments[method.CancellationIndex]!;
                _arguments[method.CancellationIndex] = _callee.Token;
            }
        }

        public T Current { get; private set; } = default!;

        public async ValueTask<bool> MoveNextAsync()
        {
            _enumerationToken.ThrowIfCancellationRequested();
            _argumentToken.ThrowIfCancellationRequested();
            var call = new Step(this, _target, MoveSourceAsync);
            bool moved;
            using (_enumerationToken.UnsafeRegister(Cancel, (this, call, _enumerationToken)))
            using (_argumentToken.UnsafeRegister(Cancel, (this, call, _argumentToken)))
            {
                _target.Runtime.Send(call);
                try
                {
                    moved = await call.Response;
                }
                catch (Exception failure)
                {
                    _gaveUp = true;
                    if (_method.Wire is { } wire)
                        throw wire.ReadBackException(failure);
                    throw;
                }
            }

            if (moved && _method.Wire is { } format)
                Current = format.ReadBackResult(Current)!;
            return moved;
        }

        public async ValueTask DisposeAsync()
        {
            if (_source is null)
                return;
            var call = new Step(this, _target, DisposeSourceAsync);
            _target.Runtime.Send(call);
            // Whoever gave up on a step does not wait for it now; the source is disposed when the step is over.
            if (_gaveUp)
                return;
            try
            {
                await call.Response;
            }
            catch (EnumerationAbortedException)
            {
                // The activation has ended, and with it what there was to dispose.
            }
        }

        private static void Cancel(object? state)
        {
            var (self, call, token) = ((Enumerator, Step, CancellationToken))state!;
            call.TryFail(new OperationCanceledException(token));
            self._activation?.Post(new ActivationEvent(_ => self._callee.Cancel()));
        }

        private async Task<bool> MoveSourceAsync(Activation activation)
        {
            if (_source is null)
            {
                _activation = activation;
                var arguments = _method.Wire is { } wire ? wire.ReadArguments(_arguments) : _arguments;
                var sequence = (IAsyncEnumerable<T>?)_method.Invoker.Invoke(activation.GrainInstance!, arguments.AsSpan())
                    ?? throw new OrleansException($"{_method.Name} returned null instead of a sequence.");
                _source = sequence.GetAsyncEnumerator(_callee.Token);
            }

            if (!ReferenceEquals(_activation, activation))
            {
                throw new EnumerationAbortedException(
                    $"The activation of {activation.GrainId} that {_method.Name} was enumerated from has ended: begin the enumeration again.");
            }

            var moving = _source.MoveNextAsync().AsTask();
            _moving = moving;
            var moved = await moving;
            Current = moved ? _source.Current : default!;
            return moved;
        }

        private async Task<bool> DisposeSourceAsync(Activation activation)
        {
            if (!ReferenceEquals(_activation, activation))
                return false;
            await Task.WhenAny(_moving);
            await _source!.DisposeAsync();
            return false;
        }

        private sealed class Step(Enumerator enumerator, GrainReference target, Func<Activation, Task<bool>> run)
            : GrainCall<bool>(enumerator._method._step, target, [])
        {
            public override bool Interleaves => true;

            public override GrainCall? Copy() => null;

            protected override bool Start(Activation activation, out bool result, out Task pending)
            {
                pending = run(activation);
                result = pending.IsCompletedSuccessfully && ResultOf(pending);
                return pending.IsCompletedSuccessfully;
            }
        }
    }

    /// <summary>Lends the steps the name and the time limit of the method; their values are read back by the enumerator.</summary>
    private sealed class StepMethod(MethodInfo method, TimeSpan responseTimeout) : GrainMethod<bool>(method, responseTimeout, null)
    {
        public override object Send(GrainReference target, object?[] arguments) => throw new NotSupportedException();

        public override bool Start(object grain, object?[] arguments, out bool result, out Task pending) => throw new NotSupportedException();
    }
}
