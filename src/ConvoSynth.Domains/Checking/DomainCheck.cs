using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.State;
using ConvoSynth.Domains.Environments;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Checking;

/// <summary>A difference between our environment and the task's own.</summary>
/// <param name="Step">The index of the gold call; null for a difference in the final state.</param>
/// <param name="Where">The tool, or the path of the change.</param>
public sealed record Mismatch(int? Step, string Where, string What, string? Expected, string? Actual);

/// <summary>
/// The result of one task. A <see cref="Vacuous"/> task asks for no change and no output, so doing nothing passes it too.
/// </summary>
public sealed record TaskCheck(string Id, bool Vacuous, IReadOnlyList<Mismatch> Mismatches)
{
    public bool Matched => Mismatches.Count == 0;
}

public sealed record DomainCheckResult(IReadOnlyList<TaskCheck> Tasks)
{
    public int Total => Tasks.Count;

    public int Matched => Tasks.Count(t => t.Matched);

    public int Vacuous => Tasks.Count(t => t.Vacuous);

    /// <summary>
    /// As <c>{ total, matched, vacuous, tasks: [{ id, matched, vacuous, mismatches: [{ step, where, what, expected, actual }] }] }</c>.
    /// </summary>
    public Json ToJson() =>
        Json.Map(
            ("total", Total),
            ("matched", Matched),
            ("vacuous", Vacuous),
            (
                "tasks",
                Json.List(
                    Tasks.Select(t =>
                        (Json)
                            Json.Map(
                                ("id", t.Id),
                                ("matched", t.Matched),
                                ("vacuous", t.Vacuous),
                                (
                                    "mismatches",
                                    Json.List(
                                        t.Mismatches.Select(m =>
                                            (Json)
                                                Json.Map(
                                                    ("step", m.Step is { } step ? step : Json.Null),
                                                    ("where", m.Where),
                                                    ("what", m.What),
                                                    ("expected", m.Expected),
                                                    ("actual", m.Actual)
                                                )
                                        )
                                    )
                                )
                            )
                    )
                )
            )
        );
}

/// <summary>
/// Runs foreign tasks in our environment. The gold calls of each, one after another on a fresh copy, must give the observations and
/// changes that they gave in their own environment. Observations compare as JSON if both are JSON, else as text. Of failed calls only
/// the failure is compared, since each environment has its own wording. Changes compare by path and value, in any order.
/// </summary>
public static class DomainCheck
{
    public static DomainCheckResult Run(Pack pack, IEnumerable<CheckedTask> tasks) => new([.. tasks.Select(t => Run(pack, t))]);

    public static TaskCheck Run(Pack pack, CheckedTask task)
    {
        var environment = new DialogueEnvironment(pack);
        var mismatches = new List<Mismatch>();
        for (var i = 0; i < task.Actions.Count; i++)
        {
            var action = task.Actions[i];
            var result = environment.Call(action.Tool, action.Arguments);
            if (action.Observation is { } expected && Difference(expected, result) is { } what)
                mismatches.Add(new(i, action.Tool, what, expected, result.Text));
            else if (action.Observation is null && pack.Tools.Find(action.Tool) is null)
                mismatches.Add(new(i, action.Tool, "the pack has no such tool", null, null));
        }

        var diff = environment.Diff();
        if (task.Changes is { } changes)
            Compare(changes, diff.Changes, mismatches);
        return new(task.Id, Vacuous: (task.Changes?.IsEmpty ?? diff.IsEmpty) && task.Outputs.Count == 0, mismatches);
    }

    private static string? Difference(string expected, CallResult actual)
    {
        var failed = expected.StartsWith("Error:", StringComparison.Ordinal);
        if (failed || actual.IsError)
        {
            return failed == actual.IsError ? null
                : failed ? "the call should fail and succeeded"
                : "the call should succeed and failed";
        }

        if (string.Equals(expected, actual.Text, StringComparison.Ordinal))
            return null;
        if (Json.TryParse(expected, out var a, out _) && Json.TryParse(actual.Text, out var b, out _) && a == b)
            return null;
        return "the observation differs";
    }

    private static void Compare(ImmutableArray<Change> expected, ImmutableArray<Change> actual, List<Mismatch> mismatches)
    {
        var ours = actual.ToDictionary(Path, StringComparer.Ordinal);
        foreach (var change in expected)
        {
            if (change.Before is { } before && before == change.After)
                continue; // 9 → 9.0 changes the spelling only.
            if (!ours.Remove(Path(change), out var found))
                mismatches.Add(new(null, Path(change), "the change is missing", change.ToString(), null));
            else if (found != change)
                mismatches.Add(new(null, Path(change), "the change differs", change.ToString(), found.ToString()));
        }

        foreach (var change in actual)
        {
            if (ours.ContainsKey(Path(change)))
                mismatches.Add(new(null, Path(change), "the change is not expected", null, change.ToString()));
        }
    }

    // Keys may hold any character, so they are joined as a JSON list.
    private static string Path(Change change) => Json.List(change.Path.Select(p => (Json)p)).ToString();
}
