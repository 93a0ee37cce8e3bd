using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Models.Endpoints;
using ConvoSynth.Models.Protocols;

namespace ConvoSynth.Models.Tests;

/// <summary>Servers that drop the beginning of a prompt without an error.</summary>
public sealed class WholePromptTests
{
    [Theory]
    [InlineData("agent", 3900, 1, 4000, 2051, 0, true)]
    [InlineData("human", 3900, 1, 4000, 2051, 0, true)]
    [InlineData("judge:local", 3900, 1, 4000, 2051, 0, false)] // A judge's next question may be shorter.
    [InlineData("agent", 3900, 1, 3000, 2051, 0, false)] // A prompt becomes shorter if reasoning is no longer sent.
    [InlineData("agent", 3900, 1, 4000, 3500, 0, false)]
    [InlineData("agent", 3900, 1, 4000, 300, 300, false)] // Some servers leave cached tokens out of the count.
    [InlineData("agent", 3900, 1, 4000, 0, 0, false)]
    [InlineData("agent", 3900, 2, 4000, 2051, 0, false)] // Another dialogue.
    [InlineData("agent", 300, 1, 4000, 100, 0, false)]
    public async Task A_count_that_falls_although_the_prompt_has_grown_means_a_prompt_that_is_too_long(
        string role,
        int first,
        int index,
        int estimate,
        int second,
        int cached,
        bool isCut
    )
    {
        var endpoint = new WholePromptEndpoint(
            new ScriptedEndpoint(Endpoints.Spec(), r => Counted(r, first, 0), r => Counted(r, second, cached))
        );

        await endpoint.Send(Request(role, 1, 0, 3800), default);
        var response = await endpoint.Send(Request(role, index, 1, estimate), default);

        response.IsRefusal.Should().Be(isCut);
        ChatProtocols
            .Of(EndpointProtocol.Chat)
            .Read(Endpoints.Spec(), response.Body)
            .Finish.Should()
            .Be(isCut ? FinishReason.ContextLength : FinishReason.Stop);
    }

    private static EndpointResponse Counted(EndpointRequest request, int tokens, int cached) =>
        ScriptedEndpoint.Answer(request) with
        {
            Usage = new(tokens, cached, 20, 0),
        };

    private static EndpointRequest Request(string role, int index, int step, int tokens) =>
        Endpoints.Request(input: tokens) with
        {
            Key = new(new("run", index, 0), role, step),
        };
}
