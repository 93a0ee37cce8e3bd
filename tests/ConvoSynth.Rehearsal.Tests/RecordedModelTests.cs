using ConvoSynth.Core.Dialogues;
using ConvoSynth.Models;

namespace ConvoSynth.Rehearsal.Tests;

public sealed class RecordedModelTests
{
    private static readonly ToolCall Odd = new("abc123", "find_member", "{ \"card_no\": \"20317744\",\"surname\":\"Ashby\" }");

    private static RecordedModel Model(params Message[] record) => new(new Dictionary<long, IReadOnlyList<Message>> { [0] = record });

    [Fact]
    public async Task Turns_come_back_verbatim_while_the_environment_answers_for_itself()
    {
        var model = Model(
            new() { Role = MessageRole.System, Content = "policy" },
            Message.User("hi"),
            Message.Assistant("hello"),
            Message.User("I am Ashby, 20317744"),
            Message.Calls(Odd),
            Message.Observation(Odd, "a stale observation"),
            Message.Assistant("found you"),
            Message.User("bye ###STOP###")
        );
        var played = await Playing.Play(LoanTasks.Pack, LoanTasks.Renew, model, model, 1);
        played
            .Messages.Select(m => m.Role)
            .Should()
            .Equal(
                MessageRole.User,
                MessageRole.Assistant,
                MessageRole.User,
                MessageRole.Assistant,
                MessageRole.Tool,
                MessageRole.Assistant,
                MessageRole.User
            );
        played.Messages[3].ToolCalls[0].Should().Be(Odd);
        played.Messages[4].Content.Should().Contain("M1").And.NotContain("stale");
        played.End.Should().Be(DialogueEnd.HumanStop);
    }

    [Fact]
    public async Task A_record_that_breaks_off_ends_the_dialogue_as_such()
    {
        var model = Model(Message.User("hi"), Message.Assistant("hello"));
        (await Playing.Play(LoanTasks.Pack, LoanTasks.Renew, model, model, 1)).End.Should().Be(DialogueEnd.RecordEnd);
    }

    [Fact]
    public void A_dialogue_without_a_record_is_refused_by_its_index()
    {
        FluentActions
            .Invoking(() => Model().Open(new(new("run", 5, 0), ModelRole.Human, new(1), LoanTasks.Renew)))
            .Should()
            .Throw<KeyNotFoundException>()
            .WithMessage("*index 5*");
    }
}
