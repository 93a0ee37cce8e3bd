using System.Text.Json;

namespace ConvoSynth.Cli.Tests;

/// <summary>The command that audits the checks.</summary>
public sealed class AuditTests
{
    [Fact]
    public async Task The_audit_counts_each_kind_and_the_clean_dialogues_and_ends_well_where_all_are_caught()
    {
        var ran = await Convosynth.Run(
            "audit-verifier",
            "--domain",
            "library",
            "--count",
            "4",
            "--clean",
            "20",
            "--kind",
            "wrong-argument",
            "--kind",
            "tampered-observation",
            "--kind",
            "human-leak",
            "--json"
        );
        ran.ExitCode.Should().Be(0, ran.Errors);
        var report = JsonDocument.Parse(ran.Output).RootElement;
        report.GetProperty("text").GetString().Should().Be("rehearsal");
        var kinds = report.GetProperty("kinds").EnumerateArray().ToArray();
        kinds.Select(k => k.GetProperty("kind").GetString()).Should().Equal("wrong-argument", "human-leak", "tampered-observation");
        kinds.Should().OnlyContain(k => k.GetProperty("planted").GetInt32() == 4 && k.GetProperty("caught").GetInt32() == 4);
        report.GetProperty("clean").GetProperty("dialogues").GetInt32().Should().BeGreaterThanOrEqualTo(20);
        report.GetProperty("shortfalls").GetArrayLength().Should().Be(0);
    }

    [Fact]
    public async Task One_seed_gives_one_report_and_people_get_a_table()
    {
        string[] command =
        [
            "audit-verifier",
            "--domain",
            "library",
            "--count",
            "3",
            "--clean",
            "10",
            "--kind",
            "loop",
            "--kind",
            "unknown-tool",
            "--seed",
            "9",
        ];
        var first = await Convosynth.Run(command);
        first.ExitCode.Should().Be(0, first.Errors);
        first
            .Output.Should()
            .StartWith("library, rehearsal text")
            .And.Contain("*conversation.loops 3")
            .And.Contain("*format.tool-name 3")
            .And.MatchRegex("clean: \\d+ dialogues, 0 wrongly rejected");
        (await Convosynth.Run(command)).Output.Should().Be(first.Output);
    }

    [Fact]
    public async Task Random_edits_are_counted_by_kind_and_what_is_still_accepted_is_listed()
    {
        var ran = await Convosynth.Run("audit-verifier", "--domain", "library", "--unlabelled", "--count", "120", "--json");
        ran.ExitCode.Should().Be(0, ran.Errors);
        var report = JsonDocument.Parse(ran.Output).RootElement;
        report.GetProperty("mutants").GetInt64().Should().Be(120);
        var edits = report.GetProperty("edits").EnumerateObject().ToArray();
        edits.Sum(e => e.Value.GetProperty("made").GetInt64()).Should().Be(120);
        report.GetProperty("accepted").GetArrayLength().Should().Be((int)edits.Sum(e => e.Value.GetProperty("accepted").GetInt64()));
    }

    [Theory]
    [InlineData("--kind typo", "--kind names \"typo\"; there are wrong-argument")]
    [InlineData("--count 0", "--count is 0; it must be from 1 to 1000000")]
    [InlineData("--recorded r.json", "--recorded and --tasks go together")]
    public async Task What_cannot_be_audited_is_refused(string options, string reason)
    {
        var ran = await Convosynth.Run(["audit-verifier", "--domain", "library", .. options.Split(' ')]);
        ran.Sentence().Should().StartWith(reason);
    }
}
