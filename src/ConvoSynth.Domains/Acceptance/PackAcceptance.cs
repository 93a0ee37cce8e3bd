using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Worlds;

namespace ConvoSynth.Domains.Acceptance;

/// <summary>
/// Tries a whole pack: the names it uses, the effect of its tools on generated data, and its own cases. Its guards must be seen holding
/// and broken, and every clause must have a check. Acceptance runs the pack's code, so callers that do not trust a pack run it in a
/// child process: <see cref="LimitedProcess"/>.
/// </summary>
public static class PackAcceptance
{
    /// <summary>Accepts or refuses the pack in a folder.</summary>
    /// <param name="folder">The pack's folder.</param>
    /// <param name="dataFolder">Tables to try it on; null for its own generated data.</param>
    /// <param name="intents">
    /// Tries the pack's intents and yields their errors. It is called only if the pack has no other error; null skips the intents.
    /// </param>
    public static AcceptanceReport Run(string folder, string? dataFolder = null, Func<Pack, IEnumerable<PackDiagnostic>>? intents = null)
    {
        var faults = new List<PackDiagnostic>();
        var name = Path.GetFileName(Path.GetFullPath(folder));
        if (PackLoading.TryLoad(folder, dataFolder, faults) is not { } pack || faults.Count > 0)
            return new() { Pack = name, Faults = faults };
        var lineOf = PackCode.LinesOf(pack.Sources);
        RuleCheck.Run(pack, faults);
        if (pack.Yaml("domain.yaml", faults) is { } domain)
            ActCheck.Run(pack, domain, faults);
        var data = pack.Yaml("data.yaml", faults);
        var ensure = data is null ? EnsuredCounts.Default : EnsuredCounts.Read(data, pack);
        OwnerCheck.Run(pack, data, faults);
        var coverage = new ToolCoverage(pack, lineOf);
        var cases = YamlPart.Load(folder, "cases.yaml", faults) is { } root ? PackCases.Read(root, pack) : [];
        foreach (var each in cases)
            CaseRunning.Run(pack, each, coverage);
        var trials = new ToolTrials(pack, ensure, coverage);
        foreach (var tool in pack.Tools.All)
            trials.Run(tool);
        var bad = new BadValues(pack, coverage);
        foreach (var tool in pack.Tools.All)
            bad.Try(tool);
        faults.AddRange(coverage.Faults);
        if (faults.Count == 0)
            faults.AddRange(WorldTrials.Of(pack));
        if (faults.Count == 0 && intents is not null)
            faults.AddRange(intents(pack));
        return new()
        {
            Pack = pack.Name,
            Faults = faults,
            Reads = pack.Tools.All.Count(t => t.Kind == ToolKind.Read),
            Writes = pack.Tools.All.Count(t => t.Writes),
            Clauses = pack.Policy.Clauses.Count,
            Guards = pack.Tools.All.SelectMany(t => t.Guards).Select(g => g.Name).Distinct(StringComparer.Ordinal).Count(),
            Rows = pack.Base.Tables.Sum(t => t.Rows.Count),
            Cases = cases.Count,
            Tools = trials.Results,
        };
    }
}
