using System.Diagnostics;
using ConvoSynth.Cli.Hosting;
using ConvoSynth.Grains.Campaign;
using ConvoSynth.Runs.Specs;

namespace ConvoSynth.Orleans.Tests;

/// <summary>Runs as the command line makes them: on a silo in the process that nothing outside knows of.</summary>
[Collection(nameof(LocalRuns))] // A stall blocks threads that another test's silo needs.
public sealed class LocalRuns
{
    [Fact]
    public async Task A_silo_that_stalls_for_10_s_ends_no_run()
    {
        using var plain = new RetailRun();
        await plain.WritePlainly();
        using var run = new RetailRun();
        using var time = new StallingTime(TimeSpan.FromSeconds(10));

        var status = await Play(
            run,
            time,
            s =>
            {
                if (s.Counts.Done > 10)
                    time.Stall();
            }
        );

        time.Stalls.Should().Be(1);
        status.Error.Should().BeNull();
        status.Counts.Done.Should().Be(100);
        run.Shards().Should().Equal(plain.Shards());
    }

    [Fact]
    public async Task Two_runs_at_once_write_what_each_writes_alone()
    {
        using var plain = new RetailRun();
        await plain.WritePlainly();
        using var one = new RetailRun();
        using var two = new RetailRun();

        await Task.WhenAll(Play(one, TimeProvider.System, _ => { }), Play(two, TimeProvider.System, _ => { }));

        one.Shards().Should().Equal(plain.Shards());
        two.Shards().Should().Equal(plain.Shards());
    }

    [Fact]
    public void A_run_folder_is_not_given_to_another_run()
    {
        using var run = new RetailRun();

        var asking = () => Folders(run).For("other");

        asking.Should().Throw<InvalidOperationException>().WithMessage("the run other asks for the folder * of the run run");
    }

    // A limit on the duration makes the campaign read the clock whenever a partition reports.
    private static Task<CampaignStatus> Play(RetailRun run, TimeProvider time, Action<CampaignStatus> watch) =>
        new CampaignHost(run, Folders(run), time).Run(
            RetailRun.Spec,
            new(16) { Budget = new() { Duration = TimeSpan.FromHours(1) } },
            watch,
            CancellationToken.None
        );

    private static RunFolders Folders(RetailRun run) => new(run.Folder.Path, RetailRun.Spec.RunId, run.Format, run.Limits);

    /// <summary>
    /// The system's clock. After <see cref="Stall"/> it blocks every grain that reads it, with its thread, for the given length.
    /// </summary>
    private sealed class StallingTime(TimeSpan length) : TimeProvider, IDisposable
    {
        private readonly ManualResetEventSlim _goesOn = new(true);
        private Timer? _end;

        public int Stalls { get; private set; }

        public void Stall()
        {
            if (Stalls > 0)
                return;
            Stalls++;
            _goesOn.Reset();
            _end = new(_ => _goesOn.Set(), null, length, Timeout.InfiniteTimeSpan);
        }

        public override long GetTimestamp()
        {
            if (TaskScheduler.Current != TaskScheduler.Default)
                _goesOn.Wait();
            return Stopwatch.GetTimestamp();
        }

        public void Dispose()
        {
            _goesOn.Set();
            _end?.Dispose();
            _goesOn.Dispose();
        }
    }
}
