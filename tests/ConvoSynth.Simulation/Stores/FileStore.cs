using ConvoSynth.Core;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Storage;

namespace ConvoSynth.Simulation.Stores;

/// <summary>A disk: what was not synced is lost with its process.</summary>
internal sealed class FileStore : SimulatedStore
{
    private readonly MemoryStorage _files = new();

    public override RunFolder Folder => new(_files, Root);

    public override Action<string, string>? Before
    {
        set => _files.Before = value;
    }

    public override Action<string, string>? After
    {
        set => _files.After = value;
    }

    public override Func<string, Task>? Syncing
    {
        set => _files.Syncing = value;
    }

    public override RunFolder Open(ProcessConditions conditions) =>
        new(conditions.Storage(_files), Root) { BatchesOfSegment = BatchesOfSegment(conditions) };

    public override void Lose(SeededRandom random) => _files.Crash(random.Next(200), random.Next(_files.UnsyncedNames + 1));
}
