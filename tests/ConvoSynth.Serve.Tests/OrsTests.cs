using System.Net.Http.Json;
using System.Text.Json;
using ConvoSynth.Serve.Ors;

namespace ConvoSynth.Serve.Tests;

public sealed class OrsTests
{
    [Fact]
    public async Task Tasks_are_flat_have_the_same_keys_and_tell_nothing_of_the_solution()
    {
        await using var served = await Served.Start();

        var (_, names) = await served.Get("/list_environments");
        var (_, body) = await served.Post("/library/tasks", new { split = "train" });
        var (_, range) = await served.Post("/library/task_range", new { split = "train", start = -2 });
        var (_, one) = await served.Post("/library/task", new { split = "train", index = 11 });

        names.EnumerateArray().Select(n => n.GetString()).Should().Equal("library");
        var tasks = body.GetProperty("tasks").EnumerateArray().ToArray();
        tasks.Should().HaveCount(12);
        tasks.Select(t => string.Join(',', t.EnumerateObject().Select(f => f.Name))).Distinct().Should().ContainSingle();
        tasks.SelectMany(t => t.EnumerateObject()).Should().OnlyContain(f => f.Value.ValueKind != JsonValueKind.Object);
        range.GetProperty("tasks").EnumerateArray().Select(t => t.GetProperty("index").GetInt32()).Should().Equal(10, 11);
        one.GetProperty("task").GetProperty("task_id").GetString().Should().Be(tasks[11].GetProperty("task_id").GetString());
    }

    [Theory]
    [InlineData("/bakery/num_tasks", """{"split":"train"}""", 404)]
    [InlineData("/library/num_tasks", """{"split":"test"}""", 400)]
    [InlineData("/library/num_tasks", """{}""", 422)]
    [InlineData("/library/task", """{"split":"train","index":12}""", 400)]
    [InlineData("/library/task", """{"split":"train"}""", 422)]
    [InlineData("/library/task", """{"split":"train","index":1,"more":2}""", 422)]
    [InlineData("/create", """{"split":"train","index":0}""", 400)]
    [InlineData("/library/call", """{"name":"a","input":{}}""", 400)]
    public async Task What_ors_refuses_is_refused_with_its_status_and_a_detail(string path, string body, int status)
    {
        await using var served = await Served.Start();

        var answer = await served.Post(path, JsonElement.Parse(body));

        answer.Status.Should().Be(status, answer.Body.ToString());
        answer.Body.TryGetProperty("detail", out _).Should().BeTrue();
    }

    [Fact]
    public async Task A_session_needs_its_id_one_source_of_its_task_and_is_gone_after_its_deletion()
    {
        await using var served = await Served.Start();
        var (_, tasks) = await served.Post("/library/task", new { split = "train", index = 3 });

        (await served.Post("/create", new { split = "train" }, "s")).Status.Should().Be(422);
        (
            await served.Post(
                "/create",
                new
                {
                    task_spec = tasks.GetProperty("task"),
                    split = "train",
                    index = 1,
                },
                "s"
            )
        ).Status.Should().Be(422);
        (await served.Post("/create", new { task_spec = tasks.GetProperty("task") }, "s")).Status.Should().Be(200);
        (await served.Post("/create", new { split = "train", index = 0 }, "s")).Status.Should().Be(400);
        (await served.Get("/library/prompt", "s")).Body.GetArrayLength().Should().Be(2);
        (await served.Get("/library/task_tools", "s")).Body.GetProperty("tools").GetArrayLength().Should().BeGreaterThan(3);
        (await served.Post("/delete", new { }, "s")).Status.Should().Be(200);
        (await served.Post("/ping", new { }, "s")).Status.Should().Be(404);
        (await served.Get("/library/prompt", "s")).Status.Should().Be(404);
    }

    [Fact]
    public async Task A_write_whose_stream_is_cut_happens_once_and_its_result_can_be_had_again()
    {
        var gold = await Gold.Moves(Served.Library);
        await using var served = await Served.Start();
        var (_, all) = await served.Post("/library/tasks", new { split = "train" });
        foreach (var task in all.GetProperty("tasks").EnumerateArray())
        {
            var id = task.GetProperty("task_id").GetString()!;
            await served.Post("/create", new { task_spec = task }, id.Replace('/', '-'));
            var reward = 0.0;
            foreach (var (name, input) in CallsOf(gold[id]))
            {
                var cut = await CutAfterId(served, new { name, input }, id.Replace('/', '-'));
                var events = await served.Events(
                    "/library/call",
                    new
                    {
                        name,
                        input,
                        task_id = cut,
                    },
                    id.Replace('/', '-')
                );
                var output = JsonElement.Parse(string.Concat(events.Skip(1).Select(e => e.Data))).GetProperty("output");
                if (output.GetProperty("finished").GetBoolean())
                    reward = output.GetProperty("reward").GetDouble();
            }

            // A call that ran twice would be a loop, or an error, in the eyes of the checks.
            reward.Should().Be(1, id);
        }
    }

    [Fact]
    public async Task A_call_of_another_session_or_of_none_is_unknown()
    {
        await using var served = await Served.Start();
        await served.Post("/create", new { split = "train", index = 0 }, "a");
        await served.Post("/create", new { split = "train", index = 0 }, "b");
        var own = await served.Events("/library/call", new { name = "no_tool", input = new { } }, "a");

        var others = await served.Events(
            "/library/call",
            new
            {
                name = "no_tool",
                input = new { },
                task_id = own[0].Data,
            },
            "b"
        );

        own[^1].Name.Should().Be("end");
        own[^1].Data.Should().Be("""{"ok":false,"error":"'no_tool' is not a valid tool"}""");
        others.Should().Equal(("error", "unknown task_id"));
    }

    [Theory]
    [InlineData("""{"branch_id":"N4","date":null}""", """{"branch_id":"N4"}""")]
    [InlineData("""{"branch_id":null}""", """{"branch_id":null}""")]
    [InlineData("""{"branch_id":"N4","other":null}""", """{"branch_id":"N4","other":null}""")]
    [InlineData("""{"branch_id": "N4"}""", """{"branch_id": "N4"}""")]
    public void A_null_of_an_optional_parameter_counts_as_left_out(string sent, string taken)
    {
        var schema = Core.Json.Parse(
            """{"type":"object","properties":{"branch_id":{"type":"string"},"date":{"type":"string"}},"required":["branch_id"]}"""
        );

        UnsetArguments.LeftOut([new("find_free_slots", "Finds.", schema)], "find_free_slots", sent).Should().Be(taken);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4096)]
    [InlineData(4097)]
    [InlineData(20_000)]
    public void Chunks_join_to_the_whole_although_a_client_strips_their_leading_blanks(int length)
    {
        var text = string.Concat(Enumerable.Range(0, length).Select(i => i % 4 == 0 ? ' ' : 'x'));

        var chunks = EventStream.Chunks(text).ToArray();

        string.Concat(chunks.Select((c, i) => i == 0 ? c.Text : c.Text.TrimStart())).Should().Be(text);
        chunks.Select(c => c.IsLast).Should().Equal(Enumerable.Range(1, chunks.Length).Select(i => i == chunks.Length));
    }

    internal static IEnumerable<(string Name, JsonElement Input)> CallsOf(IReadOnlyList<Core.Dialogues.Message> moves)
    {
        foreach (var move in moves)
        {
            if (move.ToolCalls.IsEmpty)
                yield return ("reply_to_customer", JsonSerializer.SerializeToElement(new { text = move.Content }));
            foreach (var call in move.ToolCalls)
                yield return (call.Name, JsonElement.Parse(call.Arguments));
        }
    }

    // Reads the id of the call and leaves.
    private static async Task<string> CutAfterId(Served served, object body, string session)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/library/call") { Content = JsonContent.Create(body) };
        request.Headers.Add("X-Session-ID", session);
        using var answer = await served.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        (await reader.ReadLineAsync()).Should().Be("event: task_id");
        return (await reader.ReadLineAsync())!["data: ".Length..];
    }
}
