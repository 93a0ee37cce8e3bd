using ConvoSynth.Core;

namespace ConvoSynth.Domains;

/// <summary>
/// Tries every tool over the data, within a bound: until it has succeeded and failed, and each of its guards has held and been broken
/// on as many rows as data.yaml ensures.
/// </summary>
internal sealed class ToolTrials(Pack pack, EnsuredCounts ensure, ToolCoverage coverage)
{
    /// <summary>Calls that are made in any case, so that the audit of changes sees many rows.</summary>
    private const int Least = 200;

    /// <summary>Trials after which an incompletely covered tool is refused; two walks over its rows, if that is more.</summary>
    private const int Most = 6000;

    private readonly List<ToolTrialResult> _results = [];

    public IReadOnlyList<ToolTrialResult> Results => _results;

    public void Run(ToolSpec tool)
    {
        var seen = tool
            .Guards.Select(g =>
                (Guard: g, Holds: new HashSet<string>(StringComparer.Ordinal), Broken: new HashSet<string>(StringComparer.Ordinal))
            )
            .ToArray();
        var trials = 0;
        try
        {
            var calls = new CallTrials(pack, tool, new Seed(0).For("acceptance").For(tool.Name));
            var still = new DialogueEnvironment(pack);
            var most = Math.Max(Most, calls.Round * 2);
            for (; trials < most; trials++)
            {
                var guarded = seen.All(s => s.Holds.Count >= ensure.For(s.Guard).Holds && s.Broken.Count >= ensure.For(s.Guard).Broken);
                var (succeeded, failed) = coverage.Of(tool);
                if (trials >= Least && guarded && succeeded > 0 && (failed > 0 || !CanFail(tool)))
                    break;
                var arguments = calls.Arguments(trials);
                foreach (var (guard, holds, broken) in seen)
                    Sample(still, tool, guard, arguments, holds, broken);
                if (trials < Least || succeeded == 0 || failed == 0)
                    coverage.Call(new DialogueEnvironment(pack), tool, arguments);
            }
        }
        catch (ToolError e)
        {
            coverage.Fail(tool, "data", $"cannot be tried: {e.Message}");
        }

        Judge(tool, trials, seen);
    }

    private void Sample(
        DialogueEnvironment environment,
        ToolSpec tool,
        GuardSpec guard,
        JsonMap arguments,
        HashSet<string> holds,
        HashSet<string> broken
    )
    {
        if (coverage.Test(environment, tool, guard, arguments) is not { } held)
            return;
        var rows = guard.DependsOnRowsOnly
            ? string.Join(
                ' ',
                guard
                    .Parameters.Where(p => p.Input == GuardInput.Row)
                    .Select(p => pack.Guards.RowFor(environment.Db, tool, arguments, pack.Domain.Entity(p.Name))?.Identity)
            )
            : arguments.ToCanonicalString();
        (held ? holds : broken).Add(rows);
    }

    private void Judge(ToolSpec tool, int trials, (GuardSpec Guard, HashSet<string> Holds, HashSet<string> Broken)[] seen)
    {
        var (succeeded, failed) = coverage.Of(tool);
        if (succeeded == 0 && !coverage.IsDefective(tool))
            coverage.Fail(tool, "success", $"never succeeded in {trials} trials on the data; a case in cases.yaml may show how");
        if (failed == 0 && CanFail(tool))
            coverage.Fail(tool, "failure", $"never failed in {trials} trials, not even for keys that do not exist");
        foreach (var (guard, holds, broken) in seen)
        {
            var wanted = ensure.For(guard);
            if (holds.Count >= wanted.Holds && broken.Count >= wanted.Broken)
                continue;
            var what = guard.DependsOnRowsOnly ? "rows" : "calls";
            coverage.Fail(
                tool,
                guard.Name,
                $"its guard {guard.Name} (clause {guard.Clause}) holds on {holds.Count} {what} of the data and is broken on "
                    + $"{broken.Count}; wanted are {wanted.Holds} and {wanted.Broken}"
            );
        }

        _results.Add(
            new(
                tool.Name,
                trials,
                succeeded,
                failed,
                [.. seen.Select(s => new GuardTrialResult(s.Guard.Name, s.Guard.Clause, s.Holds.Count, s.Broken.Count))]
            )
        );
    }

    // Some tools cannot be made to fail: those without guards and required references (a list of branches), and searches that omit
    // rows.
    private static bool CanFail(ToolSpec tool) =>
        !tool.Omits && (tool.Guards.Count > 0 || tool.Parameters.Any(p => p is { Is: not null, Optional: false }));
}
