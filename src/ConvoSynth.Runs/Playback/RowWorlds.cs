using ConvoSynth.Core;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Trajectories;

namespace ConvoSynth.Runs.Playback;

/// <summary>The worlds that the rows of a run are about.</summary>
public static class RowWorlds
{
    private static readonly string[] Columns = ["domain", "world"];

    /// <summary>Domain → seed → data hash.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Of(RunFolder run)
    {
        var worlds = new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal);
        foreach (var row in new RunReader(run).Rows(columns: Columns).Where(r => !r.World.IsEmpty))
        {
            if (!worlds.TryGetValue(row.Domain, out var known))
                worlds[row.Domain] = known = new Dictionary<string, string>(StringComparer.Ordinal);
            var world = RowJson.Cell(row.World);
            ((Dictionary<string, string>)known).TryAdd(world["seed"].Text ?? "", world["data"].Text ?? "");
        }

        return worlds;
    }
}
