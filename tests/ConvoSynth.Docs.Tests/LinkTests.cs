using System.Text.RegularExpressions;

namespace ConvoSynth.Docs.Tests;

/// <summary>What a page points at is there.</summary>
public sealed partial class LinkTests
{
    private static readonly string[] Folders = ["src/", "tests/", "blueprints/", "infra/", "docs/", ".github/", ".ci/"];

    [Fact]
    public void Every_relative_link_and_anchor_resolves()
    {
        var broken =
            from document in Document.All
            from line in document.Prose
            from Match match in Link().Matches(WithoutCode(line.Text))
            let target = match.Groups[1].Value
            where !target.Contains("://", StringComparison.Ordinal) && Problem(document, target) is not null
            select $"{document.Path}:{line.Line} {target}: {Problem(document, target)}";

        broken.Should().BeEmpty();
    }

    [Fact]
    public void Every_path_in_code_exists()
    {
        var missing =
            from document in Document.All
            from span in document.Spans
            where IsPath(span.Code) && !Repository.Has(span.Code.TrimEnd('/'))
            select $"{document.Path}:{span.Line} {span.Code}";

        missing.Should().BeEmpty();
    }

    [Fact]
    public void Every_path_in_a_command_exists()
    {
        var missing =
            from document in Document.All
            from block in document.Blocks
            where block.Language == "sh"
            from word in block.Text.Split([' ', '\n', '\''], StringSplitOptions.RemoveEmptyEntries)
            where IsPath(word) && !Repository.Has(word)
            select $"{block} {word}";

        missing.Should().BeEmpty();
    }

    [Fact]
    public void Every_source_file_that_is_named_alone_exists()
    {
        var named =
            from document in Document.All
            from span in document.Spans
            where SourceFile().IsMatch(span.Code)
            select (Where: $"{document.Path}:{span.Line}", Name: span.Code);
        var drawn =
            from Match match in DrawnFile().Matches(File.ReadAllText(Repository.At("docs", "architecture.svg")))
            select (Where: "docs/architecture.svg", Name: match.Value);
        // Files that a pack has by these names, though not every pack.
        string[] ofPacks = ["Data.cs", "Tools.cs"];

        var all = named.Concat(drawn).ToArray();
        all.Should().HaveCountGreaterThan(40);
        all.Where(f => !ofPacks.Contains(f.Name, StringComparer.Ordinal) && !Repository.FileNames.Contains(f.Name)).Should().BeEmpty();
    }

    [Fact]
    public void Every_test_that_is_named_exists()
    {
        var tests = string.Concat(
            Directory.EnumerateFiles(Repository.At("tests"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText)
        );

        var missing =
            from document in Document.All
            from span in document.Spans
            where TestName().IsMatch(span.Code) && !tests.Contains($" {span.Code}(", StringComparison.Ordinal)
            select $"{document.Path}:{span.Line} {span.Code}";

        missing.Should().BeEmpty();
    }

    [Fact]
    public void Every_page_is_on_the_front_page()
    {
        var front = Document.Of("README.md").Text;

        Document
            .All.Where(d => d.Path.StartsWith("docs/", StringComparison.Ordinal) && d.Path.Count(c => c == '/') == 1)
            .Select(d => d.Path)
            .Where(p => !front.Contains($"({p})", StringComparison.Ordinal))
            .Should()
            .BeEmpty();
    }

    [Theory]
    [InlineData("src/ConvoSynth.Core", true)]
    [InlineData("src/…", false)]
    [InlineData("runs/demo", false)]
    [InlineData("blueprints/<domain>", false)]
    [InlineData("docs/decisions/NNN-title.md", false)]
    public void What_stands_for_a_path_is_told_from_a_path(string code, bool isPath) => IsPath(code).Should().Be(isPath);

    private static string? Problem(Document from, string target)
    {
        var (path, anchor) = target.Split('#', 2) is [var p, var a] ? (p, a) : (target, null);
        var full = path.Length == 0 ? from.Path : Normal(Path.Combine(Path.GetDirectoryName(from.Path) ?? "", path));
        if (!Repository.Has(full))
            return "no such file";
        if (anchor is null)
            return null;
        var page = Document.All.FirstOrDefault(d => d.Path == full);
        return page is not null && page.Anchors.Contains(anchor) ? null : "no such heading";
    }

    private static string Normal(string path) =>
        Path.GetRelativePath(Repository.Root, Path.GetFullPath(Repository.At(path))).Replace('\\', '/');

    private static bool IsPath(string code) =>
        Folders.Any(f => code.StartsWith(f, StringComparison.Ordinal))
        && !code.Contains("NNN", StringComparison.Ordinal)
        && code.IndexOfAny([' ', '<', '*', '…', '{', ',']) < 0;

    private static string WithoutCode(string line) => Code().Replace(line, "");

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    // Link texts may be code, so only the code is taken out.
    [GeneratedRegex("`[^`]*`")]
    private static partial Regex Code();

    [GeneratedRegex(@"^[A-Z][A-Za-z]+(\.[A-Z][A-Za-z]+)?\.cs$")]
    private static partial Regex SourceFile();

    [GeneratedRegex(@"[A-Z][A-Za-z]+\.cs\b")]
    private static partial Regex DrawnFile();

    [GeneratedRegex("^[A-Z][a-z]*(_[a-z0-9A-Z]+){3,}$")]
    private static partial Regex TestName();
}
