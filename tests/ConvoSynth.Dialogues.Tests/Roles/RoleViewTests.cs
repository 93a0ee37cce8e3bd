using ConvoSynth.Core;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Dialogues.Roles;
using ConvoSynth.Models;
using ConvoSynth.Verification.Tests;

namespace ConvoSynth.Dialogues.Tests;

/// <summary>The messages that a role's model is sent: without any part for which an endpoint would refuse the whole request.</summary>
public sealed class RoleViewTests
{
    [Fact]
    public async Task Calls_of_a_human_which_nothing_answers_are_not_sent_again_and_those_of_an_agent_are()
    {
        var call = new ToolCall("c1", "find_member", "{}");
        var called = Candidates.Said("One moment.", FinishReason.ToolCalls);
        called = called with { Message = called.Message with { ToolCalls = [call], Reasoning = new("m", Json.List("x"), null) } };
        async Task<Message> Own(ModelRole role)
        {
            var model = new Candidates(called);
            var view = View(model, role);
            view.Heard(Message.User("Hi."));
            (await view.Speak(default)).Should().BeSameAs(called);
            return model.Asked[0].Request.Messages[1];
        }

        (await Own(ModelRole.Human)).Should().Be(Message.Assistant("One moment."));
        (await Own(ModelRole.Agent)).Should().Be(called.Message);
    }

    private static RoleView View(IChatModel model, ModelRole role) =>
        new(model, new(new("run", 0, 0), role, new(1), Tasks.Renewal), "system", []);
}
