using ConvoSynth.Core;
using ConvoSynth.Shards.Rows;
using ConvoSynth.Shards.Runs;
using ConvoSynth.Shards.Storage;

namespace ConvoSynth.Simulation;

/// <summary>What a seed came to.</summary>
/// <param name="Violation">The first invariant that did not hold, as a sentence; null where all did.</param>
internal sealed record SeedReport(ulong Seed, string? Violation, Figures Figures);

/// <summary>
/// Carries one campaign out under the mishaps of a seed, process after process as a person would with <c>--resume</c>, and checks the
/// invariants after each. Everything is drawn from the seed: the same one gives the same steps.
/// </summary>
internal static class SimulatedRun
{
    private const int ProcessLimit = 100;

    /// <param name="note">Told of every step; null for no trace.</param>
    /// <param name="change">Breaks something on purpose, for tests.</param>
    public static SeedReport Run(ulong seed, Action<string>? note = null, Func<ProcessConditions, ProcessConditions>? change = null, Mishaps? mishaps = null)
    {
        var campaign = SimulatedCampaign.Of((int)(seed % SimulatedCampaign.Count));
        var figures = new Figures { Seeds = 1 };
        try
        {
            _ = campaign.Expected;
        }
        catch (InvalidOperationException e)
        {
            return new(seed, e.Message, figures);
        }

        var storage = new MemoryStorage();
        mishaps ??= Mishaps.Of(seed);
        var random = new Seed(seed).For("processes").Random();
        var budgets = new Budgets(mishaps.Budget);
        note?.Invoke($"campaign {campaign.Spec.Seed}: {campaign.Spec.Count} dialogues, {campaign.Spec.Partitions} partitions, {campaign.Limits.Indexes} indexes a shard; {mishaps}");
        var now = 0L;
        for (var number = 1; number <= ProcessLimit; number++)
        {
            var conditions = new ProcessConditions(random.NextBits() | 1, mishaps, figures, note, budgets, now);
            using var process = new SimulatedProcess(campaign, storage, change?.Invoke(conditions) ?? conditions);
            var end = process.Drive();
            now = process.Now;
            note?.Invoke($"process {number}: {end.Kind} {end.Problem}");
            if (end.Kind == EndKind.Violated) return new(seed, end.Problem, figures);
            if (end.Kind == EndKind.StorageFailed) budgets.FullDisks = 0; // The person made room.
            storage.Before = null;
            // A process that dies takes with it what is not durable; one that ends, or that is only taken for dead, does not.
            if (end.Kind == EndKind.Died) storage.Crash(random.Next(200), random.Next(storage.UnsyncedNames + 1));
            if (end.Kind == EndKind.Finished)
            {
                Count(campaign, storage, figures);
                return new(seed, Invariants.OfTheWhole(campaign, storage, end.Status!), figures);
            }

            if (Invariants.OfWhatIsCommitted(campaign, storage) is { } violation) return new(seed, violation, figures);
        }

        return new(seed, $"it did not end in {ProcessLimit} processes", figures);
    }

    private static void Count(SimulatedCampaign campaign, MemoryStorage storage, Figures figures)
    {
        figures.Commits += RunManifest.Read(Expected.Folder(storage)).Commits.Count;
        foreach (var row in campaign.Expected.Rows)
        {
            figures.Rows++;
            if (row.Status == RowStatus.Retried) figures.Retried++;
            if (row.RejectReasons.Contains("quarantined")) figures.Quarantined++;
            if (row.RejectReasons.Contains("domain-stopped")) figures.DomainStopped++;
        }
    }
}
