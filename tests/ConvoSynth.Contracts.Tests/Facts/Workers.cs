using ConvoSynth.Contracts.Tests.Harness;
using ConvoSynth.Contracts.Tests.Probes;

namespace ConvoSynth.Contracts.Tests.Facts;

public abstract class Workers(IRuntimeUnderTest runtime) : Contract(runtime)
{
    [Fact]
    public async Task Workers_share_the_load_up_to_their_number_and_the_rest_waits()
    {
        var (inside, most) = (0, 0);
        var gate = new TaskCompletionSource();
        Script.Steps["work"] = async (probe, _) =>
        {
            var now = Interlocked.Increment(ref inside);
            most = Math.Max(most, now);
            probe.Log.Add("begins");
            await gate.Task;
            Interlocked.Decrement(ref inside);
            return probe.Number.ToString();
        };
        var calls = Enumerable.Range(0, 3 * WorkerProbe.Most).Select(_ => Worker().Do("work")).ToArray();
        await Logged("begins", WorkerProbe.Most);
        await Received(Worker());
        await Later();
        Log.Count("begins").Should().Be(WorkerProbe.Most);

        gate.SetResult();

        var served = await Settle(calls);
        served.Distinct().Should().HaveCount(WorkerProbe.Most);
        most.Should().Be(WorkerProbe.Most);
    }

    [Fact]
    public async Task A_free_worker_serves_before_another_is_made()
    {
        for (var i = 0; i < 5; i++)
            (await Settle(Worker().Do("number"))).Should().Be("1");
    }

    [Fact]
    public async Task Another_worker_serves_while_one_is_busy()
    {
        var gate = Script.Gate("long");
        var busy = Worker().Do("long");
        await Logged("long begins");

        (await Settle(Worker().Do("number"))).Should().Be("2");

        gate.SetResult();
        await Settle(busy);
    }

    [Fact]
    public async Task Interleaving_calls_run_beside_each_other_beyond_the_number_of_workers()
    {
        const int Calls = 3 * WorkerProbe.Most;
        var gate = new TaskCompletionSource();
        Script.Steps["work"] = async (probe, _) =>
        {
            probe.Log.Add("begins");
            await gate.Task;
            return probe.Number.ToString();
        };
        var calls = Enumerable.Range(0, Calls).Select(_ => Worker().Peek("work")).ToArray();
        await Logged("begins", Calls);

        gate.SetResult();

        (await Settle(calls)).Distinct().Count().Should().BeInRange(1, WorkerProbe.Most);
    }

    [Fact]
    public async Task A_worker_serves_one_request_at_a_time()
    {
        var gates = new[] { Script.Gate("first"), Script.Gate("second") };
        Script.Note("next");
        await Settle(Worker().Do("name"));
        var busy = new[] { Worker().Do("first"), Worker().Do("second") };
        await Logged("first begins");
        await Logged("second begins");
        var next = Worker().Do("next");
        await Received(Worker());
        Log.Count("next").Should().Be(0);

        foreach (var gate in gates)
            gate.SetResult();

        await Settle([.. busy, next]);
    }

    [Fact]
    public async Task A_worker_that_fails_to_activate_fails_the_call()
    {
        Script.OnActivate = (probe, _) => probe.Number == 1 ? throw new InvalidDataException("no tools") : Task.CompletedTask;

        (await Failure(Worker().Do("name"))).Should().BeOfType<InvalidDataException>();

        (await Settle(Worker().Do("number"))).Should().Be("2");
    }

    [Fact]
    public async Task A_worker_that_ends_is_replaced()
    {
        await Settle(Worker().Do("end"));
        await Logged("a disposed");

        (await Settle(Worker().Do("number"))).Should().Be("2");
    }
}

[Collection(nameof(OrleansSilo))]
public sealed class WorkersOnASilo(OrleansSilo silo) : Workers(silo);

public sealed class WorkersInTheSimulator(Simulator simulator) : Workers(simulator), IClassFixture<Simulator>;
