using ConvoSynth.Core.Campaigns;
using ConvoSynth.Grains.Dialogue;
using ConvoSynth.Runs.Rows;
using ConvoSynth.Runs.Trajectories;

namespace ConvoSynth.Grains.Rows;

/// <summary>From what a dialogue grain reports to its row.</summary>
public static class ResultRows
{
    public static ShardRow RowOf(RunSpec spec, DialogueResult result) =>
        result.Trajectory is { } trajectory
            ? TrajectoryRows.RowOf(spec, trajectory, result.PlantedFault, result.Calls)
            : TrajectoryRows.FailedRow(spec, result.Index, result.Attempt, result.Error, result.Reasons);

    /// <summary>The row, or a failed row that says why it could not be made: a bad row stops no run.</summary>
    public static ShardRow SoundRowOf(RunSpec spec, DialogueResult result)
    {
        string? problem;
        try
        {
            var row = RowOf(spec, result);
            problem = row.Problem();
            if (problem is null)
                return row;
        }
        catch (Exception e)
        {
            problem = $"the row could not be made: {ErrorText.Of(e)}";
        }

        return TrajectoryRows.FailedRow(spec, result.Index, result.Attempt, problem);
    }
}
