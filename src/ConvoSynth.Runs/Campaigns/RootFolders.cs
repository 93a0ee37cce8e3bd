using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Rows;

namespace ConvoSynth.Runs.Campaigns;

/// <summary>The run folders of a cluster.</summary>
public sealed class RootFolders(RunsRoot root, IShardFormat format, ShardLimits limits) : IRunFolders
{
    public IShardFormat Format { get; } = format;

    public ShardLimits Limits { get; } = limits;

    public RunFolder For(string runId) => root.Run(runId);
}
