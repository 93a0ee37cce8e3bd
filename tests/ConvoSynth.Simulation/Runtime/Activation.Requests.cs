using Orleans.Runtime;

namespace ConvoSynth.Simulation.Runtime;

/// <content>Admission of requests.</content>
internal sealed partial class Activation
{
    private readonly Queue<Request> _waiting = new(0);
    private Request? _exclusive;
    private int _readers;
    private int _running;

    public void Run(object turn)
    {
        if (turn is ActivationEvent runtimeEvent)
        {
            runtimeEvent.Run(this);
            return;
        }

        var request = (Request)turn;
        switch (_stage)
        {
            case Stage.New:
                _waiting.Enqueue(request);
                _ = ActivateAsync();
                break;
            case Stage.Active when MayStart(request):
                Start(request);
                break;
            default:
                _waiting.Enqueue(request);
                break;
        }
    }

    /// <summary>Starts the requests that the turn has made room for.</summary>
    public void AfterTurn()
    {
        while (_stage == Stage.Active && _exclusive is null && AdmitWaiting()) { }

        if (_stage == Stage.Deactivating && _running == 0)
            _ = EndAsync();
    }

    /// <summary>Reports that a request begun by <see cref="Start"/> has completed. Must be called on a turn.</summary>
    public void Finished(Request request)
    {
        _running--;
        if (ReferenceEquals(_exclusive, request))
            _exclusive = null;
        else if (request.IsReadOnly && !Interleaves(request))
            _readers--;
        Released(request);
    }

    private bool Interleaves(Request request) => Class.IsReentrant || request.Interleaves;

    // Read-only calls overtake waiting writes, as on a silo.
    private bool MayStart(Request request) => Interleaves(request) || (_exclusive is null && (_readers == 0 || request.IsReadOnly));

    private void Start(Request request)
    {
        if (request.IsAbandoned)
        {
            Released(request);
            return;
        }

        _running++;
        if (!Interleaves(request))
        {
            if (request.IsReadOnly)
                _readers++;
            else
                _exclusive = request;
        }

        request.Begin(this);
    }

    /// <summary>
    /// Idle time counts from the end of the last request. A request that ran within one turn has recorded its send time a moment ago,
    /// which is close enough and saves a clock read.
    /// </summary>
    private void Released(Request request)
    {
        if (!request.KeepsAlive)
            return;
        Load--;
        if (request is not GrainCall { RanLong: false })
            _lastUsed = Runtime.Time.GetTimestamp();
    }

    /// <summary>Starts, in order, the waiting requests that may start.</summary>
    /// <returns>Whether any started.</returns>
    private bool AdmitWaiting()
    {
        var started = false;
        for (var count = _waiting.Count; count > 0; count--)
        {
            var request = _waiting.Dequeue();
            if (_stage == Stage.Active && MayStart(request))
            {
                Start(request);
                started = true;
            }
            else
            {
                _waiting.Enqueue(request);
            }
        }

        return started;
    }
}
