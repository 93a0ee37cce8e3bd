using ConvoSynth.Core.Dialogues;
using ConvoSynth.Grains.Campaign;
using ConvoSynth.Grains.Dialogue;
using ConvoSynth.Models;
using ConvoSynth.Runs.Storage;
using ConvoSynth.Simulation.Runtime.Scheduling;
using Orleans.Runtime;

namespace ConvoSynth.Grains.Tests;

/// <summary>
/// Problems that the simulator found: grains that stayed for ever, each with the seed that showed it; also models that are away for a
/// while.
/// </summary>
public sealed class LastWords
{
    private static readonly TimeSpan LongerThanIdleGrainsAreKept = TimeSpan.FromMinutes(40);

    [Fact]
    public void A_partition_whose_last_report_got_no_answer_goes_all_the_same_seed_18()
    {
        var storage = new MemoryStorage();
        var lost = new LostAnswers();
        using var world = new World(storage, new() { Fates = lost });

        Runs.ShouldBeWhole(storage, Setups.Spec, world.Carry(Setups.Spec));
        Wait(world);

        lost.Count.Should().BePositive();
        world.Cluster.ActiveGrains().Should().BeEmpty();
    }

    [Fact]
    public void A_model_that_never_answers_keeps_neither_its_dialogue_nor_its_role_seed_4()
    {
        var storage = new MemoryStorage();
        using var world = new World(
            storage,
            new() { Setup = spec => Setups.Of(spec) is var setup ? setup with { Agent = new Silent(setup.Agent) } : null! }
        );

        var status = world.Carry(Setups.Spec);
        Wait(world);

        Runs.ShouldBeWhole(storage, Setups.Spec, status);
        Runs.Rows(storage)[3].RejectReasons.Should().Equal("TimeoutException: the model did not answer in 00:09:00");
        world.Cluster.ActiveGrains().Should().BeEmpty();
    }

    [Fact]
    public void A_stop_that_an_activation_of_the_campaign_left_behind_leaves_no_index_open_seed_539()
    {
        var (whole, shaken) = (new MemoryStorage(), new MemoryStorage());
        using (var world = new World(whole))
            world.Carry(Setups.Spec);
        World? stopped = null;
        var told = false;
        using var other = stopped = new World(
            shaken,
            new()
            {
                Setup = spec =>
                    Setups.Of(spec) is var setup
                        ? setup with
                        {
                            Agent = new Setups.Watched(setup.Agent, request => Stop(request.Dialogue.Index)),
                        }
                        : null!,
            }
        );

        Runs.ShouldBeWhole(shaken, Setups.Spec, other.Carry(Setups.Spec));

        told.Should().BeTrue();
        Runs.Shards(shaken).Should().Equal(Runs.Shards(whole));

        void Stop(long index)
        {
            if (index != 3 || told)
                return;
            told = true;
            _ = stopped!.Grains.GetGrain<IPartitionGrain>("run/0").Start(new("run", 0, 1) { IsStopping = true });
        }
    }

    [Fact]
    public void Two_activations_of_a_dialogue_do_not_make_its_role_forget_seed_39()
    {
        using var world = new World(new MemoryStorage());
        world.Knows(Setups.Spec);
        var human = world.Grains.GetGrain<ISimulatedHumanGrain>("run/0/0");
        var opening = new RoleOpening(Setups.Spec.RunId, 0, 0, Setups.Sampled(Setups.Spec, 0));

        var first = Reply(0, opening);
        var again = Reply(0, opening); // From the other activation.
        RoleReply[] replies = [first, again, Reply(1, null, Message.Assistant("May I have your card number?")), Reply(0)];

        replies.Should().OnlyContain(r => !r.Forgot && r.Error == null);
        again.Response.Should().Be(first.Response);
        replies[3].Response.Should().Be(first.Response);

        RoleReply Reply(int turn, RoleOpening? first = null, params Message[] heard) =>
            world.Result(human.Reply(new(turn, [.. heard]) { Opening = first }))!;
    }

    [Fact]
    public void A_model_that_is_away_for_a_moment_is_asked_again()
    {
        var (whole, shaken) = (new MemoryStorage(), new MemoryStorage());
        using (var world = new World(whole))
            world.Carry(Setups.Spec);
        var failed = new HashSet<(DialogueKey, int)>();
        using var other = new World(
            shaken,
            new()
            {
                Setup = spec =>
                    Setups.Of(spec) is var setup ? setup with { Agent = new Setups.Watched(setup.Agent, request => Fail(request)) } : null!,
            }
        );

        other.Carry(Setups.Spec);

        failed.Should().HaveCountGreaterThan(100);
        Runs.Shards(shaken).Should().Equal(Runs.Shards(whole));

        void Fail(ModelRequest request)
        {
            if (failed.Add((request.Dialogue, request.Step)))
                throw new TransientModelException("the endpoint is busy");
        }
    }

    [Fact]
    public void A_model_that_stays_away_fails_its_dialogue()
    {
        var storage = new MemoryStorage();
        var asked = 0;
        using var world = new World(
            storage,
            new()
            {
                Setup = spec =>
                    Setups.Of(spec) is var setup
                        ? setup with
                        {
                            Agent = new Setups.Watched(setup.Agent, request => Fail(request.Dialogue.Index)),
                        }
                        : null!,
            }
        );

        world.Carry(Setups.Spec);

        Runs.Rows(storage)[3].RejectReasons.Should().Equal("TransientModelException: the endpoint is busy");
        asked.Should().Be(6, "it is asked again five times");

        void Fail(long index)
        {
            if (index != 3)
                return;
            asked++;
            throw new TransientModelException("the endpoint is busy");
        }
    }

    private static void Wait(World world)
    {
        for (var minutes = 0; minutes < LongerThanIdleGrainsAreKept.TotalMinutes; minutes++)
        {
            world.Steps.Run();
            world.Time.Advance(TimeSpan.FromMinutes(1));
        }

        world.Steps.Run();
    }

    /// <summary>The campaign receives the first four reports of partitions, but the responses are lost.</summary>
    private sealed class LostAnswers : ICallFates
    {
        public int Count { get; private set; }

        public CallFate FateOf(GrainId? sender, GrainId target, string method)
        {
            if (method != "ICampaignGrain.Report" || Count >= 4)
                return CallFate.Deliver;
            Count++;
            return CallFate.LoseResponse;
        }
    }

    private sealed class Silent(IChatModel inner) : IChatModel
    {
        public string Name => inner.Name;

        public object? Open(DialogueOpening opening) => inner.Open(opening);

        public async ValueTask<ModelResponse> Respond(ModelRequest request, CancellationToken cancellationToken)
        {
            if (request is { Dialogue.Index: 3, Step: 1 })
                await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
            return await inner.Respond(request, cancellationToken);
        }
    }
}
