using System.Text.RegularExpressions;

namespace ConvoSynth.Docs.Tests.Examples;

/// <summary>What a page shows of a command's output is what the command prints, up to what the page leaves out by an ellipsis.</summary>
[Collection(ConsoleCollection.Name)]
public sealed partial class OutputTests(DemoRun demo)
{
    public static TheoryData<string> Shown => [.. Blocks().Select(b => $"{b}")];

    [Theory]
    [MemberData(nameof(Shown))]
    public async Task What_a_page_shows_is_printed(string where)
    {
        var block = Blocks().Single(b => $"{b}" == where);

        Missing(block.Text, await Printed(block.Words.Skip(1).ToArray())).Should().BeNull();
    }

    [Theory]
    [InlineData("planned 1001")]
    [InlineData("undecided:\n[…]\ndemo: 1000 planned")]
    public void What_is_not_printed_in_that_order_is_found(string text) => Missing(text, demo.Summary).Should().NotBeNull();

    // The pieces of the block that stand in the output one after another; the first that does not, or null.
    private static string? Missing(string text, string printed)
    {
        var (rest, at) = (Plain(printed), 0);
        foreach (var piece in text.Split('\n').SelectMany(l => Gap().Split(Label().Replace(l, ""))).Select(Plain).Where(p => p.Length > 0))
        {
            var found = rest.IndexOf(piece, at, StringComparison.Ordinal);
            if (found < 0)
                return piece;
            at = found + piece.Length;
        }

        return null;
    }

    private async Task<string> Printed(string[] command)
    {
        if (command is ["make", "run"])
            return demo.Summary;
        var said = await ThisProgram.Run(Path.GetDirectoryName(Path.GetDirectoryName(demo.Folder))!, command);
        said.ExitCode.Should().Be(0, said.Errors);
        return said.Output;
    }

    private static IEnumerable<Block> Blocks() =>
        Document.All.SelectMany(d => d.Blocks).Where(b => b.Language == "text" && b.Words.FirstOrDefault() == "of");

    // Columns are as wide as their widest cell, and times are those of the machine.
    private static string Plain(string text) => Blank().Replace(Speed().Replace(text, "T"), " ").Trim();

    [GeneratedRegex(@"\[…\]|…")]
    private static partial Regex Gap();

    [GeneratedRegex(@"^(?:user|assistant|tool|changes)\s+")]
    private static partial Regex Label();

    [GeneratedRegex(@"\d+\.\d s, \d+ dialogues/s")]
    private static partial Regex Speed();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blank();
}
