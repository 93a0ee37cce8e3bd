using System.Runtime.CompilerServices;

namespace ConvoSynth.Embedded.Tests;

/// <summary>What runs when.</summary>
public abstract class Turns(bool wire) : IDisposable
{
    private readonly Cluster _cluster = new(wire);

    private Script Script => _cluster.Script;

    [Fact]
    public void The_first_call_activates_the_grain_and_later_calls_find_it()
    {
        var grain = _cluster.Plain("k");

        _cluster.Host.ActiveGrains().Should().BeEmpty();
        _cluster.Result(grain.Do("key")).Should().Be("k");
        _cluster.Result(_cluster.Plain("k").Do("number")).Should().Be("1");
        _cluster.Host.ActiveGrains().Select(id => id.ToString()).Should().Equal("plainprobe/k");
    }

    [Fact]
    public void Every_shape_of_method_answers()
    {
        Script.Note("step");

        _cluster.Result(_cluster.Plain().DoValue("step").AsTask()).Should().Be("step");
        var act = _cluster.Plain().Act("step");
        var actValue = _cluster.Plain().ActValue("step").AsTask();
        _cluster.Run();

        act.IsCompletedSuccessfully.Should().BeTrue();
        actValue.IsCompletedSuccessfully.Should().BeTrue();
        Script.Log.Should().Equal("step", "step", "step");
    }

    [Fact]
    public void Requests_wait_in_order_while_one_awaits()
    {
        var gate = Script.Gate("first");
        Script.Note("second");
        Script.Note("third");
        var calls = new[] { _cluster.Plain().Do("first"), _cluster.Plain().Do("second"), _cluster.Plain().Do("third") };
        _cluster.Run();

        Script.Log.Should().Equal("first begins");

        gate.SetResult();
        _cluster.Run();
        calls.Should().OnlyContain(call => call.IsCompletedSuccessfully);
        Script.Log.Should().Equal("first begins", "first ends", "second", "third");
    }

    [Fact]
    public void An_interleaving_call_runs_while_another_awaits()
    {
        var gate = Script.Gate("long");
        Script.Note("peek");
        var call = _cluster.Plain().Do("long");

        _cluster.Result(_cluster.Plain().Peek("peek")).Should().Be("peek");
        call.IsCompleted.Should().BeFalse();

        gate.SetResult();
        _cluster.Result(call).Should().Be("long");
    }

    [Fact]
    public void An_interleaving_call_passes_requests_that_wait_for_the_activation()
    {
        var activated = new TaskCompletionSource();
        Script.OnActivate = (_, _) => activated.Task;
        var gate = Script.Gate("long");
        Script.Note("next");
        Script.Note("peek");
        var calls = new[] { _cluster.Plain().Do("long"), _cluster.Plain().Do("next"), _cluster.Plain().Peek("peek") };
        _cluster.Run();
        Script.Log.Should().BeEmpty();

        activated.SetResult();
        _cluster.Run();
        Script.Log.Should().Equal("long begins", "peek");

        gate.SetResult();
        _cluster.Run();
        Script.Log.Should().Equal("long begins", "peek", "long ends", "next");
    }

    [Fact]
    public void A_reentrant_grain_starts_requests_while_others_await()
    {
        var gate = Script.Gate("long");
        Script.Note("next");
        var call = _cluster.Reentrant().Do("long");

        _cluster.Result(_cluster.Reentrant().Do("next"));
        gate.SetResult();
        _cluster.Result(call);

        Script.Log.Should().Equal("long begins", "next", "long ends");
    }

    [Fact]
    public void Read_only_calls_run_beside_each_other_but_not_beside_a_write()
    {
        var first = Script.Gate("read 1");
        var second = Script.Gate("read 2");
        Script.Note("write");
        Script.Note("read 3");
        var calls = new[] { _cluster.Plain().Read("read 1"), _cluster.Plain().Read("read 2"), _cluster.Plain().Do("write"), _cluster.Plain().Read("read 3") };
        _cluster.Run();
        Script.Log.Should().Equal("read 1 begins", "read 2 begins");

        first.SetResult();
        _cluster.Run();
        Script.Log.Should().Equal("read 1 begins", "read 2 begins", "read 1 ends");

        second.SetResult();
        _cluster.Run();
        calls.Should().OnlyContain(call => call.IsCompletedSuccessfully);
        Script.Log[^2..].Should().Equal("write", "read 3");
    }

    [Fact]
    public void Awaits_come_back_to_the_activation()
    {
        TaskScheduler? before = null, after = null;
        var gate = new TaskCompletionSource();
        Script.Steps["step"] = async (_, _) =>
        {
            before = TaskScheduler.Current;
            await gate.Task;
            after = TaskScheduler.Current;
            await Task.Yield();
            return (after == TaskScheduler.Current).ToString();
        };
        var call = _cluster.Plain().Do("step");
        _cluster.Run();
        gate.SetResult();
        after.Should().BeNull("the continuation waits for its turn");

        _cluster.Result(call).Should().Be("True");
        before.Should().NotBeSameAs(TaskScheduler.Default);
        after.Should().BeSameAs(before);
    }

    [Fact]
    public void Grains_call_each_other()
    {
        Script.Steps["ask b"] = async (probe, _) => $"b says {await probe.Grains.GetGrain<IPlainProbe>("b").Do("key", default)}";

        _cluster.Result(_cluster.Plain().Do("ask b")).Should().Be("b says b");
    }

    [Fact]
    public void A_grain_awaits_several_calls_together_on_its_own_turns()
    {
        Script.Steps["ask all"] = async (probe, token) =>
        {
            var scheduler = TaskScheduler.Current;
            var answers = await Task.WhenAll(new[] { "b", "c", "d" }.Select(key => probe.Grains.GetGrain<IPlainProbe>(key).Do("key", token))).WaitAsync(token);
            scheduler.Should().BeSameAs(TaskScheduler.Current);
            return string.Concat(answers);
        };
        using var cancel = new CancellationTokenSource();

        _cluster.Result(_cluster.Plain().Do("ask all", cancel.Token)).Should().Be("bcd");
    }

    [Fact]
    public void A_chain_back_into_a_busy_grain_stands_still_until_it_times_out()
    {
        Script.Steps["ask b"] = (probe, _) => probe.Grains.GetGrain<IPlainProbe>("b").Do("ask a", default);
        Script.Steps["ask a"] = (probe, _) => probe.Grains.GetGrain<IPlainProbe>("a").Do("key", default);
        var call = _cluster.Plain("a").Do("ask b");
        _cluster.Run();
        call.IsCompleted.Should().BeFalse();

        _cluster.Advance(TimeSpan.FromSeconds(31));

        _cluster.Failure(call).Should().BeOfType<TimeoutException>();
        _cluster.Result(_cluster.Plain("a").Do("key")).Should().Be("a");
    }

    [Fact]
    public void A_chain_back_into_a_reentrant_grain_goes_through()
    {
        Script.Steps["ask b"] = (probe, _) => probe.Grains.GetGrain<IReentrantProbe>("b").Do("ask a", default);
        Script.Steps["ask a"] = (probe, _) => probe.Grains.GetGrain<IReentrantProbe>("a").Do("key", default);

        _cluster.Result(_cluster.Reentrant("a").Do("ask b")).Should().Be("a");
    }

    [Fact]
    public void Nothing_ambient_flows_from_caller_to_grain()
    {
        var ambient = new AsyncLocal<string?> { Value = "caller's" };
        Script.Steps["step"] = async (_, _) =>
        {
            await Task.Yield();
            return ambient.Value ?? "nothing";
        };
        var call = _cluster.Plain().Do("step");
        ambient.Value = null;

        _cluster.Result(call).Should().Be("nothing");
    }

    [Fact]
    public void An_exception_reaches_the_caller_with_its_type_and_message()
    {
        Script.Steps["at once"] = (_, _) => throw new ArgumentOutOfRangeException("turn", "too late");
        Script.Steps["later"] = async (_, _) =>
        {
            await Task.Yield();
            throw new InvalidOperationException("broken", new FormatException("cause"));
        };

        _cluster.Failure(_cluster.Plain().Do("at once")).Should().BeOfType<ArgumentOutOfRangeException>().Which.Message.Should().Contain("too late");
        var failure = _cluster.Failure(_cluster.Plain().Do("later"));
        failure.Should().BeOfType<InvalidOperationException>().Which.Message.Should().Be("broken");
        failure.InnerException.Should().BeOfType<FormatException>();
        _cluster.Result(_cluster.Plain().Do("number")).Should().Be("1", "a failed call does not end the activation");
    }

    [Fact]
    public void A_grain_that_gives_up_cancels_its_call()
    {
        Script.Steps["step"] = (_, _) => throw new OperationCanceledException("given up");

        var call = _cluster.Plain().Do("step");
        _cluster.Failure(call).Should().BeAssignableTo<OperationCanceledException>();
        call.IsCanceled.Should().BeTrue();
        var awaited = _cluster.Client(async () =>
        {
            try
            {
                return await call;
            }
            catch (OperationCanceledException cancelled)
            {
                return cancelled.Message;
            }
        });
        _cluster.Result(awaited).Should().Be("given up");
    }

    [Fact]
    public void A_sequence_is_enumerated_on_the_grains_turns_even_while_it_is_busy()
    {
        var gate = Script.Gate("long");
        var schedulers = new List<TaskScheduler>();
        Script.Sequences["numbers"] = (_, token) => Numbers(schedulers, token);
        var busy = _cluster.Plain().Do("long");

        _cluster.Result(_cluster.Client(() => Collect(_cluster.Plain().Each("numbers")))).Should().Be("1,2,3");
        schedulers.Distinct().Should().ContainSingle().Which.Should().NotBeSameAs(TaskScheduler.Default);

        gate.SetResult();
        _cluster.Result(busy);
    }

    [Fact]
    public void A_sequence_ends_with_its_activation()
    {
        Script.Sequences["numbers"] = (_, token) => Numbers([], token);
        Script.Steps["end"] = (probe, _) =>
        {
            probe.EndWhenIdle();
            return Task.FromResult("");
        };
        var numbers = _cluster.Plain().Each("numbers").GetAsyncEnumerator();
        _cluster.Result(_cluster.Client(() => numbers.MoveNextAsync().AsTask())).Should().BeTrue();
        _cluster.Result(_cluster.Plain().Do("end"));

        _cluster.Failure(_cluster.Client(() => numbers.MoveNextAsync().AsTask())).Should().BeOfType<Orleans.Runtime.EnumerationAbortedException>();
    }

    [Fact]
    public void A_sequence_stops_when_its_reader_cancels()
    {
        Script.Sequences["never"] = (_, token) => Never(Script.Log, token);
        using var cancel = new CancellationTokenSource();
        var reading = _cluster.Client(() => Collect(_cluster.Plain().Each("never", cancel.Token)));
        _cluster.Run();
        cancel.Cancel();

        _cluster.Failure(reading).Should().BeAssignableTo<OperationCanceledException>();
        Script.Log.Should().Equal("cancelled");
    }

    public void Dispose()
    {
        _cluster.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void A_sequence_that_does_not_listen_is_left_and_disposed_when_its_step_is_over()
    {
        var gate = new TaskCompletionSource();
        Script.Sequences["deaf"] = (_, _) => Deaf(gate.Task, Script.Log);
        using var cancel = new CancellationTokenSource();
        var reading = _cluster.Client(() => Collect(_cluster.Plain().Each("deaf", cancel.Token)));
        _cluster.Run();
        cancel.Cancel();
        _cluster.Failure(reading).Should().BeAssignableTo<OperationCanceledException>();
        Script.Log.Should().BeEmpty();

        gate.SetResult();
        _cluster.Run();

        Script.Log.Should().Equal("disposed the sequence");
    }

    private static async IAsyncEnumerable<string> Deaf(Task gate, List<string> log)
    {
        try
        {
            await gate;
            yield return "";
        }
        finally
        {
            log.Add("disposed the sequence");
        }
    }

    private static async IAsyncEnumerable<string> Numbers(List<TaskScheduler> schedulers, [EnumeratorCancellation] CancellationToken token)
    {
        for (var i = 1; i <= 3; i++)
        {
            token.ThrowIfCancellationRequested();
            await Task.Yield();
            schedulers.Add(TaskScheduler.Current);
            yield return i.ToString();
        }
    }

    private static async IAsyncEnumerable<string> Never(List<string> log, [EnumeratorCancellation] CancellationToken token)
    {
        var never = new TaskCompletionSource();
        try
        {
            await never.Task.WaitAsync(token);
        }
        finally
        {
            log.Add("cancelled");
        }

        yield return "";
    }

    private static async Task<string> Collect(IAsyncEnumerable<string> items)
    {
        var collected = new List<string>();
        await foreach (var item in items)
            collected.Add(item);
        return string.Join(',', collected);
    }
}

public sealed class TurnsInProcess() : Turns(wire: false);

public sealed class TurnsOverTheWire() : Turns(wire: true);
