namespace ConvoSynth.Simulation.Tests;

/// <summary>The invariants hold whatever goes wrong. `make simulate` runs many more seeds.</summary>
public sealed class Seeds
{
    [Fact]
    public void Fifty_seeds_keep_every_invariant()
    {
        var figures = new Figures();
        for (var seed = 1UL; seed <= 50; seed++)
        {
            var report = SimulatedRun.Run(seed);
            report.Violation.Should().BeNull("of seed {0}", seed);
            figures.Add(report.Figures);
        }

        figures.Seeds.Should().Be(50);
        figures.DeathsInCommit.Values.Sum().Should().BePositive();
        new[]
        {
            figures.Deaths,
            figures.ActivationsCrashed,
            figures.ActivationsForgotten,
            figures.Stops,
            figures.SiloDeaths,
            figures.DiedWithSilos,
            figures.LocksHeld,
            figures.LocksMet,
            figures.CallsLost,
            figures.ResponsesLost,
            figures.CallsDoubled,
            figures.CallsLate,
            figures.StorageErrors + figures.DiskFull,
            figures.LateStorageErrors,
            figures.OnObjects,
            figures.ObjectsLate,
            figures.ObjectsTwice,
            figures.ThrowingModels,
            figures.TransientModels,
            figures.SlowModels,
            figures.SilentModels,
            figures.Journaled,
            figures.SoldAgain,
            figures.Lost,
            figures.DeathsInJournal,
            figures.Undecided,
            figures.Retried,
            figures.Quarantined,
            figures.DomainStopped,
        }
            .Should()
            .OnlyContain(n => n > 0, "each kind of mishap is met");
    }

    [Theory]
    [InlineData(3UL)]
    [InlineData(17UL)]
    [InlineData(24UL)]
    public void A_seed_replays_exactly(ulong seed)
    {
        var (first, second) = (new List<string>(), new List<string>());
        SimulatedRun.Run(seed, first.Add);

        SimulatedRun.Run(seed, second.Add);

        first.Should().HaveCountGreaterThan(100);
        second.Should().Equal(first);
    }

    [Theory]
    [InlineData(152UL)] // A call to a stateless worker arrives after its sender's silo has died.
    [InlineData(605UL)] // Answers that a dead silo waited for are paid for again.
    public void Seeds_that_met_what_the_first_fifty_do_not_pass(ulong seed) => SimulatedRun.Run(seed).Violation.Should().BeNull();

    [Fact]
    public void Runs_that_meet_a_held_lock_wait_for_it_and_come_to_the_same_rows()
    {
        var figures = RunUnder(Mishaps.None with { LockHeld = 0.5 });

        figures.LocksMet.Should().BePositive();
        figures.Processes.Should().Be(figures.Seeds, "no run ends for a lock");
        figures.Deaths.Should().Be(0);
    }

    [Fact]
    public void One_process_comes_to_the_same_rows_although_its_silos_die()
    {
        var figures = RunUnder(Mishaps.None with { Silos = 3, SiloDeathEvery = 150 });

        figures.DiedWithSilos.Should().BeGreaterThan(figures.SiloDeaths);
        figures.Processes.Should().Be(figures.Seeds);
    }

    private static Figures RunUnder(Mishaps mishaps)
    {
        var figures = new Figures();
        for (var seed = 1UL; seed <= 12; seed++)
        {
            var report = SimulatedRun.Run(seed, mishaps: mishaps);
            report.Violation.Should().BeNull("of seed {0}", seed);
            figures.Add(report.Figures);
        }

        return figures;
    }

    [Fact]
    public async Task Two_jobs_come_to_the_figures_of_one_process()
    {
        var alone = Jobs.RunSeeds(4, from: 1);

        var together = await Jobs.Run(4, from: 1, jobs: 2);

        together.ToString().Should().Be(alone.ToString()).And.Contain("4 seeds");
    }

    [Fact]
    public void Seeds_differ()
    {
        var steps = Enumerable.Range(1, 6).Select(i => SimulatedRun.Run((ulong)(i * SimulatedCampaign.Count)).Figures.Steps);
        steps.Distinct().Should().HaveCountGreaterThan(4, "one campaign is carried out in many ways");
    }
}
