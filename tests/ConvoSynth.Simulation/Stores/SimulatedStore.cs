using ConvoSynth.Core;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Storage;

namespace ConvoSynth.Simulation.Stores;

/// <summary>Where a simulated run is kept. It outlives the processes that work on it.</summary>
internal abstract class SimulatedStore
{
    protected const string Root = "run";

    /// <summary>The run's folder without mishaps, for checks.</summary>
    public abstract RunFolder Folder { get; }

    /// <summary>Is told each operation that changes something, before its effect; an exception prevents it.</summary>
    public abstract Action<string, string>? Before { set; }

    /// <summary>Is told operations that had their effect; an exception fails them all the same.</summary>
    public abstract Action<string, string>? After { set; }

    /// <summary>What becomes of an operation on its way to an object store.</summary>
    public Func<string, string, ObjectFate>? Fates { get; set; }

    /// <summary>Awaited by appends that do not block.</summary>
    public abstract Func<string, Task>? Syncing { set; }

    /// <summary>The run's folder as a process sees it.</summary>
    public abstract RunFolder Open(ProcessConditions conditions);

    // Some processes begin another segment of a journal after a few batches.
    protected static int BatchesOfSegment(ProcessConditions conditions) => conditions.Seed % 3 == 0 ? 4 : 40_000;

    /// <summary>Loses what a process that died had not made durable.</summary>
    public abstract void Lose(SeededRandom random);

    /// <summary>Lets what is still on its way arrive.</summary>
    public virtual void Settle() { }

    /// <summary>Whether a file appeared after the operation that made it had failed or ended.</summary>
    public virtual bool AppearedLate(string path) => false;
}
