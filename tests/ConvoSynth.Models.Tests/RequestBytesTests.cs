using System.Text;
using ConvoSynth.Core;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Models.Protocols;

namespace ConvoSynth.Models.Tests;

/// <summary>
/// A request with every field, byte for byte: the journal identifies requests by their hash, so a changed byte makes another request.
/// </summary>
public sealed class RequestBytesTests
{
    private static readonly ToolDefinition Free = new(
        "free",
        "Takes \"anything\".",
        Json.Parse("""{"type":"object","properties":{"filter":{"type":"object"}},"required":["filter"]}""")
    );

    private static readonly EndpointSpec Spec = Endpoints.Spec() with
    {
        Provider = EndpointProvider.OpenAI,
        Url = null,
        KeyVariable = "KEY",
        StrictTools = true,
        ParallelToolCalls = false,
        Temperature = 0.5,
        ReasoningEffort = "low",
        ReasoningInRows = true,
        ReasoningEcho = ReasoningEcho.Always,
        ServiceTier = "flex",
        PromptCacheKey = "run-7",
        MaxOutputTokens = 99,
        Body = Json.Parse("""{"top_p":0.9,"seed":5}"""),
    };

    private static readonly Prompt Prompt = new()
    {
        System = "Be good – «now».",
        Messages =
        [
            Message.User("hi"),
            Message.Calls(new("c1", "cancel_order", """{"order_id": "W1"}"""), new("c2", "no.tool", "{broken")) with
            {
                Content = "One moment.",
            },
            Message.Observation(new("c1", "cancel_order", ""), "done"),
            Message.Observation(new("c2", "no.tool", ""), ""),
            Message.Assistant("It is done."),
            Message.User("thanks"),
        ],
        Tools = [Endpoints.Tool, Free],
        Answer = new("verdict", Json.Parse("""{"type":"object"}""")),
        Metadata = [new("convosynth_run", "r/1"), new("convosynth_part", "")],
    };

    private const string Strict =
        """{"type":"object","properties":{"order_id":{"type":"string"},"reason":{"type":["string","null"],"enum":["a","b",null]}}"""
        + ""","required":["order_id","reason"],"additionalProperties":false}""";

    private const string Open = """{"type":"object","properties":{"filter":{"type":"object"}},"required":["filter"]}""";

    [Fact]
    public void Of_chat_completions()
    {
        var thought = Message.Assistant("It is done.") with
        {
            Reasoning = new("local", Json.Map(("reasoning_content", "hm"), ("reasoning_details", Json.List(1))), "hm"),
        };

        Written(EndpointProtocol.Chat, thought)
            .Should()
            .Be(
                string.Concat(
                    """{"model":"m-1","tools":[{"type":"function","function":"""
                        + """{"name":"cancel_order","description":"Cancels an order.","parameters":""",
                    Strict,
                    ""","strict":true}},""",
                    """{"type":"function","function":{"name":"free","description":"Takes \"anything\".","parameters":""",
                    Open,
                    """}}],"parallel_tool_calls":false,""",
                    """ "messages":[{"role":"system","content":"Be good – «now»."},{"role":"user","content":"hi"},""".TrimStart(),
                    """{"role":"assistant","content":"One moment.","tool_calls":[{"id":"c1","type":"function","function":"""
                        + """{"name":"cancel_order","arguments":"{\"order_id\": \"W1\"}"}},""",
                    """{"id":"c2","type":"function","function":{"name":"no_tool","arguments":"{broken"}}]}"""
                        + """,{"role":"tool","tool_call_id":"c1","content":"done"},{"role":"tool","tool_call_id":"c2","content":""},""",
                    """{"role":"assistant","content":"It is done.","reasoning_content":"hm","reasoning_details":[1]}"""
                        + """,{"role":"user","content":"thanks"}],""",
                    (
                        """ "response_format":{"type":"json_schema","json_schema":{"name":"verdict","strict":true,"schema":"""
                        + """{"type":"object"}}},"max_completion_tokens":99,"temperature":0.5,"""
                    ).TrimStart(),
                    (
                        """ "reasoning_effort":"low","service_tier":"flex","prompt_cache_key":"run-7","metadata":"""
                        + """{"convosynth_run":"r/1","convosynth_part":""},"top_p":0.9,"seed":5}"""
                    ).TrimStart()
                )
            );
    }

    [Fact]
    public void Of_responses()
    {
        var thought = Message.Assistant("It is done.") with
        {
            Reasoning = new("local", Json.Parse("""[{"type":"reasoning","id":"rs_1"},{"type":"message","content":[]}]"""), null),
        };

        Written(EndpointProtocol.Responses, thought)
            .Should()
            .Be(
                string.Concat(
                    """{"model":"m-1","instructions":"Be good – «now».","tools":["""
                        + """{"type":"function","name":"cancel_order","description":"Cancels an order.","parameters":""",
                    Strict,
                    ""","strict":true},""",
                    """{"type":"function","name":"free","description":"Takes \"anything\".","parameters":""",
                    Open,
                    ""","strict":false}],"parallel_tool_calls":false,""",
                    """ "input":[{"role":"user","content":"hi"},{"role":"assistant","content":"One moment."},""".TrimStart(),
                    """{"type":"function_call","call_id":"c1","name":"cancel_order","arguments":"{\"order_id\": """
                        + """\"W1\"}"},{"type":"function_call","call_id":"c2","name":"no_tool","arguments":"{broken"},""",
                    """{"type":"function_call_output","call_id":"c1","output":"done"}"""
                        + """,{"type":"function_call_output","call_id":"c2","output":""},""",
                    """{"type":"reasoning","id":"rs_1"},{"type":"message","content":[]},{"role":"user","content":"thanks"}],""",
                    (
                        """ "text":{"format":{"type":"json_schema","name":"verdict","strict":true,"schema":{"type":"object"}}}"""
                        + ""","max_output_tokens":99,"temperature":0.5,"reasoning":{"effort":"low","summary":"auto"},"""
                    ).TrimStart(),
                    (
                        """ "service_tier":"flex","prompt_cache_key":"run-7","store":false,"include":["reasoning.encrypted_content"]"""
                        + ""","metadata":{"convosynth_run":"r/1","convosynth_part":""},"top_p":0.9,"seed":5}"""
                    ).TrimStart()
                )
            );
    }

    private static string Written(EndpointProtocol protocol, Message thought) =>
        Encoding.UTF8.GetString(
            ChatProtocols
                .Of(protocol)
                .Write(Spec, Prompt with { Messages = [.. Prompt.Messages.Select(m => m.Content == thought.Content ? thought : m)] })
                .Span
        );
}
