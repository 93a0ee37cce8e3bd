using System.Text;
using ConvoSynth.Core;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Models.Losses;
using ConvoSynth.Rehearsal.FakeOpenAI;
using ConvoSynth.Runs.Rows;
using ConvoSynth.Runs.Usefulness;

namespace ConvoSynth.Runs.Tests.Usefulness;

/// <summary>Whether a call makes what follows likelier, to the small language model of the test endpoint.</summary>
public sealed class CallLossTests
{
    private const double Threshold = 0.5;

    [Fact]
    public async Task A_result_that_the_agent_passes_on_is_useful_and_one_of_which_it_says_nothing_is_not()
    {
        await using var server = await EndpointServer.Start(
            new(),
            (domain, _) => throw new IOException(domain),
            [],
            TimeProvider.System,
            CancellationToken.None
        );
        var spec = new EndpointSpec
        {
            Name = "lm",
            Provider = EndpointProvider.OpenAICompatible,
            Model = "m",
            Url = new Uri(server.Url, "v1").ToString(),
        };
        using var losses = new PromptLosses(spec, new(), TimeProvider.System);

        var calls = await CallLosses.Of(
            Row(
                ("user", "When do I have to bring my book back?"),
                ("call", "get_loan"),
                ("tool", """{"title":"The Heron on Quarry Hill","due":"Wednesday, March 14, 2031"}"""),
                ("assistant", "The Heron on Quarry Hill is due on Wednesday, March 14, 2031."),
                ("user", "Fine, thanks."),
                ("call", "get_opening_hours"),
                ("tool", """{"zq":918273645,"kx":[17,29,31],"vv":"0x7F"}"""),
                ("assistant", "You are welcome, goodbye!")
            ),
            losses,
            CancellationToken.None
        );

        calls
            .Select(c => (c.Row, c.Message, c.Tool, c.Needed))
            .Should()
            .Equal(("r-1", 2, "get_loan", true), ("r-1", 6, "get_opening_hours", false));
        calls[0].Gain.Should().BeGreaterThan(Threshold);
        calls[1].Gain.Should().BeLessThan(Threshold);
        calls[0].Whole.Should().BeLessThan(calls[0].Without).And.BeLessThan(calls[0].CallOnly);
        calls[0].CallOnly.Should().NotBe(calls[0].Without, "the call alone is a beginning of its own");
    }

    [Fact]
    public void A_beginning_leaves_out_one_call_with_its_result_and_nothing_else()
    {
        var messages = Trajectories.RowConversationOf(
            Row(("user", "Both?"), ("call", "a"), ("tool", "one"), ("call", "b"), ("tool", "two"), ("assistant", "Yes."))
        );

        var texts = CallTexts.Of(messages, 1, messages[1].ToolCalls[0])!;

        texts.Following.Should().Be(" Yes.");
        texts.Without.Should().Be("user: Both?\ncall: b {\"n\":3}\nresult: two\nassistant:");
        texts.CallOnly.Should().Be("user: Both?\ncall: a {\"n\":1}\ncall: b {\"n\":3}\nresult: two\nassistant:");
        texts.Whole.Should().Be("user: Both?\ncall: a {\"n\":1}\nresult: one\ncall: b {\"n\":3}\nresult: two\nassistant:");
        CallTexts.Of(messages.RemoveAt(messages.Length - 1), 1, messages[1].ToolCalls[0]).Should().BeNull();
    }

    private static ShardRow Row(params (string Role, string Text)[] said)
    {
        var messages = new List<Json> { Json.Map(("role", "system"), ("content", "Be kind.")) };
        var meta = new List<string> { """{"train":false}""" };
        for (var i = 0; i < said.Length; i++)
        {
            var (role, text) = said[i];
            messages.Add(
                role switch
                {
                    "call" => Json.Map(
                        ("role", "assistant"),
                        (
                            "tool_calls",
                            Json.List(
                                Json.Map(
                                    ("id", $"c{i}"),
                                    ("type", "function"),
                                    ("function", Json.Map(("name", text), ("arguments", Json.Map(("n", i)))))
                                )
                            )
                        )
                    ),
                    "tool" => Json.Map(("role", "tool"), ("tool_call_id", $"c{i - 1}"), ("content", text)),
                    _ => Json.Map(("role", role), ("content", text)),
                }
            );
            meta.Add(role == "call" ? $$"""{"train":true,"needed":[{{(i == 1 ? "true" : "false")}}]}""" : """{"train":true}""");
        }

        return new()
        {
            Id = "r-1",
            Messages = [.. messages.Select(m => Bytes(m.ToString()))],
            MessageMeta = [.. meta.Select(Bytes)],
        };
    }

    private static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static class Trajectories
    {
        public static System.Collections.Immutable.ImmutableArray<Core.Dialogues.Message> RowConversationOf(ShardRow row) =>
            Runs.Trajectories.RowConversation.Of(row, []).Messages;
    }
}
