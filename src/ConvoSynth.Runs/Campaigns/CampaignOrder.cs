using System.Collections.Immutable;
using System.Text.Json.Serialization;
using ConvoSynth.Core.Campaigns;

namespace ConvoSynth.Runs.Campaigns;

/// <summary>What one campaign of a run has to do. A resume is another campaign of the same run.</summary>
public sealed record CampaignOrder
{
    public required RunSpec Spec { get; init; }

    /// <summary>Maximum dialogues in flight, over all silos.</summary>
    public required int Concurrency { get; init; }

    /// <value>No limit by default.</value>
    public Budget Budget { get; init; } = new();

    /// <summary>Whether each silo calls the endpoints of the run with its own keys before it takes work.</summary>
    public bool Probes { get; init; }

    /// <summary>The command line that reproduces the run, for its dataset card.</summary>
    public string Command { get; init; } = "";

    /// <summary>When it was submitted, by the submitter's clock.</summary>
    public DateTimeOffset SubmittedAt { get; init; }
}

/// <summary>How a campaign ended.</summary>
public sealed record CampaignEnd
{
    /// <summary>Why the run cannot continue; null if nothing failed.</summary>
    public string? Error { get; init; }

    /// <summary>The budget limit that holds back the rest of the plan; null if none does.</summary>
    public string? Limit { get; init; }

    public ImmutableArray<StoppedDomain> Stopped { get; init; } = [];

    /// <summary>By the clock of the silo that found it finished.</summary>
    public DateTimeOffset EndedAt { get; init; }
}

/// <summary>One campaign of a run, as its folder has it.</summary>
/// <param name="Number">Counts from 1.</param>
/// <param name="End">Null until it has ended.</param>
public sealed record CampaignState(int Number, CampaignOrder Order, bool IsStopWanted, CampaignEnd? End);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    WriteIndented = true,
    NewLine = "\n",
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(CampaignOrder))]
[JsonSerializable(typeof(CampaignEnd))]
internal sealed partial class CampaignJson : JsonSerializerContext;
