using ConvoSynth.Core.Campaigns;

namespace ConvoSynth.Runs.Forecasts;

/// <summary>What the first dialogues of a run used when scripts played them.</summary>
/// <param name="Dialogues">Planned indexes in the sample; their further attempts are in the other figures.</param>
/// <param name="Ledger">The calls of all roles; tokens at 4 bytes a token.</param>
/// <param name="CpuSeconds">Of one dialogue on one core, the scripts' own work included.</param>
/// <param name="ShardBytes">All committed shards.</param>
/// <param name="JournalBytes">All journals.</param>
public sealed record PlayedSample(long Dialogues, Ledger Ledger, double CpuSeconds, long ShardBytes, long JournalBytes);
