using System.Collections.Immutable;
using System.Net;
using ConvoSynth.Rehearsal.FakeOpenAI.Failures;
using ConvoSynth.Rehearsal.FakeOpenAI.Scripts;
using ConvoSynth.Rehearsal.Faults;

namespace ConvoSynth.Rehearsal.FakeOpenAI;

/// <summary>Settings of the test endpoint.</summary>
public sealed record EndpointOptions
{
    /// <summary>The address that it listens on; 0.0.0.0 for all of this machine.</summary>
    /// <value>The loopback address by default.</value>
    public string Address { get; init; } = "127.0.0.1";

    /// <summary>The port on <see cref="Address"/>.</summary>
    /// <value>0 by default: any free port; up to 65535.</value>
    public int Port { get; init; }

    /// <summary>Median latency in seconds.</summary>
    /// <value>0 by default; up to 600.</value>
    public double Latency { get; init; }

    /// <summary>Spread of the latency: the σ of the log-normal distribution.</summary>
    /// <value>0 by default: each answer takes the median; up to 3.</value>
    public double LatencySigma { get; init; }

    /// <value>Null by default: unlimited; 1 to 100,000,000.</value>
    public int? RequestsPerMinute { get; init; }

    /// <value>Null by default: unlimited; 1 to 1,000,000,000,000.</value>
    public long? TokensPerMinute { get; init; }

    /// <summary>Capacity for unused quota, in seconds of refill.</summary>
    /// <value>1 by default; 0.01 to 3600.</value>
    public double QuotaCapacity { get; init; } = 1;

    /// <summary>The key that requests must present, as <c>Authorization: Bearer</c> or <c>api-key</c>.</summary>
    /// <value>Null by default: no key is required and any is accepted.</value>
    public string? Key { get; init; }

    /// <summary>The only model or deployment that exists.</summary>
    /// <value>Null by default: any name is accepted.</value>
    public string? Model { get; init; }

    /// <value>None by default.</value>
    public FailureRates Failures { get; init; } = FailureRates.None;

    /// <summary>Slice → the share of its dialogues that the scripted agent fails.</summary>
    /// <value>None by default.</value>
    public ImmutableArray<(string Slice, double Rate)> FailSlices { get; init; } = [];

    /// <summary>Seconds from a batch's creation to its end.</summary>
    /// <value>0 by default; up to 86,400.</value>
    public double BatchSeconds { get; init; }

    /// <summary>Tokens of all open batches together; a batch that is too much for it fails.</summary>
    /// <value>Null by default: unlimited; from 1.</value>
    public long? BatchTokens { get; init; }

    /// <summary>The share of batches that expire when half of their requests are answered.</summary>
    /// <value>0 by default; up to 1.</value>
    public double BatchExpiry { get; init; }

    /// <summary>What scripted judges do.</summary>
    /// <value>By default they find nothing wrong.</value>
    public JudgeConducts Judges { get; init; } = JudgeConducts.None;

    /// <summary>What the scripted proposer does.</summary>
    /// <value>By default each proposal is right.</value>
    public ProposerConduct Proposer { get; init; } = ProposerConduct.Right;

    /// <summary>A file that receives one line of JSON per request.</summary>
    /// <value>Null by default: no log.</value>
    public string? LogFile { get; init; }

    /// <summary>Number of dialogues whose scripts are kept; others are composed again on request.</summary>
    /// <value>8,192 by default; 2 to 1,000,000. A script takes about 10 KB.</value>
    public int ScriptsKept { get; init; } = 8192;

    /// <summary>Number of calls whose tries are counted; a forgotten call starts again at its first try.</summary>
    /// <value>2,000,000 by default; 2 to 100,000,000. A call takes about 30 bytes.</value>
    public int CallsKept { get; init; } = 2_000_000;

    /// <returns>The first problem, as a sentence that names the value; null if there is none.</returns>
    public string? Problem()
    {
        if (!IPAddress.TryParse(Address, out _))
            return $"the address is \"{Address}\"; it must be an IP address of this machine";
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
        if (BatchSeconds is not (>= 0 and <= 86_400))
            return $"a batch takes {BatchSeconds} seconds; it must be from 0 to 86400";
        if (BatchTokens is < 1)
            return $"the limit of enqueued tokens is {BatchTokens}; it must be at least 1";
        if (BatchExpiry is not (>= 0 and <= 1))
            return $"the share of batches that expire is {BatchExpiry}; it must be from 0 to 1";
        if (Key is { Length: 0 })
            return "the key is empty; leave it out to let everyone in";
        if (Model is { Length: 0 })
            return "the model's name is empty; leave it out to take any";
        if (ScriptsKept is < 2 or > 1_000_000)
            return $"the number of scripts kept is {ScriptsKept}; it must be from 2 to 1000000";
        if (CallsKept is < 2 or > 100_000_000)
            return $"the number of calls kept is {CallsKept}; it must be from 2 to 100000000";
        foreach (var (slice, rate) in FailSlices)
        {
            if (SliceAgents.Of(slice) is null)
                return $"the slice to fail is \"{slice}\"; there are {string.Join(", ", SliceAgents.All.Select(a => a.Slice))}";
            if (rate is not (>= 0 and <= 1))
                return $"the rate of the slice {slice} is {rate}; it must be from 0 to 1";
        }

        return Failures.Problem() ?? Judges.Problem() ?? Proposer.Problem();
    }
}
