using ConvoSynth.Runs.Rows;

namespace ConvoSynth.Runs.Folders;

/// <summary>Where the runs of this process are written.</summary>
public interface IRunFolders
{
    RunFolder For(string runId);

    IShardFormat Format { get; }

    ShardLimits Limits { get; }
}
