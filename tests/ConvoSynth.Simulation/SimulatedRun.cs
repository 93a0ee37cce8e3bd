using ConvoSynth.Core;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Simulation.Stores;

namespace ConvoSynth.Simulation;

/// <summary>Result of a seed.</summary>
/// <param name="Violation">The first violated invariant, as a sentence; null if all held.</param>
internal sealed record SeedReport(ulong Seed, string? Violation, Figures Figures);

/// <summary>
/// Runs one campaign under the mishaps of a seed, process after process as a person would with <c>--resume</c>, and checks the invariants
/// after each. Everything is drawn from the seed: the same seed gives the same steps.
/// </summary>
internal static class SimulatedRun
{
    private const int ProcessLimit = 100;

    /// <param name="note">Receives every step; null for no trace.</param>
    /// <param name="change">Breaks something on purpose, for tests.</param>
    /// <param name="journaled">Whether model answers are journaled; null: the seed decides.</param>
    public static SeedReport Run(
        ulong seed,
        Action<string>? note = null,
        Func<ProcessConditions, ProcessConditions>? change = null,
        Mishaps? mishaps = null,
        bool? journaled = null
    )
    {
        var campaign = SimulatedCampaign.Of((int)(seed % SimulatedCampaign.Count));
        var provider = journaled ?? new Seed(seed).For("journaled").Random().Chance(0.4) ? new Provider() : null;
        var figures = new Figures { Seeds = 1, Journaled = provider is null ? 0 : 1 };
        Expected? whole;
        try
        {
            whole = provider is null ? campaign.Expected : null;
        }
        catch (InvalidOperationException e)
        {
            return new(seed, e.Message, figures);
        }

        mishaps ??= Mishaps.Of(seed);
        SimulatedStore storage = mishaps.OnObjects ? new ObjectStore(seed) : new FileStore();
        figures.OnObjects = mishaps.OnObjects ? 1 : 0;
        var random = new Seed(seed).For("processes").Random();
        var budgets = new Budgets(mishaps.Budget);
        note?.Invoke(
            $"campaign {campaign.Spec.Seed}: {campaign.Spec.Count} dialogues, {campaign.Spec.Partitions} partitions, "
                + $"{campaign.Limits.Indexes} indexes a shard; {mishaps}"
        );
        var now = 0L;
        for (var number = 1; number <= ProcessLimit; number++)
        {
            var conditions = new ProcessConditions(random.NextBits() | 1, mishaps, figures, note, budgets, now) { Provider = provider };
            using var process = new SimulatedProcess(campaign, storage, change?.Invoke(conditions) ?? conditions);
            var end = process.Drive();
            now = process.Now;
            note?.Invoke($"process {number}: {end.Kind} {end.Problem}");
            storage.Syncing = null;
            provider?.ProcessEnded();
            if (provider?.Violation is { } broken)
                return new(seed, broken, figures);
            if (end.Kind == EndKind.Violated)
                return new(seed, end.Problem, figures);
            if (end.Kind == EndKind.StorageFailed)
                budgets.FullDisks = 0; // The person made room.
            // The person sees that a lock is held, and retries later.
            if (budgets.HeldUntil.Values.Any(until => until > now))
                now += TimeSpan.FromSeconds(random.Between(1, 60)).Ticks;
            (storage.Before, storage.Fates) = (null, null);
            // Death loses unsynced data; a regular end, or a process only taken for dead, loses nothing.
            if (end.Kind == EndKind.Died)
                storage.Lose(random);
            if (end.Kind == EndKind.Finished)
                return new(seed, OfTheEnd(campaign, whole, storage, end, provider, mishaps, figures), figures);
            if (Invariants.OfWhatIsCommitted(whole, storage.Folder) is { } violation)
                return new(seed, violation, figures);
        }

        return new(seed, $"it did not end in {ProcessLimit} processes", figures);
    }

    private static string? OfTheEnd(
        SimulatedCampaign campaign,
        Expected? whole,
        SimulatedStore storage,
        ProcessEnd end,
        Provider? provider,
        Mishaps mishaps,
        Figures figures
    )
    {
        (storage.Before, storage.After) = (null, null);
        storage.Settle();
        if (provider is not null)
        {
            (figures.Sold, figures.SoldAgain, figures.Lost) = (provider.Sold, provider.SoldAgain, provider.Lost);
            if (Invariants.OfPayments(provider, mishaps) is { } problem)
                return problem;
        }

        try
        {
            // Answers of journaled models are not reproducible, so the expected run is replayed from the journal alone.
            whole ??= Expected.Of(campaign, storage.Folder);
        }
        catch (InvalidOperationException e)
        {
            return e.Message;
        }

        if (Invariants.OfTheWhole(campaign, whole, storage, end.Status!) is { } violation)
            return violation;
        Count(whole, storage.Folder, figures);
        return null;
    }

    private static void Count(Expected whole, RunFolder folder, Figures figures)
    {
        figures.Commits += RunManifest.Read(folder).Commits.Count;
        foreach (var row in whole.Rows)
        {
            figures.Rows++;
            if (row.Status == RowStatus.Undecided)
                figures.Undecided++;
            if (row.Status == RowStatus.Retried)
                figures.Retried++;
            if (row.RejectReasons.Contains("quarantined"))
                figures.Quarantined++;
            if (row.RejectReasons.Contains("domain-stopped"))
                figures.DomainStopped++;
        }
    }
}
