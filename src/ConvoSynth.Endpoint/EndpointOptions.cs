namespace ConvoSynth.Endpoint;

/// <summary>How the test endpoint behaves.</summary>
public sealed record EndpointOptions
{
    /// <summary>The port on the loopback address.</summary>
    /// <value>0 by default: any that is free; to 65535.</value>
    public int Port { get; init; }

    /// <summary>The median of the latency, in seconds.</summary>
    /// <value>0 by default; to 600.</value>
    public double Latency { get; init; }

    /// <summary>The spread of the latency: the σ of the log-normal distribution.</summary>
    /// <value>0 by default: each answer takes the median; to 3.</value>
    public double LatencySigma { get; init; }

    /// <value>Null by default: unlimited; 1 to 100,000,000.</value>
    public int? RequestsPerMinute { get; init; }

    /// <value>Null by default: unlimited; 1 to 1,000,000,000,000.</value>
    public long? TokensPerMinute { get; init; }

    /// <summary>How much unused quota is kept, in seconds of its refill.</summary>
    /// <value>1 by default; 0.01 to 3600.</value>
    public double QuotaCapacity { get; init; } = 1;

    /// <summary>The key that requests must bear, as <c>Authorization: Bearer</c> or <c>api-key</c>.</summary>
    /// <value>Null by default: any or none will do.</value>
    public string? Key { get; init; }

    /// <summary>The model or deployment that there is.</summary>
    /// <value>Null by default: any name will do.</value>
    public string? Model { get; init; }

    /// <value>None by default.</value>
    public FailureRates Failures { get; init; } = FailureRates.None;

    /// <summary>A file that gets a line of JSON for each request.</summary>
    /// <value>Null by default: none.</value>
    public string? LogFile { get; init; }

    /// <summary>Dialogues whose scripts are kept; those that are not are made again when asked for.</summary>
    /// <value>8,192 by default; 2 to 1,000,000. A script takes some 10 KB.</value>
    public int ScriptsKept { get; init; } = 8192;

    /// <summary>Calls whose tries are counted; one that is forgotten begins again with its first.</summary>
    /// <value>2,000,000 by default; 2 to 100,000,000. A call takes some 30 bytes.</value>
    public int CallsKept { get; init; } = 2_000_000;

    /// <summary>The first thing that is wrong, as a sentence that names the value; null where they are sound.</summary>
    public string? Problem()
    {
        if (Port is < 0 or > 65535)
            return $"the port is {Port}; it must be from 0 to 65535";
        if (Latency is not (>= 0 and <= 600))
            return $"the median latency is {Latency} seconds; it must be from 0 to 600";
        if (LatencySigma is not (>= 0 and <= 3))
            return $"the latency's sigma is {LatencySigma}; it must be from 0 to 3";
        if (RequestsPerMinute is < 1 or > 100_000_000)
            return $"the quota is {RequestsPerMinute} requests a minute; it must be from 1 to 100000000";
        if (TokensPerMinute is < 1 or > 1_000_000_000_000)
            return $"the quota is {TokensPerMinute} tokens a minute; it must be from 1 to 1000000000000";
        if (QuotaCapacity is not (>= 0.01 and <= 3600))
            return $"the quota's capacity is {QuotaCapacity} seconds of refill; it must be from 0.01 to 3600";
        if (Key is { Length: 0 })
            return "the key is empty; leave it out to let everyone in";
        if (Model is { Length: 0 })
            return "the model's name is empty; leave it out to take any";
        if (ScriptsKept is < 2 or > 1_000_000)
            return $"the number of scripts kept is {ScriptsKept}; it must be from 2 to 1000000";
        if (CallsKept is < 2 or > 100_000_000)
            return $"the number of calls kept is {CallsKept}; it must be from 2 to 100000000";
        return Failures.Problem();
    }
}
