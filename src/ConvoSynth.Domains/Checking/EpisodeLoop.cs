using ConvoSynth.Domains.Environments;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Checking;

/// <summary>The speed of a domain's environment on one core.</summary>
/// <param name="Characters">Total length of all observations, which proves that they were made.</param>
public sealed record EpisodeRate(long Episodes, long Calls, long Changes, long Characters, TimeSpan Elapsed)
{
    public double PerSecond => Episodes / Elapsed.TotalSeconds;
}

/// <summary>
/// The raw loop of the benchmark: for each task a new environment, its gold calls with observations as text, and the diff.
/// </summary>
public static class EpisodeLoop
{
    /// <summary>Runs the tasks repeatedly on the calling thread until the time is up; whole rounds only.</summary>
    public static EpisodeRate Run(Pack pack, IReadOnlyList<CheckedTask> tasks, TimeSpan atLeast, TimeProvider time)
    {
        var tools = tasks
            .Select(t =>
                t.Actions.Select(a =>
                        (
                            Tool: pack.Tools.Find(a.Tool) ?? throw new FormatException($"task {t.Id}: the pack has no tool {a.Tool}"),
                            a.Arguments
                        )
                    )
                    .ToArray()
            )
            .ToArray();
        long episodes = 0;
        long calls = 0;
        long changes = 0;
        long characters = 0;
        var start = time.GetTimestamp();
        do
        {
            foreach (var actions in tools)
            {
                var environment = new DialogueEnvironment(pack);
                foreach (var (tool, arguments) in actions)
                {
                    characters += environment.Call(tool, arguments).Text.Length;
                    calls++;
                }

                changes += environment.Diff().Changes.Length;
                episodes++;
            }
        } while (time.GetElapsedTime(start) < atLeast);

        return new(episodes, calls, changes, characters, time.GetElapsedTime(start));
    }
}
