using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace ConvoSynth.Core.Campaigns;

/// <summary>The endpoint of each role, by name.</summary>
public sealed record RoleEndpoints
{
    public required string Human { get; init; }

    public required string Agent { get; init; }

    /// <summary>Words the instruction; null: the sampler's words stay.</summary>
    public string? Writer { get; init; }

    /// <summary>
    /// Whether the sampler's words stand in for a writer's text that still fails its checks after all repairs. Otherwise the index fails
    /// with the reason.
    /// </summary>
    /// <value>False by default.</value>
    public bool KeepSampledWords { get; init; }

    /// <summary>The seats of the committee; empty: no judge.</summary>
    public ImmutableArray<SeatSpec> Judges { get; init; } = [];

    /// <summary>How the committee sits; null in specs of runs that began before there was a choice.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CommitteeSpec? Committee { get; init; }

    /// <summary>The seats that calibration does not bar.</summary>
    [JsonIgnore]
    public IEnumerable<SeatSpec> Voting => Judges.Where(j => j.Barred is null);

    /// <summary>Candidates for each message of the human, of which the best is chosen; 1 turns this off.</summary>
    /// <value>1 by default; 1 to 16. APIGen-MT used 4.</value>
    public int HumanCandidates { get; init; } = 1;

    /// <summary>Tasks that a model proposes; null: the sampler makes all.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ProposalSpec? Proposals { get; init; }

    /// <summary>Every role with its endpoint, in the order of the roles. Barred judges are left out.</summary>
    public IEnumerable<(string Role, string Endpoint)> All()
    {
        yield return ("human", Human);
        yield return ("agent", Agent);
        if (Writer is not null)
            yield return ("writer", Writer);
        foreach (var judge in Voting)
            yield return ("judges", judge.Endpoint);
        if (Proposals is null)
            yield break;
        yield return ("proposer", Proposals.Endpoint);
        if (Proposals.Summarizer is { } summarizer)
            yield return ("summarizer", summarizer);
    }
}
