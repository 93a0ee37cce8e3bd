using Orleans.Concurrency;

namespace ConvoSynth.Contracts.Tests.Probes;

/// <summary>A grain whose methods run the steps of the test's script.</summary>
public interface IProbe : IGrainWithStringKey
{
    Task<string> Do(string step, CancellationToken cancellationToken = default);

    [AlwaysInterleave]
    Task<string> Peek(string step);

    [ReadOnly]
    Task<string> Read(string step);

    [ResponseTimeout("00:00:00.2")]
    Task<string> Brief(string step);

    [ResponseTimeout("00:00:00.2")]
    Task<string> BriefUnless(string step, CancellationToken cancellationToken);

    Task Act(string step);

    ValueTask<string> DoValue(string step);

    ValueTask ActValue(string step);
}

/// <summary>Serves one request at a time; placed on its first caller's silo.</summary>
public interface IPlainProbe : IProbe;

public interface IReentrantProbe : IProbe;

/// <summary>A stateless worker with at most <see cref="WorkerProbe.Most"/> activations.</summary>
public interface IWorkerProbe : IProbe;

/// <summary>Has a short collection age.</summary>
public interface IFleetingProbe : IProbe;
