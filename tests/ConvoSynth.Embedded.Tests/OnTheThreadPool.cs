using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace ConvoSynth.Embedded.Tests;

/// <summary>The runtime as a host runs it: on the thread pool, with the system's clock.</summary>
public sealed class OnTheThreadPool
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Turns_of_one_activation_never_run_at_the_same_time()
    {
        using var host = Build();
        var grain = host.Services.GetRequiredService<IGrainFactory>().GetGrain<ICounterGrain>("c");

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Task.WhenAll(Enumerable.Range(0, 250).Select(_ => grain.Add())))))
            .WaitAsync(_patience);

        (await grain.Total()).Should().Be(new CounterTotal(2000 * CounterGrain.Steps, 0));
    }

    [Fact]
    public async Task No_call_is_lost_or_doubled_while_activations_come_and_go()
    {
        using var host = Build();
        var grains = host.Services.GetRequiredService<IGrainFactory>();
        var ledger = host.Services.GetRequiredService<Ledger>();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(caller => Task.Run(async () =>
        {
            for (var i = 0; i < 500; i++)
                await grains.GetGrain<IMayflyGrain>($"{i % 3}").Note($"{caller}-{i}");
        }))).WaitAsync(_patience);

        ledger.Notes.Should().HaveCount(4000).And.OnlyHaveUniqueItems();
        ledger.Lives.Should().BeGreaterThan(100);
        ledger.MostAtATime.Should().Be(1, "a grain has one activation at a time");
    }

    [Fact]
    public async Task Grains_that_go_on_and_on_give_way_to_others()
    {
        using var host = Build();
        var grains = host.Services.GetRequiredService<IGrainFactory>();
        var spinners = Enumerable.Range(0, 4 * Environment.ProcessorCount).Select(i => grains.GetGrain<ISpinnerGrain>($"{i}")).ToArray();
        foreach (var spinner in spinners)
            await spinner.Start().WaitAsync(_patience);

        for (var i = 0; i < 20; i++)
            await grains.GetGrain<ICounterGrain>($"{i}").Add().WaitAsync(_patience);

        foreach (var spinner in spinners)
            (await spinner.Stop().WaitAsync(_patience)).Should().BePositive();
    }

    [Fact]
    public async Task The_host_starts_and_stops_the_grains()
    {
        using var host = Build();
        await host.StartAsync();
        var grain = host.Services.GetRequiredService<IClusterClient>().GetGrain<ICounterGrain>("c");
        await grain.Add().WaitAsync(_patience);

        await host.StopAsync();

        host.Services.GetRequiredService<EmbeddedCluster>().ActiveGrains().Should().BeEmpty();
        await grain.Invoking(g => g.Add()).Should().ThrowAsync<OrleansMessageRejectionException>();
    }

    [Fact]
    public async Task Wrong_options_stop_the_host_from_starting()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddEmbeddedGrains(options =>
        {
            options.GrainAssemblies.Add(typeof(OnTheThreadPool).Assembly);
            options.ResponseTimeout = TimeSpan.Zero;
        });
        using var host = builder.Build();

        var start = () => host.StartAsync();

        (await start.Should().ThrowAsync<OrleansConfigurationException>()).WithMessage("ResponseTimeout is 00:00:00: it must be more than zero.");
    }

    [Fact]
    public async Task Without_an_assembly_of_grains_the_host_does_not_start()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddEmbeddedGrains(_ => { });
        using var host = builder.Build();

        var start = () => host.StartAsync();

        (await start.Should().ThrowAsync<OrleansConfigurationException>()).WithMessage("GrainAssemblies is empty*");
    }

    private static IHost Build()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton<Ledger>();
        builder.Services.AddSingleton<Script>();
        builder.Services.AddEmbeddedGrains(options => options.GrainAssemblies.Add(typeof(OnTheThreadPool).Assembly));
        return builder.Build();
    }
}

public sealed record CounterTotal(int Count, int Collisions);

public interface ICounterGrain : IGrainWithStringKey
{
    Task Add();

    Task<CounterTotal> Total();
}

/// <summary>Counts without a lock, and notices when two of its turns run at the same time.</summary>
[Reentrant]
public sealed class CounterGrain : Grain, ICounterGrain
{
    public const int Steps = 10;
    private int _count;
    private int _collisions;
    private int _inside;

    public async Task Add()
    {
        for (var i = 0; i < Steps; i++)
        {
            if (Interlocked.Increment(ref _inside) != 1)
                _collisions++;
            var count = _count;
            Thread.SpinWait(20);
            _count = count + 1;
            Interlocked.Decrement(ref _inside);
            await Task.Yield();
        }
    }

    public Task<CounterTotal> Total() => Task.FromResult(new CounterTotal(_count, _collisions));
}

public interface ISpinnerGrain : IGrainWithStringKey
{
    Task Start();

    /// <summary>The number of turns taken.</summary>
    Task<long> Stop();
}

/// <summary>Never has nothing to do.</summary>
public sealed class SpinnerGrain : Grain, ISpinnerGrain
{
    private long _turns;
    private bool _stopped;

    public Task Start()
    {
        _ = SpinAsync();
        return Task.CompletedTask;
    }

    public Task<long> Stop()
    {
        _stopped = true;
        return Task.FromResult(_turns);
    }

    private async Task SpinAsync()
    {
        while (!_stopped)
        {
            _turns++;
            await Task.Yield();
        }
    }
}

public sealed class Ledger
{
    public List<string> Notes { get; } = [];

    public int Lives { get; set; }

    public Dictionary<string, int> Alive { get; } = new(StringComparer.Ordinal);

    public int MostAtATime { get; set; }
}

public interface IMayflyGrain : IGrainWithStringKey
{
    Task Note(string text);
}

/// <summary>Ends itself after a few calls.</summary>
public sealed class MayflyGrain(Ledger ledger) : Grain, IMayflyGrain
{
    private int _calls;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        lock (ledger)
        {
            var key = this.GetPrimaryKeyString();
            ledger.Lives++;
            ledger.Alive[key] = ledger.Alive.GetValueOrDefault(key) + 1;
            ledger.MostAtATime = Math.Max(ledger.MostAtATime, ledger.Alive[key]);
        }

        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await Task.Yield();
        lock (ledger)
            ledger.Alive[this.GetPrimaryKeyString()]--;
    }

    public async Task Note(string text)
    {
        await Task.Yield();
        lock (ledger)
            ledger.Notes.Add(text);
        if (++_calls % 5 == 0)
            DeactivateOnIdle();
    }
}
