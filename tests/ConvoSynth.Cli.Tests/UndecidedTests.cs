using System.Text.Json;
using System.Text.Json.Nodes;

namespace ConvoSynth.Cli.Tests;

/// <summary>
/// Three recorded dialogues on a small pack. The first is correct. In the second, the checks cannot decide whether "Okay." is a yes. In
/// the third, the loan is renewed for another time than agreed. Tests how each command distinguishes them, in this format and in a run of
/// the earlier one (<c>recorded/format-2</c>).
/// </summary>
public sealed class UndecidedTests : IDisposable
{
    private const string Unsure = "procedure.confirmation";

    private readonly TestFolder _folder = new();

    private static string Given { get; } = Path.Combine(Convosynth.Repository, "tests", "ConvoSynth.Cli.Tests", "recorded");

    private static string Packs { get; } = Path.Combine(Convosynth.Repository, "tests", "ConvoSynth.Verification.Tests", "packs");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_undecided_row_has_a_line_of_its_own_in_all_that_tells_of_a_run()
    {
        var run = await Replayed();

        var summary = await Convosynth.Run("summary", run);
        summary
            .Output.Should()
            .Contain(": 3 planned, 1 accepted, 1 undecided, 1 rejected, 0 failed")
            .And.MatchRegex($@"\nundecided:\n +1 +{Unsure}\n")
            .And.NotContain($"undecided:{Unsure}");
        var counts = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(run, "summary.json")))!;
        ((int)counts["accepted"]!, (int)counts["undecided"]!, (int)counts["rejected"]!, (int)counts["failed"]!, (int)counts["open"]!)
            .Should()
            .Be((1, 1, 1, 0, 0));
        counts["undecided_reasons"]!.ToJsonString().Should().Be($$"""{"{{Unsure}}":1}""");
        counts["reasons"]!.ToJsonString().Should().NotContain("undecided");
        counts["funnel"]!
            .AsArray()
            .Select(s => ((string)s!["step"]!, (int)s["left"]!, (int)s["undecided"]!))
            .Should()
            .Contain(("procedure", 2, 1))
            .And.ContainInConsecutiveOrder(("decided", 1, 0), ("accepted", 1, 0));
        File.ReadAllText(Path.Combine(run, "README.md"))
            .Should()
            .Contain("- config_name: undecided\n")
            .And.Contain("| undecided rows | 1 |")
            .And.Contain("| accepted by | the profile `strict` |");
        File.ReadAllText(Path.Combine(run, "manifest.json"))
            .Should()
            .Contain("\"undecided_rows\": 1")
            .And.Contain("undecided/train-00000-00000.parquet");
        ((string)JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(run, "run.json")))!["accept"]!).Should().Be("strict");
        (await Convosynth.Run("replay-run", run)).Output.Should().Contain("3 shards with 3 rows came out the same, byte for byte");
    }

    [Fact]
    public async Task Undecided_and_rejected_rows_are_shown_apart()
    {
        var run = await Replayed();

        var undecided = await Convosynth.Run("show", run, "--undecided");
        undecided
            .Output.Should()
            .StartWith("run/1/0\n")
            .And.Contain($"\nstatus   undecided: {Unsure}\n")
            .And.Contain("\nprofile  strict; meets exact, tau-bench, apigen-mt\n");
        (await Convosynth.Run("show", run, "--rejected"))
            .Output.Should()
            .StartWith("run/2/0\n")
            .And.Contain("\nstatus   rejected: ")
            .And.Contain("; meets none\n");
        (await Convosynth.Run("show", run, "--first"))
            .Output.Should()
            .StartWith("run/0/0\n")
            .And.Contain("\nstatus   accepted\nprofile  strict; meets strict, exact, tau-bench, apigen-mt\n");
        (await Convosynth.Run("show", run, "--undecided", "--index", "2"))
            .Sentence()
            .Should()
            .Be($"the run {run} has no undecided row of index 2");
        (await Convosynth.Run("show", run, "--undecided", "--rejected")).Sentence().Should().Contain("no row is both");
        var row = JsonDocument.Parse((await Convosynth.Run("show", run, "--undecided", "--json")).Output).RootElement;
        row.GetProperty("reject_reasons").GetArrayLength().Should().Be(0);
        row.GetProperty("undecided_reasons")[0].GetString().Should().Be(Unsure);
    }

    [Fact]
    public async Task Another_profile_decides_otherwise_about_the_same_dialogues()
    {
        var run = await Replayed();
        var (exact, strict) = (_folder.At("exact"), _folder.At("strict"));

        var looser = await Convosynth.Run("verify", run, "--accept", "exact", "--out", exact);
        var again = await Convosynth.Run("verify", exact, "--accept", "strict", "--out", strict);

        looser.ExitCode.Should().Be(0, looser.Errors);
        looser
            .Output.Should()
            .Contain("run (accepted by the profile exact): 3 planned, 2 accepted, 0 undecided, 1 rejected")
            .And.MatchRegex("1 +undecided → accepted")
            .And.NotContain("verdicts:");
        var row = JsonDocument.Parse((await Convosynth.Run("show", exact, "--index", "1", "--json")).Output).RootElement;
        (row.GetProperty("status").GetString(), row.GetProperty("accept").GetString()).Should().Be(("accepted", "exact"));
        File.ReadAllText(Path.Combine(exact, "README.md"))
            .Should()
            .Contain("| accepted by | the profile `exact` |")
            .And.Contain("--accept exact");
        (await Convosynth.Run("verify", exact, "--out", _folder.At("same"))).Output.Should().Contain("\n0 of 3 ");
        again.Output.Should().MatchRegex("1 +accepted → undecided");
        TestFolder.Rows(strict).Should().Equal(TestFolder.Rows(run));
    }

    [Fact]
    public async Task A_run_accepts_by_its_profile_and_is_not_resumed_by_another()
    {
        var run = await Replayed("--accept", "tau-bench");

        var row = JsonDocument.Parse((await Convosynth.Run("show", run, "--rejected", "--json")).Output).RootElement;
        row.GetProperty("reject_reasons").EnumerateArray().Select(r => r.GetString()).Should().Equal("tau-bench.end-state");
        File.ReadAllText(Path.Combine(run, "README.md")).Should().Contain("| accepted by | the profile `tau-bench` |");
        (await Replay(run, "--resume"))
            .Sentence()
            .Should()
            .Contain($"{run} holds another run: its accept is \"tau-bench\", not \"strict\"");
        (await Replay(run, "--resume", "--accept", "tau-bench")).ExitCode.Should().Be(0);
        (await Convosynth.Run("verify", run, "--without", "tau-bench.end", "--out", _folder.At("out")))
            .Sentence()
            .Should()
            .StartWith("--without tau-bench.end: no row of the run has a verdict of that check");
    }

    [Fact]
    public async Task A_spec_names_the_profile_and_an_unknown_one_is_refused()
    {
        var spec = _folder.Write("spec.yaml", "domains: [library]\ncount: 2\naccept: apigen-mt\n");
        (await Convosynth.Run("generate", "--spec", spec, "--out", _folder.At("run"))).ExitCode.Should().Be(0);
        ((string)JsonNode.Parse(await File.ReadAllTextAsync(_folder.At("run", "run.json")))!["accept"]!).Should().Be("apigen-mt");

        (await Convosynth.Run("generate", "--spec", spec, "--accept", "lenient", "--out", _folder.At("other")))
            .Sentence()
            .Should()
            .Be("--accept is \"lenient\"; it must be one of strict, exact, tau-bench, apigen-mt");
        _folder.Write("spec.yaml", "domains: [library]\naccept: lenient\n");
        (await Convosynth.Run("generate", "--spec", spec, "--out", _folder.At("other")))
            .Sentence()
            .Should()
            .Contain("spec.yaml:2")
            .And.Contain("it is one of strict, exact, tau-bench, apigen-mt");
        _folder.Write("spec.yaml", "domains: [library]\naccept: tau-bench\nearly_stop: true\n");
        (await Convosynth.Run("generate", "--spec", spec, "--out", _folder.At("other")))
            .Sentence()
            .Should()
            .StartWith("early_stop: true ends dialogues for checks that decide nothing under the profile tau-bench");
    }

    [Fact]
    public async Task Of_a_run_of_the_format_before_undecided_rows_stand_among_the_rejected_and_are_known_all_the_same()
    {
        var run = Path.Combine(Given, "format-2");

        var summary = await Convosynth.Run("summary", run);
        summary
            .Output.Should()
            .Contain(": 3 planned, 1 accepted, 0 undecided, 2 rejected, 0 failed")
            .And.MatchRegex($@"\n +1 +undecided:{Unsure}\n");
        (await Convosynth.Run("show", run, "--rejected"))
            .Output.Should()
            .Contain($"\nstatus   rejected: undecided:{Unsure}\n")
            .And.NotContain("\nprofile");
        (await Convosynth.Run("show", run, "--undecided"))
            .Sentence()
            .Should()
            .Contain("has the format 2, which keeps undecided rows among the rejected")
            .And.Contain("use --rejected");
        var changed = await Convosynth.Run("verify", run, "--out", _folder.At("verified"));
        changed
            .Output.Should()
            .Contain(": 3 planned, 1 accepted, 1 undecided, 1 rejected, 0 failed")
            .And.Contain("\n0 of 3 rows have another status or other reasons", "the row that moved to shards of its own is what it was");
        var played = await Convosynth.Run("replay-run", run);
        played
            .Output.Should()
            .MatchRegex(
                "3 rows came out the same; its format is 2 |the row run/0/0 has other (verdicts, "
                    + "checks_version|checks_version|verdicts)\n",
                "the columns that came later are not compared"
            );
        (await Replay(run, "--resume")).Sentence().Should().Contain("has the format 2, and this program writes 5");
    }

    private async Task<string> Replayed(params string[] options)
    {
        var run = _folder.At("run");
        var ran = await Replay(run, options);
        ran.ExitCode.Should().Be(0, ran.Errors);
        return run;
    }

    private static Task<Ran> Replay(string run, params string[] options)
    {
        var (tasks, recorded) = (Path.Combine(Given, "loans", "tasks.json"), Path.Combine(Given, "loans", "recorded.json"));
        return Convosynth.Run([
            "replay",
            "--domain",
            "loans",
            "--packs",
            Packs,
            "--tasks",
            tasks,
            "--recorded",
            recorded,
            "--out",
            run,
            .. options,
        ]);
    }
}
