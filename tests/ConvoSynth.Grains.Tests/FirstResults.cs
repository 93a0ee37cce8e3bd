using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Grains.Dialogue;
using ConvoSynth.Grains.Rows;
using ConvoSynth.Runs.Setups;
using ConvoSynth.Runs.Storage;
using ConvoSynth.Verification.Verifiers;

namespace ConvoSynth.Grains.Tests;

/// <summary>Of several results of one attempt, the sink keeps the first and says what follows from it.</summary>
public sealed class FirstResults : IDisposable
{
    private static readonly RunSpec Spec = Setups.Spec with { FaultRate = 0 };

    private static readonly Verdict OfHuman = new()
    {
        Stage = "test",
        Check = "human",
        Kind = CheckKind.Exact,
        Outcome = Outcome.Fail,
        Fault = Fault.Human,
    };

    private readonly World _world = new(new MemoryStorage());
    private readonly ISinkGrain _sink;
    private readonly long _epoch;

    public FirstResults()
    {
        _world.Knows(Spec);
        _sink = _world.Grains.GetGrain<ISinkGrain>("run/0");
        _epoch = _world.Result(_sink.Open(new("run", 0, 1)))!.Epoch;
    }

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task A_partition_that_gives_up_a_dialogue_hears_that_its_result_asked_for_another_attempt()
    {
        Append(await Spoiled(attempt: 0)).Consequence.Should().Be(Consequence.TryAgain);

        var givenUp = Append(Failed(attempt: 0));

        givenUp.Consequence.Should().Be(Consequence.TryAgain, "the sink waits for the next attempt");
        givenUp.Next.Should().Be(0);
        Append(Failed(attempt: 1)).Should().Match<SinkReceipt>(r => r.Consequence == Consequence.Stand && r.Next == 1);
    }

    [Fact]
    public async Task A_result_that_comes_after_its_dialogue_was_given_up_changes_nothing()
    {
        Append(Failed(attempt: 0)).Next.Should().Be(1);

        Append(await Spoiled(attempt: 0)).Should().Match<SinkReceipt>(r => r.Consequence == Consequence.Stand && r.Next == 1);

        _world.Result(_sink.Count(_epoch))!.Written!.Rows.Failed.Should().Be(1);
    }

    [Fact]
    public async Task A_result_of_an_earlier_owner_is_refused()
    {
        _world.Result(_sink.Open(new("run", 0, 1) { Owner = 2 }));

        Append(await Spoiled(attempt: 0)).Answer.Should().Be(SinkAnswer.OtherOwner);
    }

    private SinkReceipt Append(DialogueResult result) => _world.Result(_sink.Append(result))!;

    private DialogueResult Failed(int attempt) =>
        new()
        {
            Index = 0,
            Attempt = attempt,
            Epoch = _epoch,
            Error = "it never reported",
        };

    private async Task<DialogueResult> Spoiled(int attempt)
    {
        var finished = await DialogueRunner.Run(Setups.Of(Spec), 0, attempt, Setups.Sampled(Spec, 0), CancellationToken.None);
        var trajectory = finished.Trajectory! with { Verdicts = [.. finished.Trajectory!.Verdicts, OfHuman] };
        return Failed(attempt) with { Trajectory = trajectory, Error = null };
    }
}
