using ConvoSynth.Core.Campaigns;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Runs.Specs;

/// <summary>The options of a run whose tasks a model proposes; in a spec they stand under <c>proposals</c>.</summary>
public static class ProposalOptions
{
    public static RunOption<string?> Proposer { get; } =
        new("proposals.endpoint", "The endpoint that proposes tasks, which are then executed and checked, in place of sampled ones.", Text)
        {
            Name = "--proposer",
        };

    public static RunOption<int?> Rounds { get; } =
        new("proposals.rounds", "How often a refused proposal is asked for again, with the reasons, 0 to 5.", (p, _) => p.Whole32())
        {
            Name = "--proposal-rounds",
            Default = ProposalSpec.UsualRounds,
            Range = RunBounds.ProposalRounds.Problem,
        };

    public static RunOption<double?> Share { get; } =
        new("proposals.share", "Share of the tasks that are proposed; the others are sampled, 0 to 1.", (p, _) => p.Fraction())
        {
            Name = "--proposal-share",
            Default = 1,
            Range = RunBounds.Share.Problem,
        };

    public static RunOption<string?> Summarizer { get; } =
        new("proposals.summarizer", "The endpoint that sums up for the proposer what is wrong (default: the reasons as a list).", Text)
        {
            Name = "--proposal-summarizer",
        };

    public static RunOption<string?> Examples { get; } =
        new("proposals.examples", "A file of accepted tasks that the proposer is shown (default: sampled tasks).", RunOptions.PathOf)
        {
            Name = "--proposal-examples",
        };

    public static IReadOnlyList<RunOption> All { get; } = [Proposer, Rounds, Share, Summarizer, Examples];

    private static string Text(YamlPart part, string folder) => part.Text;
}
