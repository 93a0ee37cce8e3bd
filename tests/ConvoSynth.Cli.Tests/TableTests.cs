namespace ConvoSynth.Cli.Tests;

/// <summary>The program's tables in a pipe: plain lines that other programs can parse.</summary>
public sealed class TableTests(FinishedRun run) : IClassFixture<FinishedRun>
{
    [Fact]
    public async Task A_row_is_one_line_however_long_and_brackets_in_it_are_text()
    {
        using var folder = new TestFolder();
        var pack = folder.CopyOfPack("library");
        var title = $"a [red]library[/] of [[two]] {string.Join(' ', Enumerable.Range(1, 60).Select(i => $"wing-{i}"))} [bold]";
        var domain = Path.Combine(pack, "domain.yaml");
        File.WriteAllText(
            domain,
            File.ReadAllText(domain).Replace("title: a public library with seven branches", $"title: \"{title}\"", StringComparison.Ordinal)
        );

        var ran = await Convosynth.Run("packs", "list", "--packs", folder.At("packs"));

        ran.ExitCode.Should().Be(0, ran.Errors);
        var lines = Lines(ran.Output);
        lines.Should().HaveCount(2, "titles of columns, and a pack");
        Cells(lines[0])[..6].Should().Equal("pack", "tools", "writes", "clauses", "intents", "rows");
        Cells(lines[1])[0].Should().Be("library");
        Cells(lines[1])[6].Should().Be(title);
        Cells(lines[1])[7].Should().MatchRegex("^branches 7, members [0-9]+, .*, registrations [0-9]+$");
    }

    [Fact]
    public async Task A_summary_has_neither_escape_codes_nor_frames_and_its_figures_end_in_one_column()
    {
        var ran = await Convosynth.Run("summary", run.Path);

        ran.ExitCode.Should().Be(0, ran.Errors);
        ran.Output.Should().NotContainAny("\u001b", "│", "─", "|", "…");
        var lines = Lines(ran.Output);
        lines.Should().OnlyContain(l => l == l.TrimEnd());
        var funnel = lines.SkipWhile(l => l != "funnel:").Skip(1).TakeWhile(l => l.StartsWith("  ", StringComparison.Ordinal)).ToArray();
        funnel
            .Select(l => Cells(l)[0])
            .Should()
            .StartWith(["planned", "blueprint valid", "dialogue finished", "format"])
            .And.EndWith(["committee", "decided", "accepted"]);
        Cells(funnel[0]).Should().Equal("planned", "40");
        var ends = funnel.Select(l => l.IndexOf(Cells(l)[1], StringComparison.Ordinal) + Cells(l)[1].Length);
        ends.Distinct().Should().ContainSingle("the figures are flush right");
        Cells(lines.Single(l => l.TrimStart().StartsWith("fault ", StringComparison.Ordinal)))
            .Should()
            .Equal("fault", "rejected", "undecided", "accepted", "retried");
    }

    private static string[] Lines(string output) => output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static string[] Cells(string line) => line.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
