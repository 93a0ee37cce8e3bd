using ConvoSynth.Core.Verdicts;
using ConvoSynth.Export.Examples;
using ConvoSynth.Export.Exports;
using ConvoSynth.Runs;
using ConvoSynth.Runs.Rows;

namespace ConvoSynth.Export.Tests;

public sealed class ExportTests : IDisposable
{
    private readonly TestRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public void What_follows_the_last_answer_to_learn_from_is_cut_and_counted()
    {
        var row = Talk.Begin().User("Hello.").Agent("Hi.").User("Bye.").Agent("Never mind.", train: false).User("Right.").Row(0);

        var made = _run.Export("openai", row);

        FormatTests.Read("openai", made).Single().Select(m => m.Text).Should().Equal("Serve.", "Hello.", "Hi.");
        made.Report.Dropped.Should().Equal(new Dictionary<string, long> { ["messages after the last one to learn from"] = 3 });
        made.Report.LearnedMessages.Should().Be(1);
        made.Report.LearnedCharacters.Should().Be("Hi.".Length);
    }

    [Fact]
    public void A_row_whose_tools_change_is_exported_once_for_each_list_of_tools()
    {
        var row = Talk.Begin()
            .User("Find 1.")
            .Agent("I have no tool for it.")
            .User("Look again.")
            .Call("""{"id":"1"}""")
            .Agent("Found.")
            .Row(0) with
        {
            ToolsTimeline = """[{"message":0,"tools":["now"]},{"message":3,"tools":["find","now"]}]"""u8.ToArray(),
        };

        var (early, late) = RowExamples.Of(row, eachTurn: false).Examples is [var one, var two] ? (one, two) : default;

        early.Last.Text.Should().Be("I have no tool for it.");
        System.Text.Encoding.UTF8.GetString(early.Tools.Span).Should().Contain("\"now\"").And.NotContain("\"find\"");
        System.Text.Encoding.UTF8.GetString(late.Tools.Span).Should().Contain("\"now\"").And.Contain("\"find\"");
        Enumerable.Range(0, late.Messages.Count).Where(late.Trains).Should().Equal([4, 6], "what was said without the tool is masked");
        _run.Export("openai", row).Report.Records["train"].Should().Be(2, "an export reads the timeline too");
        RowExamples.Of(row, eachTurn: true).Examples.Select(e => e.Tools.Length == early.Tools.Length).Should().Equal(true, false, false);
    }

    public static TheoryData<string, string> Disorders =>
        new()
        {
            { "user user assistant", TurnOrder.SameSide },
            { "user assistant assistant", TurnOrder.SameSide },
            { "assistant", TurnOrder.SameSide },
            { "user tool assistant", TurnOrder.StrayObservation },
            { "user call user assistant", TurnOrder.NoObservation },
            { "user call assistant", TurnOrder.NoObservation },
            { "user assistant system user assistant", TurnOrder.LateSystem },
        };

    [Theory]
    [MemberData(nameof(Disorders))]
    public void A_row_whose_turns_no_trainer_takes_is_left_out_by_reason(string roles, string reason)
    {
        var talk = Talk.Begin();
        foreach (var role in roles.Split(' '))
        {
            talk.Add(
                role == "call"
                    ? """{"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"now","arguments":{}}}]}"""
                    : $$"""{"role":"{{role}}","content":"words"}""",
                role is "assistant" or "call"
            );
        }

        var made = _run.Export("trl", talk.Row(0), Talk.Begin().User("Hello.").Agent("Hi.").Row(1));

        made.Report.LeftOut.Should().Equal(new Dictionary<string, long> { [reason] = 1 });
        made.Report.Records["train"].Should().Be(1);
    }

    [Fact]
    public void Undecided_rows_are_exported_only_if_they_are_asked_for_or_meet_the_profile()
    {
        var talk = Talk.Begin().User("Hello.").Agent("Hi.");
        var meeting = talk.Row(1, RowStatus.Undecided);
        var run = _run.Run(talk.Row(0), meeting, meeting with { Id = "run/2/0", Index = 2, Passes = [] }, talk.Row(3, RowStatus.Rejected));

        Exported(new()).Should().Equal("run/0/0");
        Exported(new() { Undecided = true }).Should().Equal("run/0/0", "run/1/0", "run/2/0");
        Exported(new() { Profile = "exact" }).Should().Equal("run/0/0", "run/1/0");

        string[] Exported(Filters.RowFilter filter) =>
            [
                .. _run.Make(
                        new()
                        {
                            Runs = [run],
                            Format = "trl",
                            Out = _run.Out(),
                            Filter = filter,
                        }
                    )
                    .Rows()
                    .Select(row => (string)row["id"]!),
            ];
    }

    [Fact]
    public void Rows_are_taken_by_domain_intent_and_slice()
    {
        var talk = Talk.Begin().User("Hello.").Agent("Hi.");
        var run = _run.Run(
            talk.Row(0),
            talk.Row(1) with
            {
                Domain = "retail",
            },
            talk.Row(2) with
            {
                Intent = "hold",
            },
            talk.Row(3) with
            {
                Slice = "out-of-policy",
            }
        );
        long Count(Filters.RowFilter filter) =>
            _run.Make(
                new()
                {
                    Runs = [run],
                    Format = "openai",
                    Out = _run.Out(),
                    Filter = filter,
                }
            ).Report.Rows;

        Count(new() { Domains = ["library"] }).Should().Be(3);
        Count(new() { Intents = ["hold", "other"] }).Should().Be(1);
        Count(new() { Slices = ["out-of-policy"] }).Should().Be(1);
    }

    [Fact]
    public void No_family_stands_on_two_sides_of_a_split_and_the_shares_are_about_as_asked()
    {
        var talk = Talk.Begin().User("Hello.").Agent("Hi.");
        var made = Split([.. Enumerable.Range(0, 2000).Select(i => talk.Row(i))]);

        made.Report.Records["validation"].Should().BeInRange(120, 280);
        made.Report.Records["test"].Should().BeInRange(280, 520);
        var sides = new[] { "train", "validation", "test" }
            .SelectMany(split => made.Rows(split).Select(row => (Family: long.Parse(((string)row["id"]!).Split('/')[1]) / 2, Split: split)))
            .GroupBy(row => row.Family);
        sides.Should().HaveCount(1000).And.OnlyContain(family => family.Select(row => row.Split).Distinct().Count() == 1);
    }

    [Fact]
    public void In_a_run_of_many_worlds_a_world_stands_on_one_side()
    {
        var talk = Talk.Begin().User("Hello.").Agent("Hi.");
        var rows = Enumerable
            .Range(0, 1000)
            .Select(i => talk.Row(i) with { World = System.Text.Encoding.UTF8.GetBytes($$"""{"seed":"{{i % 50}}"}""") });

        var made = Split([.. rows]);

        var sides = new[] { "train", "validation", "test" }
            .SelectMany(split => made.Rows(split).Select(row => (World: long.Parse(((string)row["id"]!).Split('/')[1]) % 50, Split: split)))
            .GroupBy(row => row.World);
        sides.Should().HaveCount(50).And.OnlyContain(world => world.Select(row => row.Split).Distinct().Count() == 1);
    }

    [Fact]
    public void An_export_into_a_folder_in_use_or_by_no_format_is_refused_in_a_sentence()
    {
        var run = _run.Run(Talk.Begin().User("Hello.").Agent("Hi.").Row(0));
        Directory.CreateDirectory(Path.Combine(_run.Folder, "mine"));
        File.WriteAllText(Path.Combine(_run.Folder, "mine", "kept.txt"), "mine");
        Directory.CreateDirectory(Path.Combine(_run.Folder, "other.partial"));
        string Refusal(string format, string path, bool eachTurn = false, double share = 0) =>
            FluentActions
                .Invoking(() =>
                    Exporter.Export(
                        new()
                        {
                            Runs = [run],
                            Format = format,
                            Out = Path.Combine(_run.Folder, path),
                            EachTurn = eachTurn,
                            Splits = new() { TestShare = share },
                        },
                        CancellationToken.None
                    )
                )
                .Should()
                .Throw<ExportException>()
                .Which.Message;

        Refusal("trl", "mine").Should().EndWith("exists already; choose another --out, or remove it");
        Refusal("trl", "other").Should().EndWith("other.partial is in the way, and no export made it; move it elsewhere");
        Refusal("tlr", "new").Should().StartWith("--to tlr: there is no such format; there are trl, ");
        Refusal("apigen-mt", "new", eachTurn: true).Should().StartWith("--each-turn: apigen-mt has no mask");
        Refusal("trl-dpo", "new").Should().Contain("one run plays each task once, so it has no pairs");
        Refusal("trl", "new", share: 0.6).Should().Be("the shares of validation (0) and test (0.6) must be from 0 to 0.5");
        File.ReadAllText(Path.Combine(_run.Folder, "mine", "kept.txt")).Should().Be("mine");
        Directory.Exists(Path.Combine(_run.Folder, "new")).Should().BeFalse();
    }

    [Fact]
    public void An_export_of_nothing_says_so_and_leaves_nothing()
    {
        var none = _run.Run(Talk.Begin().User("Hello.").Agent("Hi.").Row(0, RowStatus.Rejected));
        var masked = _run.Run(Talk.Begin().User("Hello.").Agent("Hi.", train: false).Row(0));
        var path = _run.Out();

        FluentActions
            .Invoking(() =>
                _run.Make(
                    new()
                    {
                        Runs = [none],
                        Format = "trl",
                        Out = path,
                    }
                )
            )
            .Should()
            .Throw<ExportException>()
            .WithMessage("no row passes the filter, so there is nothing to export");
        FluentActions
            .Invoking(() =>
                _run.Make(
                    new()
                    {
                        Runs = [masked],
                        Format = "trl",
                        Out = path,
                    }
                )
            )
            .Should()
            .Throw<ExportException>()
            .WithMessage("all 1 rows are left out, so there is nothing to export: 1 with no message to learn from");
        Directory.Exists(path).Should().BeFalse();
        Directory.Exists(path + ".partial").Should().BeFalse();
    }

    [Fact]
    public void A_stopped_export_and_one_of_a_damaged_run_leave_nothing_and_an_interrupted_one_is_made_again()
    {
        var run = _run.Run([.. Enumerable.Range(0, 50).Select(i => Talk.Begin().User("Hello.").Agent("Hi.").Row(i))]);
        var path = _run.Out();
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();

        FluentActions
            .Invoking(() =>
                Exporter.Export(
                    new()
                    {
                        Runs = [run],
                        Format = "openai",
                        Out = path,
                    },
                    stopped.Token
                )
            )
            .Should()
            .Throw<OperationCanceledException>();
        Directory.Exists(path + ".partial").Should().BeFalse();

        // What a killed process leaves.
        Directory.CreateDirectory(path + ".partial");
        File.WriteAllText(Path.Combine(path + ".partial", ".export-begun"), "");
        File.WriteAllText(Path.Combine(path + ".partial", "train.jsonl"), "half");
        _run.Make(
                new()
                {
                    Runs = [run],
                    Format = "openai",
                    Out = path,
                }
            )
            .Lines()
            .Should()
            .HaveCount(50);
        Directory.GetFiles(path).Select(Path.GetFileName).Should().BeEquivalentTo("train.jsonl", "export.json");

        var shard = Directory.EnumerateFiles(run.Path, "*.parquet", SearchOption.AllDirectories).Single();
        var bytes = File.ReadAllBytes(shard);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(shard, bytes);
        var other = _run.Out();
        FluentActions
            .Invoking(() =>
                _run.Make(
                    new()
                    {
                        Runs = [new(run.Storage, run.Path)],
                        Format = "openai",
                        Out = other,
                    }
                )
            )
            .Should()
            .Throw<ShardException>();
        Directory.Exists(other).Should().BeFalse();
    }

    [Fact]
    public void The_report_tells_files_with_their_rows_and_hashes()
    {
        var made = _run.Export("openai", Talk.Begin().User("Hello.").Agent("Hi.").Row(0), Talk.Begin().User("Yes?").Agent("No.").Row(1));

        var file = made.Report.Files.Should().ContainSingle().Which;
        var bytes = File.ReadAllBytes(Path.Combine(made.Folder, file.Name));
        file.Rows.Should().Be(2);
        file.Bytes.Should().Be(bytes.Length);
        file.Sha256.Should().Be(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)));
        made.Text("export.json").Should().Be(made.Report.ToJson() + "\n");
    }

    private Made Split(ShardRow[] rows) =>
        _run.Make(
            new()
            {
                Runs = [_run.Run(rows)],
                Format = "trl",
                Out = _run.Out(),
                Splits = new() { ValidationShare = 0.1, TestShare = 0.2 },
            }
        );
}
