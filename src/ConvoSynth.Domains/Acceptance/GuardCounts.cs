using ConvoSynth.Core;
using ConvoSynth.Domains.Environments;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Acceptance;

/// <summary>On how many distinct rows (or calls, where a guard also takes arguments) each guard of a tool held and was broken.</summary>
internal sealed class GuardCounts(Pack pack, ToolSpec tool, EnsuredCounts ensure)
{
    private readonly (GuardSpec Guard, HashSet<string> Holds, HashSet<string> Broken)[] _seen =
    [
        .. tool.Guards.Select(g => (g, new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal))),
    ];

    /// <summary>Whether each guard has been seen as often as data.yaml ensures.</summary>
    public bool Suffice =>
        Array.TrueForAll(_seen, s => s.Holds.Count >= ensure.For(s.Guard).Holds && s.Broken.Count >= ensure.For(s.Guard).Broken);

    public IReadOnlyList<GuardTrialResult> Results =>
        [.. _seen.Select(s => new GuardTrialResult(s.Guard.Name, s.Guard.Clause, s.Holds.Count, s.Broken.Count))];

    /// <summary>The guards that were seen too seldom, each with a sentence.</summary>
    public IEnumerable<(GuardSpec Guard, string Reason)> Missing()
    {
        foreach (var (guard, holds, broken) in _seen)
        {
            var wanted = ensure.For(guard);
            if (holds.Count >= wanted.Holds && broken.Count >= wanted.Broken)
                continue;
            var what = guard.DependsOnRowsOnly ? "rows" : "calls";
            yield return (
                guard,
                $"its guard {guard.Name} (clause {guard.Clause}) holds on {holds.Count} {what} of the data and is broken on "
                    + $"{broken.Count}; wanted are {wanted.Holds} and {wanted.Broken}"
            );
        }
    }

    /// <summary>Tests each guard on one call, which leaves the database unchanged.</summary>
    public void Sample(ToolCoverage coverage, DialogueEnvironment environment, JsonMap arguments)
    {
        foreach (var (guard, holds, broken) in _seen)
        {
            if (coverage.Test(environment, tool, guard, arguments) is not { } held)
                continue;
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
    }
}
