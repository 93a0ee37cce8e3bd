namespace ConvoSynth.Docs.Tests.Examples;

/// <summary>What a page tells people to type is run: page by page, each in a folder of its own, with small counts.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class PageTests(DemoRun demo)
{
    public static TheoryData<string> Pages => [.. Document.All.Where(d => Ours(d).Any()).Select(d => d.Path)];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Every_command_of_a_page_succeeds_in_its_turn(string page)
    {
        using var folder = new PageFolder(demo, Document.Of(page));
        using var server = new RunningEndpoint();
        foreach (var line in Ours(Document.Of(page)))
        {
            if (line.IsServer)
            {
                folder.Redirect(line.Words[Array.IndexOf(line.Words, "--port") + 1], await server.Start(folder.Root, line.Words[1..]));
                continue;
            }

            var said = line.StartsItself
                ? await ThisProgram.RunApart(folder.Root, line.FewArguments)
                : await ThisProgram.Run(folder.Root, line.FewArguments);
            said.ExitCode.Should().Be(0, "{0} says {1}{2}", line, said.Output, said.Errors);
        }
    }

    [Fact]
    public void Every_block_is_tried_or_says_why_not()
    {
        var untried =
            from document in Document.All
            from block in document.Blocks
            where !Fences.IsRun(block) && !Fences.ReadElsewhere.Contains(block.Language, StringComparer.Ordinal)
            where !block.Words.Any(Fences.NotRun.ContainsKey)
            select $"{block} {block.Info}";

        untried.Should().BeEmpty();
    }

    [Fact]
    public void Every_line_that_is_not_run_names_something_that_exists()
    {
        var wrong =
            from document in Document.All
            from line in Lines(document)
            where !line.IsOurs && !(Fences.Named.TryGetValue(line.Program, out var exists) && exists(line.Words))
            select $"{line}";

        wrong.Should().BeEmpty();
    }

    private static IEnumerable<ShellLine> Lines(Document document) => document.Blocks.Where(Fences.IsRun).SelectMany(ShellLine.Of);

    private static IEnumerable<ShellLine> Ours(Document document) => Lines(document).Where(l => l.IsOurs);
}
