namespace ConvoSynth.Contracts.Tests.Harness;

/// <summary>A grain runtime on which the facts must hold.</summary>
public interface IRuntimeUnderTest
{
    IClusterClient Grains { get; }

    Scripts Scripts { get; }

    /// <summary>The clock of the grains' timers and of response timeouts.</summary>
    TimeProvider Time { get; }

    /// <summary>
    /// Completes with the task: a silo works while the test awaits, the simulator works within this call. A task that never completes
    /// fails the test.
    /// </summary>
    Task Settle(Task task);
}
