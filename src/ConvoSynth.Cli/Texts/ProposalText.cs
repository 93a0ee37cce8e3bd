using ConvoSynth.Cli.Tables;
using ConvoSynth.Domains.Proposals;
using ConvoSynth.Runs.Summaries;

namespace ConvoSynth.Cli.Texts;

/// <summary>The funnel of proposals for people.</summary>
internal static class ProposalText
{
    private const int Shown = 16;

    public static void Print(RunSummary summary)
    {
        if (summary.Proposals is not { } funnel)
            return;
        var neither = funnel.Neither > 0 ? $", {funnel.Neither} failed otherwise" : "";
        Console.WriteLine(
            $"proposals{(funnel.Simulated ? " (simulated)" : "")}: {funnel.Proposed} tasks, {funnel.Rounds.Sum(r => r.Valid)} valid, "
                + $"{funnel.GivenUp} given up{neither}"
        );
        var table = new TextTable([
            "round",
            TextColumn.Number("proposed"),
            TextColumn.Number("valid"),
            .. ProposalFaults.Stages.Select(TextColumn.Number),
        ]);
        foreach (var round in funnel.Rounds)
        {
            var refused = ProposalFaults.Stages.Select(s => round.Refused.GetValueOrDefault(s)).ToArray();
            table.Add([round.Round, round.Valid + refused.Sum(), round.Valid, .. refused]);
        }

        table.Print();
        var faults = funnel
            .Rounds.SelectMany(r => r.Faults)
            .GroupBy(f => f.Key, f => f.Value, StringComparer.Ordinal)
            .Select(g => KeyValuePair.Create(g.Key, g.Sum()))
            .OrderByDescending(f => f.Value);
        TextTable.Counts(faults.Take(Shown)).Print();
        Console.WriteLine(
            $"  tokens for each valid blueprint: {funnel.TokensPerValid?.ToString() ?? "none"} proposed, 0 sampled; "
                + $"for each accepted dialogue: {Each(funnel.TokensPerAccepted, funnel.Accepted)} proposed, "
                + $"{Each(funnel.SampledTokensPerAccepted, funnel.SampledAccepted)} sampled"
        );
    }

    private static string Each(long? tokens, long accepted) => tokens is { } some ? $"{some} ({accepted} accepted)" : "none";
}
