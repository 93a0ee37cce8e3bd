using ConvoSynth.Core.Dialogues;
using ConvoSynth.Models;
using Microsoft.Extensions.Time.Testing;

namespace ConvoSynth.Rehearsal.Tests;

public sealed class RehearsalModelTests
{
    private static readonly DialogueOpening Opening = new(new("run", 0, 0), ModelRole.Agent, new(3), LoanTasks.Renew);

    private static ModelRequest Request(object? session, int step) =>
        new()
        {
            Dialogue = Opening.Dialogue,
            Role = ModelRole.Agent,
            Step = step,
            System = "",
            Messages = [],
            Session = session,
        };

    [Fact]
    public async Task A_step_gives_the_same_turn_however_often_it_is_asked_for()
    {
        var model = new RehearsalModel(_ => LoanTasks.Pack);
        var first = await model.Respond(Request(model.Open(Opening), 2), CancellationToken.None);
        var again = await new RehearsalModel(_ => LoanTasks.Pack).Respond(Request(model.Open(Opening), 2), CancellationToken.None);
        again.Message.ToolCalls.Should().Equal(first.Message.ToolCalls);
        again.Message.Content.Should().Be(first.Message.Content);
        first.Model.Should().Be("rehearsal");
        first.Usage.Should().Be(Usage.None);
    }

    [Fact]
    public async Task Past_its_script_it_stays_polite_and_the_human_stops()
    {
        var model = new RehearsalModel(_ => LoanTasks.Pack);
        (await model.Respond(Request(model.Open(Opening), 99), CancellationToken.None)).Message.Content.Should().EndWith("?");
        var human = model.Open(Opening with { Role = ModelRole.Human });
        (await model.Respond(Request(human, 99) with { Role = ModelRole.Human }, CancellationToken.None))
            .Message.Content.Should()
            .Contain("###STOP###");
    }

    [Fact]
    public async Task A_request_without_its_session_is_refused()
    {
        var model = new RehearsalModel(_ => LoanTasks.Pack);
        await FluentActions
            .Awaiting(() => model.Respond(Request(null, 0), CancellationToken.None).AsTask())
            .Should()
            .ThrowAsync<InvalidOperationException>()
            .WithMessage("*not opened*");
    }

    [Fact]
    public async Task Latency_is_waited_on_the_given_clock()
    {
        var time = new FakeTimeProvider();
        var model = new RehearsalModel(_ => LoanTasks.Pack, new() { Latency = TimeSpan.FromSeconds(3) }, time);
        var response = model.Respond(Request(model.Open(Opening), 0), CancellationToken.None).AsTask();
        time.Advance(TimeSpan.FromSeconds(2.9));
        response.IsCompleted.Should().BeFalse();
        time.Advance(TimeSpan.FromSeconds(0.1));
        (await response).Message.Content.Should().NotBeNullOrEmpty();
    }
}
