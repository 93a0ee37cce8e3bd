using ConvoSynth.Contracts.Tests.Harness;
using ConvoSynth.Contracts.Tests.Probes;
using Microsoft.Extensions.DependencyInjection;

namespace ConvoSynth.Contracts.Tests.Facts;

/// <summary>How activations start and end.</summary>
public abstract class Lifecycle(IRuntimeUnderTest runtime) : Contract(runtime)
{
    [Fact]
    public async Task An_activation_is_constructed_then_activated_then_called_then_deactivated_then_disposed()
    {
        Script.OnConstruct = probe => probe.Log.Add("constructed");
        Script.OnActivate = async (probe, _) =>
        {
            await Task.Yield();
            probe.Log.Add("activated");
        };
        Script.OnDeactivate = async (probe, _, _) =>
        {
            await Task.Yield();
            probe.Log.Add("deactivated");
        };
        Script.Steps["end"] = (probe, _) =>
        {
            probe.EndWhenIdle();
            probe.Log.Add("called");
            return Task.FromResult("");
        };

        await Settle(Plain().Do("end"));
        await Logged("a disposed");

        Log.Entries.Should().Equal("constructed", "activated", "called", "deactivated", "a disposed");
    }

    [Fact]
    public async Task All_of_an_activations_life_is_on_its_scheduler()
    {
        var schedulers = new List<TaskScheduler>();
        Script.OnConstruct = _ => schedulers.Add(TaskScheduler.Current);
        Script.OnActivate = Note;
        Script.OnDeactivate = (probe, _, token) => Note(probe, token);
        Script.Steps["end"] = async (probe, token) =>
        {
            await Note(probe, token);
            probe.EndWhenIdle();
            return "";
        };

        await Settle(Plain().Do("end"));
        await Logged("a disposed");

        schedulers.Should().HaveCount(7).And.OnlyContain(s => s == schedulers[0]);

        async Task Note(Probe probe, CancellationToken token)
        {
            schedulers.Add(TaskScheduler.Current);
            await Task.Yield();
            schedulers.Add(TaskScheduler.Current);
        }
    }

    [Fact]
    public async Task A_grain_may_call_others_while_it_is_activated_and_while_it_is_deactivated()
    {
        Script.OnActivate = async (probe, token) =>
        {
            if (probe.Name == "a")
                probe.Log.Add($"activating, {await probe.Other("b").Do("name", token)} answers");
        };
        Script.OnDeactivate = async (probe, _, token) => probe.Log.Add($"deactivating, {await probe.Other("b").Do("name", token)} answers");

        await Settle(Plain().Do("end"));
        await Logged("a disposed");

        Log.Entries.Should().Equal("activating, b answers", "deactivating, b answers", "a disposed");
    }

    [Fact]
    public async Task A_failing_activation_rejects_what_waits_and_the_next_call_activates_anew()
    {
        var activating = new TaskCompletionSource();
        Script.OnActivate = (probe, _) =>
        {
            if (probe.Name != "a" || probe.Number > 1)
                return Task.CompletedTask;
            probe.Log.Add("activating");
            return activating.Task;
        };
        var calls = new[] { Plain().Do("name"), Plain().Peek("name") };
        await Logged("activating");
        await Later();
        activating.SetException(new InvalidDataException("no journal"));

        foreach (var call in calls)
            (await Failure(call)).Should().BeOfType<InvalidDataException>().Which.Message.Should().Be("no journal");

        (await Settle(Plain().Do("number"))).Should().Be("2");
    }

    [Fact]
    public async Task An_activation_that_fails_is_not_deactivated_but_disposed()
    {
        Script.OnActivate = (_, _) => throw new InvalidDataException("no journal");
        Script.OnDeactivate = (probe, _, _) =>
        {
            probe.Log.Add("deactivated");
            return Task.CompletedTask;
        };

        (await Failure(Plain().Do("name"))).Should().BeOfType<InvalidDataException>();
        await Logged("a disposed");

        Log.Entries.Should().Equal("a disposed");
    }

    [Fact]
    public async Task A_failing_constructor_rejects_the_call_and_the_next_call_constructs_anew()
    {
        Script.OnConstruct = probe =>
        {
            if (probe.Number == 1)
                throw new InvalidDataException("no luck");
        };

        var failure = await Failure(Plain().Do("name"));

        failure.ToString().Should().Contain("no luck");
        (await Settle(Plain().Do("number"))).Should().Be("2");
    }

    [Fact]
    public async Task Services_with_a_scope_live_as_long_as_the_activation()
    {
        Script.Steps["take"] = (probe, _) =>
        {
            var service = probe.Services.GetRequiredService<Scoped>();
            service.Log = probe.Log;
            return Task.FromResult(ReferenceEquals(service, probe.Services.GetRequiredService<Scoped>()).ToString());
        };

        (await Settle(Plain().Do("take"))).Should().Be("True");
        await Settle(Plain().Do("end"));
        await Logged("scope ended");

        Log.Entries.Should().Equal("a disposed", "scope ended");
    }
}

[Collection(nameof(OrleansSilo))]
public sealed class LifecycleOnASilo(OrleansSilo silo) : Lifecycle(silo);

public sealed class LifecycleInTheSimulator(Simulator simulator) : Lifecycle(simulator), IClassFixture<Simulator>;
