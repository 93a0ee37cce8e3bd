using ConvoSynth.Core;

namespace ConvoSynth.Simulation;

/// <summary>
/// What may go wrong under a seed, and how often. Every kind has a budget, so that a campaign which is resumed comes to its end.
/// </summary>
internal sealed record Mishaps
{
    /// <summary>Share of calls that are lost, lose their response, arrive twice or late.</summary>
    public double Calls { get; init; }

    /// <summary>A step after which some activations die, on average once in so many; 0 for never.</summary>
    public int ActivationCrashEvery { get; init; }

    /// <summary>A step after which the directory forgets some activations that live on.</summary>
    public int ForgetEvery { get; init; }

    /// <summary>A step after which a silo dies with all its activations, and another takes its place.</summary>
    public int SiloDeathEvery { get; init; }

    public int Silos { get; init; } = 1;

    /// <summary>Chance that a commit log is held by another process, which sleeps, for up to <see cref="LongestLock"/>.</summary>
    public double LockHeld { get; init; }

    /// <summary>A step after which the process dies.</summary>
    public int DeathEvery { get; init; }

    /// <summary>Chance that the process dies at an operation of storage while a shard is being committed.</summary>
    public double DeathInCommit { get; init; }

    /// <summary>Chance that the process dies at an operation of storage on a journal.</summary>
    public double DeathInJournal { get; init; }

    /// <summary>A step after which the run is stopped, as by Ctrl-C.</summary>
    public int StopEvery { get; init; }

    /// <summary>Chance that an operation of storage fails.</summary>
    public double StorageError { get; init; }

    /// <summary>Operations of storage after which the disk is full, until the process is started again; 0 for never.</summary>
    public int DiskFullAfter { get; init; }

    /// <summary>Share of model calls that take seconds, some more than a response may.</summary>
    public double SlowModel { get; init; }

    /// <summary>Share of model calls that fail and would succeed when made again.</summary>
    public double TransientModel { get; init; }

    /// <summary>Chance a step that the clock moves although there is work.</summary>
    public double Hurry { get; init; }

    /// <summary>Whether all that crosses a call is written and read back.</summary>
    public bool Wire { get; init; }

    public int Concurrency { get; init; } = 8;

    /// <summary>How often each kind of crash, stop or storage failure happens at most.</summary>
    public int Budget { get; init; } = 4;

    /// <summary>How long a process that sleeps holds a lock at most.</summary>
    public static TimeSpan LongestLock { get; } = TimeSpan.FromMinutes(3);

    /// <summary>How long the directory takes at most to notice that a silo is dead.</summary>
    public static TimeSpan LongestUnnoticedDeath { get; } = TimeSpan.FromSeconds(20);

    public static Mishaps None { get; } = new();

    public static Mishaps Of(ulong seed)
    {
        var random = new Seed(seed).For("mishaps").Random();
        // Most seeds are bad days; some are the end of the world.
        var harsh = random.Chance(0.2) ? 6 : 1;
        return new()
        {
            Budget = 3 * harsh,
            Calls = random.Chance(0.6) ? 0.04 * harsh * random.NextDouble() : 0,
            ActivationCrashEvery = random.Chance(0.5) ? random.Between(150, 1500) / harsh : 0,
            ForgetEvery = random.Chance(0.3) ? random.Between(300, 2000) / harsh : 0,
            DeathEvery = random.Chance(0.4) ? random.Between(300, 3000) : 0,
            DeathInCommit = random.Chance(0.4) ? 0.08 * random.NextDouble() : 0,
            StopEvery = random.Chance(0.3) ? random.Between(200, 2000) : 0,
            StorageError = random.Chance(0.2) ? 0.02 * random.NextDouble() : 0,
            DiskFullAfter = random.Chance(0.1) ? random.Between(5, 120) : 0,
            SlowModel = random.Chance(0.3) ? 0.1 * random.NextDouble() : 0,
            TransientModel = random.Chance(0.3) ? 0.2 * random.NextDouble() : 0,
            Hurry = random.Chance(0.5) ? 0.01 : 0,
            Wire = random.Chance(0.1),
            Concurrency = random.Pick([1, 2, 4, 8, 16]),
            DeathInJournal = random.Chance(0.4) ? 0.01 * random.NextDouble() : 0,
            Silos = random.Pick([1, 1, 2, 3]),
            SiloDeathEvery = random.Chance(0.4) ? random.Between(300, 3000) / harsh : 0,
            LockHeld = random.Chance(0.3) ? 0.15 * random.NextDouble() : 0,
        };
    }
}
