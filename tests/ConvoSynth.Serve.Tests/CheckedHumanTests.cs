using ConvoSynth.Core.Dialogues;
using ConvoSynth.Models;
using ConvoSynth.Runs.Setups;
using ConvoSynth.Serve.Episodes;
using ConvoSynth.Serve.Rewards;
using ConvoSynth.Serve.Tasks;
using Microsoft.Extensions.Time.Testing;

namespace ConvoSynth.Serve.Tests;

/// <summary>Episodes whose human is a model that may write anything, or nothing.</summary>
public sealed class CheckedHumanTests
{
    [Fact]
    public async Task An_unfit_message_is_asked_for_again_and_never_sent()
    {
        var model = new Scripted("", "I want place_hold for my book.", "Hello, I need a book.");
        using var environment = await With(model, new FakeTimeProvider());

        var episode = await Episode.Begin(environment, environment.Tasks.All[0], null, CancellationToken.None);

        episode.Opening.Should().Be("Hello, I need a book.");
        model.Asked.Should().Be(3);
        episode.IsDone.Should().BeFalse();
    }

    [Fact]
    public async Task A_human_who_stays_unfit_ends_the_episode_without_a_reward()
    {
        using var environment = await With(new Scripted([.. Enumerable.Repeat("", 20)]), new FakeTimeProvider());

        var episode = await Episode.Begin(environment, environment.Tasks.All[0], null, CancellationToken.None);

        episode.IsDone.Should().BeTrue();
        episode.Reward!.Value.Should().BeNull();
        episode.Reward.Excluded.Should().StartWith("endpoint: ").And.Contain("is empty");
    }

    [Fact]
    public async Task A_human_who_does_not_answer_in_time_ends_the_episode_without_a_reward()
    {
        var time = new FakeTimeProvider();
        using var environment = await With(new Silent(), time);

        var begun = Episode.Begin(environment, environment.Tasks.All[0], null, CancellationToken.None).AsTask();
        begun.IsCompleted.Should().BeFalse();
        time.Advance(CheckedHuman.Patience);
        var episode = await begun;

        episode.Reward!.Excluded.Should().Contain("45 s");
    }

    [Fact]
    public async Task An_opening_that_the_agent_has_read_already_is_kept()
    {
        var model = new Scripted("never asked", "And a second thing.");
        using var environment = await With(model, new FakeTimeProvider());

        var episode = await Episode.Begin(environment, environment.Tasks.All[0], "Good day.", CancellationToken.None);
        var answer = await episode.Say("What can I do for you?", CancellationToken.None);

        episode.Opening.Should().Be("Good day.");
        answer.Text.Should().Be("never asked");
    }

    private static async Task<ServedEnvironment> With(IChatModel model, TimeProvider time)
    {
        var environment = await ServedEnvironment.Load(
            Served.Library with
            {
                Count = 1,
            },
            RewardRule.Exact,
            TimeProvider.System,
            CancellationToken.None
        );
        RunSetup setup = environment.Setup;
        environment.Human.Should().Be(HumanKind.Rehearsal);
        return environment.WithHuman(new CheckedHuman(model, setup.PackOf, time, CheckedHuman.Patience));
    }

    private sealed class Scripted(params string[] lines) : IChatModel
    {
        public string Name => "scripted";

        public int Asked { get; private set; }

        public ValueTask<ModelResponse> Respond(ModelRequest request, CancellationToken cancellationToken) =>
            new(new ModelResponse { Message = Message.Assistant(lines[Asked++]), Model = Name });
    }

    private sealed class Silent : IChatModel
    {
        public string Name => "silent";

        public async ValueTask<ModelResponse> Respond(ModelRequest request, CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            throw new InvalidOperationException("it waits for ever");
        }
    }
}
