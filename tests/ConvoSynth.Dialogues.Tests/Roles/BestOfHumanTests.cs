using ConvoSynth.Core.Dialogues;
using ConvoSynth.Dialogues.Roles;
using ConvoSynth.Models;
using ConvoSynth.Verification.Tests;

namespace ConvoSynth.Dialogues.Tests;

public sealed class BestOfHumanTests
{
    [Fact]
    public async Task The_candidate_with_the_highest_score_is_said_and_all_calls_are_told()
    {
        var model = new Candidates(Candidates.Said("One."), Candidates.Said("Two."), Candidates.Said("Three."), Candidates.Said("Four."));
        var critic = new Answering("""{"scores":[3,9,9,0]}""");

        var said = await Speak(model, critic, 4);

        said.Message.Content.Should().Be("Two.", "of equals the first is said");
        model.Asked.Select(a => a.Part).Should().Equal("candidate-1", "candidate-2", "candidate-3", "candidate-4");
        model.Asked.Should().OnlyContain(a => (string?)a.Request.Session == "inner");
        critic.Asked.Should().ContainSingle().Which.Key.ToString().Should().Be("run/0/0/human/1/critique");
        critic
            .Asked[0]
            .User.Should()
            .Contain("2. Two.")
            .And.Contain("Which card?")
            .And.Contain(Tasks.Renewal.Instruction)
            .And.NotContain(ShippedPrompts.Set.HumanOpening);
        said.Calls.Should().HaveCount(5);
        said.Usage.Should().Be(new Usage(300, 0, 30, 0));
        said.Note.Should().Be("candidate 2 of 4; scores 1: 3, 2: 9, 3: 9, 4: 0");
    }

    [Fact]
    public async Task What_could_only_spoil_the_dialogue_is_put_aside_before_scores_are_asked_for()
    {
        var model = new Candidates(
            Candidates.Said("  "),
            Candidates.Said("My PIN is 7720000001."),
            Candidates.Said("Use find_member."),
            Candidates.Said("Hi, I would li", FinishReason.Length),
            Candidates.Said("Fine."),
            Candidates.Said("Good.")
        );
        var critic = new Answering("""{"scores":[1,2]}""");

        (await Speak(model, critic, 6)).Message.Content.Should().Be("Good.");

        critic.Asked[0].User.Should().Contain("1. Fine.\n2. Good.").And.NotContain("7720000001");
    }

    [Theory]
    [InlineData(FinishReason.Refusal, "declines to play the part")]
    [InlineData(FinishReason.ContentFilter, "is cut off")]
    [InlineData(FinishReason.Length, "is cut off")]
    [InlineData(FinishReason.ToolCalls, "calls a tool")]
    public async Task A_candidate_that_is_no_message_of_the_humans_own_is_put_aside(FinishReason finish, string slip)
    {
        var critic = new Answering("{}");

        (await Speak(new(Candidates.Said("I can't assist with that.", finish), Candidates.Said("Good.")), critic, 2))
            .Message.Content.Should()
            .Be("Good.");
        (await Speak(new(Candidates.Said("One.", finish), Candidates.Said("Two.", finish)), critic, 2)).Note.Should().EndWith(slip);
        critic.Asked.Should().BeEmpty();
    }

    [Fact]
    public async Task What_the_agent_has_said_itself_is_no_leak()
    {
        var model = new Candidates(Candidates.Said("Yes, 7720000001."), Candidates.Said("  "));

        (await Speak(model, new Answering("{}"), 2, "Is your PIN 7720000001?")).Message.Content.Should().Be("Yes, 7720000001.");
    }

    [Fact]
    public async Task Nobody_is_asked_where_there_is_nothing_to_choose()
    {
        var critic = new Answering("{}");

        (await Speak(new(Candidates.Said("Same."), Candidates.Said(" Same. ")), critic, 2)).Message.Content.Should().Be("Same.");
        var unfit = await Speak(new(Candidates.Said(""), Candidates.Said("")), critic, 2);

        unfit.Message.Content.Should().BeEmpty();
        unfit.Note.Should().Be("none of 2 candidates is fit; the first is empty");
        critic.Asked.Should().BeEmpty();
    }

    [Fact]
    public async Task Where_no_scores_that_will_do_come_back_the_first_fit_candidate_stands_and_the_note_says_so()
    {
        var critic = new Answering("""{"scores":[3]}""", """{"scores":[3,11]}""", """{"scores":[3,1.5]}""");

        var said = await Speak(new(Candidates.Said(""), Candidates.Said("Two."), Candidates.Said("Three.")), critic, 3);

        said.Message.Content.Should().Be("Two.");
        said.Note.Should().StartWith("candidate 2 of 3: not scored, since the critique would not do");
        critic.Problems.Should().HaveCount(3).And.Contain("there are 1 scores; 2 candidates were given, and each gets one");
        said.Calls.Should().HaveCount(6);
    }

    [Fact]
    public void One_candidate_is_no_choice()
    {
        var making = () => Best(new Candidates(), new Answering("{}"), 1);

        making.Should().Throw<ArgumentOutOfRangeException>().WithMessage("*from 2 to 16*");
    }

    private static BestOfHuman Best(Candidates model, Answering critic, int count) =>
        new(model, model.Respond, critic, ShippedPrompts.Set, _ => TestPacks.Loans, count);

    private static async Task<ModelResponse> Speak(Candidates model, Answering critic, int count, string agent = "Which card?")
    {
        var best = Best(model, critic, count);
        var key = new DialogueKey("run", 0, 0);
        return await best.Respond(
            new()
            {
                Dialogue = key,
                Role = ModelRole.Human,
                Step = 1,
                System = "s",
                Messages = [Message.User(ShippedPrompts.Set.HumanOpening), Message.Assistant("I want to renew Dune."), Message.User(agent)],
                Session = best.Open(new(key, ModelRole.Human, new(1), Tasks.Renewal)),
            },
            default
        );
    }
}
