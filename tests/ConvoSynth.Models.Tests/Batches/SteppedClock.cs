namespace ConvoSynth.Models.Tests.Batches;

/// <summary>
/// Tests that step a clock until threads have done their work. They run alone: beside them, tests in real time come too late.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class SteppedClock
{
    public const string Name = "stepped clock";
}
