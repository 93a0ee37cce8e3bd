using ConvoSynth.Core.Campaigns;
using ConvoSynth.Grains;
using ConvoSynth.Grains.Campaign;
using ConvoSynth.Runs.Setups;
using ConvoSynth.Simulation.Runtime;
using ConvoSynth.Simulation.Runtime.Scheduling;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Orleans.Timers;

namespace ConvoSynth.Simulation.Tests;

/// <summary>Silos of the simulator behave as Orleans' silos do.</summary>
public sealed class Silos : IDisposable
{
    // Shorter than the response timeout of Status.
    private static readonly TimeSpan Unnoticed = TimeSpan.FromSeconds(2);

    private readonly VirtualTime _time = new();
    private readonly SteppedScheduler _turns = new();
    private readonly SimulatedCluster _cluster;
    private Activation? _last;

    // A grain takes its clock in its constructor, which shows whose turn runs.
    public Silos() =>
        _cluster = SimulatedCluster.Start(
            new()
            {
                Time = _time,
                Scheduler = _turns,
                Silos = 2,
            },
            services =>
                services
                    .AddSingleton<IRunCatalog>(new OneRun())
                    .AddTransient<TimeProvider>(_ =>
                    {
                        _last = CurrentTurn.Activation;
                        return _time;
                    })
        );

    public void Dispose() => _cluster.Dispose();

    [Fact]
    public void A_silo_that_dies_takes_its_own_activations_with_it()
    {
        foreach (var key in (string[])["a", "b", "c", "d"])
            Answers(key).Should().BeTrue();

        var died = _cluster.KillSilo(1, Unnoticed);

        died.Select(g => g.Key.ToString()).Should().Equal("b", "d");
        _cluster.ActiveGrains().Select(g => g.Key.ToString()).Should().Equal("a", "c");
    }

    [Fact]
    public void Calls_to_a_dead_silo_are_lost_until_the_directory_notices_and_then_reach_a_new_activation()
    {
        foreach (var key in (string[])["a", "b"])
            Answers(key).Should().BeTrue();
        _cluster.KillSilo(1, Unnoticed);

        var lost = Status("b");
        _turns.Run();
        lost.IsCompleted.Should().BeFalse();
        Answers("a").Should().BeTrue("its silo lives");
        _time.Advance(Unnoticed - TimeSpan.FromMilliseconds(1));
        _turns.Run();
        Answers("b").Should().BeFalse();
        _time.Advance(TimeSpan.FromMilliseconds(1));
        _turns.Run();

        Answers("b").Should().BeTrue();
        lost.IsCompleted.Should().BeFalse("what was lost stays lost");
        _time.Advance(TimeSpan.FromSeconds(21));
        _turns.Run();
        lost.Exception!.InnerException.Should().BeOfType<TimeoutException>();
    }

    [Fact]
    public void What_a_dead_activation_waits_for_never_wakes_it()
    {
        var campaign = _cluster.Client.GetGrain<ICampaignGrain>("run");
        _ = campaign.Start(new(1));
        _turns.Run();
        _cluster.KillSilo(0, Unnoticed);
        var before = _turns.Executed.Count;

        _time.Advance(TimeSpan.FromMinutes(1));
        _turns.Run();

        _turns.Executed.Skip(before).Should().NotContain(grain => grain.StartsWith("campaign/", StringComparison.Ordinal));
    }

    [Fact]
    public void A_grains_factory_timers_and_services_are_refused_off_a_turn()
    {
        var runtime = _cluster.Client.ServiceProvider.GetRequiredService<IGrainRuntime>();

        foreach (var use in (Func<object>[])[() => runtime.GrainFactory, () => runtime.TimerRegistry, () => runtime.ServiceProvider])
            use.Should().Throw<InvalidOperationException>().WithMessage("Activation access violation*");
    }

    [Fact]
    public void An_activation_that_has_ended_gets_no_timer()
    {
        Answers("a").Should().BeTrue();
        var runtime = _last!.ActivationServices.GetRequiredService<IGrainRuntime>();
        var at = new GrainTimerCreationOptions(TimeSpan.Zero, TimeSpan.Zero);
        var register = () => ((ITimerRegistry)runtime).RegisterGrainTimer(_last, (_, _) => Task.CompletedTask, 0, at);
        register.Should().NotThrow();

        _cluster.Crash(_ => true).Should().Be(1);

        register.Should().Throw<InvalidOperationException>().WithMessage("Attempt to access an invalid activation*");
    }

    private Task<CampaignStatus> Status(string key) => _cluster.Client.GetGrain<ICampaignGrain>(key).Status();

    private bool Answers(string key)
    {
        var status = Status(key);
        _turns.Run();
        return status.IsCompletedSuccessfully;
    }

    private sealed class OneRun : IRunCatalog
    {
        private readonly SimulatedCampaign _campaign = SimulatedCampaign.Of(0);

        public RunSpec SpecOf(string runId) => _campaign.Spec;

        public RunSetup SetupOf(string runId) => _campaign.Setup(m => m);
    }
}
