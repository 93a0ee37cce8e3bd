using ConvoSynth.Core;

namespace ConvoSynth.Models;

/// <summary>
/// Tells the built-in test endpoint which dialogue a request belongs to, so that it finds the script. At most 16 pairs of text, as OpenAI's <c>metadata</c> has it;
/// no other endpoint is ever sent it.
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
        if (spec.Roles is { HumanCandidates: > 1 and var candidates })
            run.Add(new("convosynth_candidates", candidates.ToString()));
        if (spec.Data is { } data)
            run.Add(new("convosynth_data", data));
        if (spec.Blueprints is { } blueprints)
            run.Add(new("convosynth_blueprints", blueprints));
        _run = [.. run];
    }

    /// <summary>What a call is told by; nothing for a probe, which belongs to no dialogue.</summary>
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
