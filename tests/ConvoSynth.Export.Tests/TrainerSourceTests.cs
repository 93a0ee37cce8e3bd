using ConvoSynth.Export.Exports;
using ConvoSynth.Runs.Rows;

namespace ConvoSynth.Export.Tests;

/// <summary>The converters of trainers, run from their own sources over exports.</summary>
public sealed class TrainerSourceTests : IDisposable
{
    private static readonly ShardRow[] Rows =
    [
        Talk.Begin()
            .User("Find \"1\",\nplease.")
            .Call("""{"id":"ü 漢字 😀","deep":{"a":[1,{"b":null}]}}""")
            .Agent("Found it.")
            .User("Bye.")
            .Row(0),
        Talk.Begin().User("Hello.").Agent("Hi.").User("Find 2.").Call("{}").Call("""{"id":"2"}""").Agent("Both.").Row(1),
        Talk.Begin().User("One.").Call(null, false, """{"id":"x"}""").Call("""{"id":"1"}""").Agent("Done.").Row(2),
        Talk.Begin().User("One.").Call("I look.", true, """{"id":"1"}""").Agent("Done.").Row(3),
        Talk.Begin().User("Two.").Call("""{"id":"1"}""", """{"id":"2"}""").Agent("Two done.").Row(4),
        Talk.Begin().User("No tools?").Agent("None.").Row(5) with
        {
            Tools = default,
        },
    ];

    private readonly TestRun _run = new();

    public void Dispose() => _run.Dispose();

    [TrainersTheory]
    [InlineData("llamafactory", false, 4)]
    [InlineData("llamafactory", true, 11)]
    [InlineData("ms-swift", false, 6)]
    [InlineData("trl", false, 5)]
    [InlineData("trl", true, 13)]
    [InlineData("verl", false, 5)]
    public void A_trainers_own_code_takes_every_record_and_learns_from_what_the_report_counts(string format, bool eachTurn, int records)
    {
        var made = _run.Make(
            new()
            {
                Runs = [_run.Run(Rows)],
                Format = format,
                Out = _run.Out(),
                EachTurn = eachTurn,
            }
        );

        var reading = Read(format, made);

        made.Report.Records["train"].Should().Be(records);
        (reading.Rows, reading.Kept, reading.Empty).Should().Be((records, records, 0));
        reading.Warnings.Should().BeEmpty();
        reading.Learned.Sum(row => row.Length).Should().Be((int)made.Report.LearnedMessages);
        string.Concat(reading.Learned.SelectMany(row => row)).Should().NotContain("\"id\": \"x\"").And.Contain("Both.").And.Contain("漢字");
    }

    private TrainerReading Read(string format, Made made) =>
        format switch
        {
            "llamafactory" => TrainerReading.Of("llama_factory.py", "LLaMA-Factory", made.Folder, "convosynth_train", "sft"),
            "ms-swift" => TrainerReading.Of("ms_swift.py", "ms-swift", made.Folder),
            "trl" => TrainerReading.Of("trl_sft.py", "trl", Lines(made), "qwen3_training.jinja"),
            _ => TrainerReading.Of("verl_sft.py", "verl", made.Folder, Lines(made)),
        };

    // As a reader of the trainer's has them: TRL's decodes documents, verl's leaves texts.
    private string Lines(Made made)
    {
        var path = Path.Combine(_run.Folder, "rows.jsonl");
        var texts = made.Report.Format == "verl";
        File.WriteAllLines(
            path,
            made.Rows()
                .Select(row =>
                {
                    if (texts)
                        foreach (var name in row.Where(f => f.Value is System.Text.Json.Nodes.JsonArray).Select(f => f.Key).ToArray())
                            row[name] = row[name]!.ToJsonString();
                    return row.ToJsonString();
                })
        );
        return path;
    }
}
