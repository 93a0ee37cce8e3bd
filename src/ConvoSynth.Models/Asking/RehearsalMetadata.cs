using ConvoSynth.Core.Campaigns;
using ConvoSynth.Models.Journal;

namespace ConvoSynth.Models.Asking;

/// <summary>
/// Names the dialogue of a request for the built-in test endpoint, so that it finds the script. At most 16 string pairs, the limit of
/// OpenAI's <c>metadata</c>; no other endpoint gets it.
/// </summary>
public sealed class RehearsalMetadata
{
    private readonly KeyValuePair<string, string>[] _run;

    public RehearsalMetadata(RunSpec spec)
    {
        List<KeyValuePair<string, string>> run =
        [
            new("convosynth_domains", string.Join(',', spec.Domains)),
            new("convosynth_seed", spec.Seed.ToString()),
            new("convosynth_count", spec.Count.ToString()),
            new("convosynth_fault_rate", spec.FaultRate.ToString("R")),
        ];
        if (spec.Combined > 0)
            run.Add(new("convosynth_combined", spec.Combined.ToString("R")));
        if (spec.Recombine > 0)
            run.Add(new("convosynth_recombine", spec.Recombine.ToString("R")));
        if (spec.Rounds > 1)
            run.Add(new("convosynth_rounds", spec.Rounds.ToString()));
        if (spec.Proposals is { } proposals)
            run.Add(new("convosynth_proposals", proposals.Share.ToString("R")));
        if (spec.Slices is { } slices)
            run.Add(new("convosynth_slices", slices));
        if (spec.Thoughts)
            run.Add(new("convosynth_thoughts", "1"));
        if (spec.HasWorlds)
        {
            run.Add(new("convosynth_worlds", spec.Worlds.ToString()));
            run.Add(new("convosynth_partition_size", spec.PartitionSize.ToString()));
        }

        if (spec.Roles is { HumanCandidates: > 1 and var candidates })
            run.Add(new("convosynth_candidates", candidates.ToString()));
        if (spec.Data is { } data)
            run.Add(new("convosynth_data", data));
        if (spec.Blueprints is { } blueprints)
            run.Add(new("convosynth_blueprints", blueprints));
        _run = [.. run];
    }

    /// <summary>The metadata of a call; empty for a probe, which belongs to no dialogue.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Of(CallKey key) =>
        key.Role == EndpointProbe.Role
            ? []
            :
            [
                new("convosynth_run", key.Dialogue.Run),
                .. _run,
                new("convosynth_index", key.Dialogue.Index.ToString()),
                new("convosynth_attempt", key.Dialogue.Attempt.ToString()),
                new("convosynth_role", key.Role),
                new("convosynth_step", key.Step.ToString()),
                new("convosynth_part", key.Part),
            ];
}
