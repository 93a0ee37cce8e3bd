using ConvoSynth.Core;
using ConvoSynth.Domains.Environments;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Acceptance;

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
        var seen = new GuardCounts(pack, tool, ensure);
        var trials = 0;
        try
        {
            var calls = new CallTrials(pack, tool, new Seed(0).For("acceptance").For(tool.Name));
            var still = new DialogueEnvironment(pack);
            var most = Math.Max(Most, calls.Round * 2);
            for (; trials < most; trials++)
            {
                var (succeeded, failed) = coverage.Of(tool);
                if (trials >= Least && seen.Suffice && succeeded > 0 && (failed > 0 || !CanFail(tool)))
                    break;
                var arguments = calls.Arguments(trials);
                seen.Sample(coverage, still, arguments);
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

    private void Judge(ToolSpec tool, int trials, GuardCounts seen)
    {
        var (succeeded, failed) = coverage.Of(tool);
        if (succeeded == 0 && !coverage.IsDefective(tool))
            coverage.Fail(tool, "success", $"never succeeded in {trials} trials on the data; a case in cases.yaml may show how");
        if (failed == 0 && CanFail(tool))
            coverage.Fail(tool, "failure", $"never failed in {trials} trials, not even for keys that do not exist");
        foreach (var (guard, reason) in seen.Missing())
            coverage.Fail(tool, guard.Name, reason);
        _results.Add(new(tool.Name, trials, succeeded, failed, seen.Results));
    }

    // Some tools cannot be made to fail: those without guards and required references (a list of branches), and searches that omit
    // rows.
    private static bool CanFail(ToolSpec tool) =>
        !tool.Omits && (tool.Guards.Count > 0 || tool.Parameters.Any(p => p is { Is: not null, Optional: false }));
}
