using System.Text.Json.Nodes;

namespace ConvoSynth.Cli.Tests;

/// <summary>The command <c>audit</c> on an export of a run.</summary>
public sealed class DatasetAuditTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_holds_is_kept_and_damage_in_it_is_named_and_repaired_where_that_is_certain()
    {
        var run = _folder.At("run");
        (await Convosynth.Run("generate", "--domain", "library", "--count", "8", "--seed", "3", "--out", run)).ExitCode.Should().Be(0);
        (await Convosynth.Run("export", run, "--to", "openai", "--out", _folder.At("set"))).ExitCode.Should().Be(0);
        // Some tasks begin with changes to the data, which the export does not tell: their rows cannot hold here.
        await Convosynth.Run("audit", _folder.At("set"), "--format", "openai", "--domain", "library", "--out", _folder.At("own"));
        var own = _folder.At("own", "train.jsonl");

        var whole = await Convosynth.Run("audit", own, "--format", "openai", "--domain", "library");
        whole.ExitCode.Should().Be(0, whole.Output + whole.Errors);
        whole.Output.Should().Contain("hold, 0 do not");

        var lines = File.ReadAllLines(own);
        var (encoded, renamed) = (JsonNode.Parse(lines[1])!, JsonNode.Parse(lines[2])!);
        var call = FunctionOf(encoded);
        call["arguments"] = JsonValue.Create((string)call["arguments"]!).ToJsonString();
        FunctionOf(renamed)["name"] = "no_such_tool";
        var damaged = _folder.Write("damaged.jsonl", string.Join('\n', [lines[0], encoded.ToJsonString(), renamed.ToJsonString()]));

        var ran = await Convosynth.Run("audit", damaged, "--format", "openai", "--domain", "library", "--out", _folder.At("made"));

        ran.ExitCode.Should().Be(1, ran.Errors);
        ran.Output.Should()
            .Contain("1  arguments-double-encoded")
            .And.Contain($"{damaged}, line 2, messages[")
            .And.Contain("1  unknown-tool");
        var kept = File.ReadAllLines(_folder.At("made", "damaged.jsonl"));
        kept.Should().HaveCount(2);
        kept[0].Should().Be(lines[0]);
        JsonNode.DeepEquals(JsonNode.Parse(kept[1]), JsonNode.Parse(lines[1])).Should().BeTrue();
        var report = JsonNode.Parse(File.ReadAllText(_folder.At("made", "audit.json")))!;
        ((int)report["repaired"]!, (int)report["held"]!, (int)report["dropped"]!["unknown-tool"]!).Should().Be((1, 1, 1));
    }

    [Fact]
    public async Task The_rows_of_a_run_hold_whatever_their_tasks_change_before_and_during_the_dialogue()
    {
        var run = _folder.At("run");
        await Convosynth.Run("generate", "--domain", "library", "--count", "40", "--seed", "4", "--slices", "all", "--out", run);

        var ran = await Convosynth.Run("audit", _folder.At("run", "accepted"), "--format", "trl", "--domain", "library");

        ran.ExitCode.Should().Be(0, ran.Output + ran.Errors);
        ran.Output.Should().Contain("40 hold, 0 do not");
    }

    [Theory]
    [InlineData("chatml", "--format is \"chatml\"; it must be one of openai, *")]
    [InlineData("openai", "there is no file or folder *")]
    public async Task What_cannot_be_audited_is_said_in_one_sentence(string format, string sentence)
    {
        var ran = await Convosynth.Run("audit", _folder.At("none.jsonl"), "--format", format, "--domain", "library");

        ran.Sentence().Should().Match(sentence);
    }

    private static JsonObject FunctionOf(JsonNode record) =>
        record["messages"]!.AsArray().First(m => m!["tool_calls"] is not null)!["tool_calls"]![0]!["function"]!.AsObject();
}
