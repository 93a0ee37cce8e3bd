namespace ConvoSynth.Models.Endpoints;

/// <summary>
/// Puts decorators around an endpoint; the first is the outermost. The usual order is retry, fallback, circuit, speech, quota. Each try
/// then takes its own quota, and a try that an open circuit refuses goes to the fallback at once.
/// </summary>
public sealed class EndpointBuilder(IEndpoint inner)
{
    private readonly List<Func<IEndpoint, IEndpoint>> _layers = [];

    public EndpointBuilder Use(Func<IEndpoint, IEndpoint> layer)
    {
        _layers.Add(layer);
        return this;
    }

    public IEndpoint Build()
    {
        var endpoint = inner;
        for (var i = _layers.Count - 1; i >= 0; i--)
            endpoint = _layers[i](endpoint);
        return endpoint;
    }
}
