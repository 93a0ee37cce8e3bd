using ConvoSynth.Core;

namespace ConvoSynth.Rehearsal.Tests.FakeOpenAI;

public sealed class AnswerTests
{
    [Fact]
    public async Task A_request_without_a_script_calls_the_first_tool_and_then_says_what_it_is()
    {
        await using var serving = await Serving.Start();

        var call = (await serving.Post(Bodies.Chat(null, ("tools", Json.List(Bodies.Tool)))))
            .Message["tool_calls"]
            .Items.Should()
            .ContainSingle()
            .Subject["function"];
        var after = await serving.Post(
            Json.Map(
                ("model", "m"),
                ("tools", Json.List(Bodies.Tool)),
                ("messages", Json.List(Json.Map(("role", "tool"), ("tool_call_id", "call00001"), ("content", "{}"))))
            )
        );
        var responses = await serving.Post(Bodies.Responses(null, ("tools", Json.List(Bodies.Tool["function"]))), "/v1/responses");
        var afterResponses = await serving.Post(
            Json.Map(
                ("model", "m"),
                ("tools", Json.List(Bodies.Tool["function"])),
                ("input", Json.List(Json.Map(("type", "function_call_output"), ("call_id", "c"), ("output", "{}"))))
            ),
            "/v1/responses"
        );

        call["name"].Text.Should().Be("find_member");
        Json.Parse(call["arguments"].Text!).Should().Be(Json.Map(("card_no", "xxx"), ("limit", 2)));
        after.Message["content"].Text.Should().Contain("no language model");
        responses.Body["output"].Items.Should().ContainSingle().Which["arguments"].Text.Should().Be("""{"card_no":"xxx","limit":2}""");
        afterResponses.Body["output"].Items[0]["content"].Items[0]["text"].Text.Should().Contain("no language model");
    }

    [Theory]
    [InlineData("human", 0)]
    [InlineData("agent", 0)]
    [InlineData("agent", 2)]
    public async Task A_stream_says_what_the_whole_answer_says(string role, int step)
    {
        await using var serving = await Serving.Start();
        var metadata = Bodies.Metadata(role, step, index: 3);

        var whole = (await serving.Post(Bodies.Chat(metadata))).Body;
        var streamed = await serving.Post(Bodies.Chat(metadata, ("stream", true), ("stream_options", Json.Map(("include_usage", true)))));
        var response = (await serving.Post(Bodies.Responses(metadata), "/v1/responses")).Body;
        var events = (await serving.Post(Bodies.Responses(metadata, ("stream", true)), "/openai/v1/responses"))
            .Events.Select(Json.Parse)
            .ToArray();

        streamed.Type.Should().Be("text/event-stream");
        streamed.Events.Last().Should().Be("[DONE]");
        var chunks = streamed.Events.SkipLast(1).Select(Json.Parse).ToArray();
        var choices = chunks.SelectMany(c => c["choices"].Items).ToArray();
        var message = whole["choices"].Items[0]["message"];
        string.Concat(choices.Select(c => c["delta"]["content"].Text)).Should().Be(message["content"].Text ?? "");
        string.Concat(choices.SelectMany(c => c["delta"]["tool_calls"].Items).Select(c => c["function"]["arguments"].Text))
            .Should()
            .Be(message["tool_calls"].Items is [var call, ..] ? call["function"]["arguments"].Text! : "");
        choices[^1]["finish_reason"].Should().Be(whole["choices"].Items[0]["finish_reason"]);
        chunks[^1]["usage"].Should().Be(whole["usage"]);

        events[^1]["type"].Text.Should().Be("response.completed");
        events[^1]["response"]["usage"].Should().Be(response["usage"]);
        events[^1]["response"]["output"].Items.Select(Said).Should().Equal(response["output"].Items.Select(Said));
        response["output"].Items.Select(Said).Should().Equal(ChatSaid(message));
        string.Concat(
                events
                    .Where(e => e["type"].Text is "response.output_text.delta" or "response.function_call_arguments.delta")
                    .Select(e => e["delta"].Text)
            )
            .Should()
            .Be(string.Concat(response["output"].Items.Select(i => i["arguments"].Text ?? i["content"].Items[0]["text"].Text)));
        events.Select(e => e["sequence_number"].Number).Should().Equal(Enumerable.Range(0, events.Length).Select(i => (double?)i));
    }

    [Fact]
    public async Task Logprobs_cover_the_text_where_they_are_asked_for()
    {
        await using var serving = await Serving.Start();

        var asked = await serving.Post(Bodies.Chat(Bodies.Metadata("human", 0), ("logprobs", true), ("top_logprobs", 2)));
        var not = await serving.Post(Bodies.Chat(Bodies.Metadata("human", 0)));

        var tokens = asked.Body["choices"].Items[0]["logprobs"]["content"].Items;
        string.Concat(tokens.Select(t => t["token"].Text)).Should().Be(asked.Message["content"].Text);
        tokens.Should().OnlyContain(t => t["logprob"].Number < 0 && t["top_logprobs"].Items.Count == 1);
        not.Body["choices"].Items[0]["logprobs"].IsNull.Should().BeTrue();
    }

    [Fact]
    public async Task Questions_that_want_json_get_an_object_of_their_shape()
    {
        await using var serving = await Serving.Start();
        var any = Bodies.Schema(
            """{"type":"object","properties":{"kind":{"type":"string","enum":["b","a"]},"n":{"type":["integer","null"]}"""
                + ""","list":{"type":"array","minItems":1,"items":{"$ref":"#/$defs/x"}}},"required":["kind","n","list"]"""
                + ""","$defs":{"x":{"type":"boolean"}}}"""
        );

        (await Ask("writer", "", any))["instruction"].Text.Should().Contain("You");
        (
            await Ask(
                "human",
                "critique",
                Bodies.Schema("""{"type":"object","properties":{"scores":{"type":"array","minItems":4,"items":{"type":"integer"}}}}""")
            )
        )
            .Should()
            .Be(Json.Parse("""{"scores":[10,9,8,7]}"""));
        (await Ask("agent", "", any)).Should().Be(Json.Parse("""{"kind":"b","n":0,"list":[false]}"""));

        async Task<Json> Ask(string role, string part, Json format) =>
            Json.Parse(
                (await serving.Post(Bodies.Chat(Bodies.Metadata(role, 0, part: part), ("response_format", format))))
                    .Message["content"]
                    .Text!
            );
    }

    [Fact]
    public async Task Usage_counts_prompt_and_answer_and_what_a_prompt_cache_would_have_had()
    {
        await using var serving = await Serving.Start();
        var system = Json.Map(("role", "system"), ("content", new string('p', 6000)));
        var user = Json.Map(("role", "user"), ("content", "Hello"));
        var own = Json.Map(("role", "assistant"), ("content", "Hi"));

        var first = (await serving.Post(Bodies.Chat(Bodies.Metadata("agent", 0)).With("messages", Json.List(system, user)))).Body["usage"];
        var second = (
            await serving.Post(Bodies.Chat(Bodies.Metadata("agent", 1)).With("messages", Json.List(system, user, own, user)))
        ).Body["usage"];

        first["prompt_tokens"].Number.Should().Be((Json.List(system, user).ToString().Length + 3) / 4);
        first["prompt_tokens_details"]["cached_tokens"].Number.Should().Be(0);
        second["prompt_tokens_details"]["cached_tokens"].Number.Should().Be(Math.Floor(first["prompt_tokens"].Number!.Value / 128) * 128);
        second["total_tokens"].Number.Should().Be(second["prompt_tokens"].Number + second["completion_tokens"].Number);
        second["completion_tokens"].Number.Should().BePositive();
    }

    private static string Said(Json item) =>
        $"{item["type"].Text} {item["call_id"].Text} {item["name"].Text} {item["arguments"].Text} {item["content"]}";

    private static IEnumerable<string> ChatSaid(Json message)
    {
        if (message["content"].Text is { } text)
            yield return Said(
                Json.Map(
                    ("type", "message"),
                    (
                        "content",
                        Json.List(
                            Json.Map(("type", "output_text"), ("text", text), ("annotations", Json.List()), ("logprobs", Json.List()))
                        )
                    )
                )
            );
        foreach (var call in message["tool_calls"].Items)
            yield return Said(
                Json.Map(
                    ("type", "function_call"),
                    ("call_id", call["id"]),
                    ("name", call["function"]["name"]),
                    ("arguments", call["function"]["arguments"])
                )
            );
    }
}
