using System.Text.Json.Nodes;
using ConvoSynth.Export.Exports;
using ConvoSynth.Runs.Rows;

namespace ConvoSynth.Export.Tests;

/// <summary>Each format read back by readers that are not ours, and compared with the rows.</summary>
public sealed class FormatTests : IDisposable
{
    private const string Odd =
        """{"id":"ü 漢字 עברית русский हिन्दी 😀","big":12345678901234567890,"deep":{"a":[1,{"b":null}],"e":{}},"no":null,"f":1.50}""";

    private readonly TestRun _run = new();

    public static TheoryData<string> Names =>
        // Pairs and tasks are no dialogues.
        [
            .. Exporter
                .Formats.Select(f => f.Name)
                .Except(["text"])
                .Where(f => !f.EndsWith("-dpo", StringComparison.Ordinal) && f is not ("rl-tasks" or "nemo-gym-env")),
        ];

    public void Dispose() => _run.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void A_dialogue_comes_back_as_it_was_up_to_its_last_answer(string format)
    {
        var row = Talk.Begin()
            .User("Ünder \"quotes\",\nnew lines, 漢字 and 😀")
            .Call(Odd)
            .Call("{}")
            .Agent("Found </script> it.")
            .User("Thanks.")
            .Row(0);

        Read(format, _run.Export(format, row)).Should().ContainSingle().Which.Select(Unmasked).Should().Equal(Words(row)[..^1]);
    }

    [Theory]
    [InlineData("trl")]
    [InlineData("axolotl")]
    [InlineData("ms-swift")]
    [InlineData("openai")]
    [InlineData("nemo-rl")]
    [InlineData("nemo-gym")]
    public void Several_calls_and_words_beside_a_call_stay_in_one_message(string format)
    {
        var row = Talk.Begin().User("Two, please.").Call("I look.", true, "{\"id\":\"1\"}", "{\"id\":\"2\"}").Agent("Done.").Row(0);

        var made = _run.Export(format, row);

        Read(format, made).Should().ContainSingle().Which.Select(Unmasked).Should().Equal(Words(row));
        made.Report.LeftOut.Should().BeEmpty();
    }

    [Theory]
    [InlineData("llamafactory")]
    [InlineData("apigen-mt")]
    public void A_format_without_parallel_calls_leaves_their_rows_out_and_counts_dropped_words(string format)
    {
        var parallel = Talk.Begin().User("Two.").Call("{\"id\":\"1\"}", "{\"id\":\"2\"}").Agent("Done.").Row(0);
        var words = Talk.Begin().User("One.").Call("I look.", true, "{\"id\":\"1\"}").Agent("Done.").Row(1);

        var made = _run.Export(format, parallel, words);

        made.Report.LeftOut.Should().Equal(new Dictionary<string, long> { ["several calls in one message"] = 1 });
        made.Report.Dropped["words beside calls"].Should().Be(1);
        var read = Read(format, made).Should().ContainSingle().Which;
        read[2].Should().Be(new Spoken("assistant", "", "find({\"id\":\"1\"})", null));
    }

    [Theory]
    [InlineData("axolotl")]
    [InlineData("ms-swift")]
    [InlineData("openai")]
    [InlineData("verl")]
    public void A_format_with_masks_keeps_each_of_them(string format)
    {
        var row = Talk.Begin().User("One.").Call(null, false, "{\"id\":\"x\"}").Call("{\"id\":\"1\"}").Agent("Done.").Row(0);

        var read = Read(format, _run.Export(format, row)).Single();

        read.Where(m => m.Role == "assistant").Select(m => m.Learned).Should().Equal(false, true, true);
        read.Where(m => m.Role != "assistant").Select(m => m.Learned ?? false).Should().AllBeEquivalentTo(false);
    }

    [Theory]
    [InlineData("trl")]
    [InlineData("unsloth")]
    [InlineData("llamafactory")]
    [InlineData("nemo-rl")]
    [InlineData("apigen-mt")]
    public void A_format_without_masks_leaves_a_row_out_that_needs_one_unless_losses_are_asked_for(string format)
    {
        var masked = Talk.Begin().User("One.").Call(null, false, "{\"id\":\"x\"}").Call("{\"id\":\"1\"}").Agent("Done.").Row(0);
        var plain = Talk.Begin().User("Hello.").Agent("Hi.").Row(1);
        var run = _run.Run(masked, plain);

        var careful = _run.Make(
            new()
            {
                Runs = [run],
                Format = format,
                Out = _run.Out(),
            }
        );
        var lossy = _run.Make(
            new()
            {
                Runs = [run],
                Format = format,
                Out = _run.Out(),
                Lossy = true,
            }
        );

        Read(format, careful).Should().ContainSingle();
        careful.Report.LeftOut.Values.Should().Equal(1);
        Read(format, lossy).Should().HaveCount(2);
        lossy.Report.LeftOut.Should().BeEmpty();
        lossy
            .Report.Dropped.Should()
            .ContainKey("answers to learn nothing from, for which the format has no mask")
            .WhoseValue.Should()
            .Be(1);
    }

    [Theory]
    [InlineData("trl")]
    [InlineData("llamafactory")]
    [InlineData("openai")]
    [InlineData("nemo-gym")]
    public void Each_turn_is_an_example_that_ends_with_an_answer_to_learn_from(string format)
    {
        var row = Talk.Begin().User("One.").Call(null, false, "{\"id\":\"x\"}").Call("{\"id\":\"1\"}").Agent("Done.").User("Bye.").Row(0);

        var made = _run.Make(
            new()
            {
                Runs = [_run.Run(row)],
                Format = format,
                Out = _run.Out(),
                EachTurn = true,
            }
        );

        var words = Words(row);
        var read =
            format == "nemo-gym" ? ReadGym(made)
            : format == "trl" ? ReadTurns(made)
            : Read(format, made);
        read.Should().HaveCount(2);
        read[0].Select(Unmasked).Should().Equal(words[..5]);
        read[1].Select(Unmasked).Should().Equal(words[..7]);
        made.Report.LearnedMessages.Should().Be(2);
    }

    [Theory]
    [InlineData("axolotl")]
    [InlineData("llamafactory")]
    [InlineData("ms-swift")]
    public void Arguments_that_are_no_object_are_refused_where_the_trainer_parses_them(string format)
    {
        var row = Talk.Begin().User("One.").Call("\"{not json\"").Agent("Done.").Row(0);
        var plain = Talk.Begin().User("Hello.").Agent("Hi.").Row(1);

        _run.Export(format, row, plain)
            .Report.LeftOut.Should()
            .Equal(new Dictionary<string, long> { ["arguments that are no JSON object"] = 1 });
    }

    [Fact]
    public void OpenAI_gets_arguments_as_text_with_the_digits_that_the_model_wrote()
    {
        var row = Talk.Begin().User("One.").Call(Odd).Agent("Done.").Row(0);

        var line = File.ReadAllText(Path.Combine(_run.Export("openai", row).Folder, "train.jsonl"));

        line.Should().Contain("\\\"big\\\":12345678901234567890").And.Contain("\\\"f\\\":1.50").And.Contain("漢字");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Line_breaks_that_a_model_wrote_between_arguments_break_no_record(string format)
    {
        var row = Talk.Begin().User("One.").Call("{\n  \"id\": \"1\",\r\n  \"big\": 12345678901234567890\n}").Agent("Done.").Row(0);

        Read(format, _run.Export(format, row)).Should().ContainSingle().Which.Select(Unmasked).Should().Equal(Words(row));
    }

    [Fact]
    public void A_table_has_tools_as_a_document_and_null_where_there_are_none()
    {
        var with = Talk.Begin().User("Hello.").Agent("Hi.").Row(0);
        var without = with with { Id = "run/1/0", Index = 1, Tools = default };

        var rows = _run.Export("trl", with, without).Rows();

        rows[0]["tools"]!.AsArray().Should().HaveCount(2);
        rows[1]["tools"].Should().BeNull();
    }

    internal static Spoken[][] Read(string format, Made made) =>
        format switch
        {
            "trl" or "unsloth" => [.. made.Rows().Select(row => ReadMessages(row["messages"]!))],
            "verl" => [.. made.Rows().Select(row => ReadMessages(row["messages"]!, "train"))],
            "axolotl" => [.. made.Lines().Select(row => ReadMessages(row["messages"]!, "train"))],
            "openai" => [.. made.Lines().Select(row => ReadMessages(row["messages"]!, "weight"))],
            "nemo-rl" => [.. made.Lines().Select(row => ReadMessages(row["messages"]!))],
            "ms-swift" => [.. made.Lines().Select(Spoken.OfSwift)],
            "nemo-gym" => [ReadGym(made)[^1]],
            _ => [.. made.Lines().Select(Spoken.OfShareGpt)],
        };

    private static Spoken[] ReadMessages(JsonNode messages, string? mask = null) =>
        [
            .. messages
                .AsArray()
                .Select(m =>
                    Spoken.Of(m!.AsObject()) with
                    {
                        Learned = mask is null ? null : m[mask] is { } node && node.ToJsonString() is "true" or "1",
                    }
                ),
        ];

    private static Spoken[][] ReadTurns(Made made) =>
        [.. made.Rows().Select(row => (Spoken[])[.. ReadMessages(row["prompt"]!), .. ReadMessages(row["completion"]!)])];

    private static Spoken[][] ReadGym(Made made) => [.. made.Lines().Select(GymRow)];

    private static Spoken[] GymRow(JsonObject row)
    {
        var said = new List<Spoken>();
        foreach (var item in row["responses_create_params"]!["input"]!.AsArray().Select(item => item!.AsObject()))
        {
            switch ((string)item["type"]!)
            {
                case "message":
                    said.Add(new((string)item["role"]!, (string)item["content"]!, "", null));
                    break;
                case "function_call_output":
                    said.Add(new("tool", (string)item["output"]!, "", null));
                    break;
                case "function_call" when said[^1].Role == "assistant":
                    said[^1] = said[^1] with { Calls = said[^1].Calls + Spoken.CallOf(item) };
                    break;
                default:
                    said.Add(new("assistant", "", Spoken.CallOf(item), null));
                    break;
            }
        }

        var action = row["expected_action"]!.AsObject();
        JsonNode[] calls =
            action["calls"] is JsonArray batch ? [.. batch.Select(c => c!)]
            : action.ContainsKey("name") ? [action]
            : [];
        said.Add(new("assistant", (string?)action["content"] ?? "", string.Concat(calls.Select(Spoken.CallOf)), null));
        return [.. said];
    }

    private static Spoken[] Words(ShardRow row) => [.. Spoken.Of(row).Select(Unmasked)];

    private static Spoken Unmasked(Spoken message) => message with { Learned = null };
}
