using System.Text.RegularExpressions;

namespace ConvoSynth.Docs.Tests;

/// <summary>A fenced block.</summary>
/// <param name="Info">What follows the fence, such as <c>sh needs-key</c>.</param>
/// <param name="Line">Of its opening fence, from 1.</param>
internal sealed record Block(string File, int Line, string Info, string Text)
{
    public string Language => Info.Split(' ')[0];

    public IEnumerable<string> Words => Info.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1);

    public override string ToString() => $"{File}:{Line}";
}

/// <summary>One page: its fenced blocks, and its prose line by line.</summary>
/// <param name="Path">From the repository's root, with forward slashes.</param>
/// <param name="Prose">Line numbers and texts, blocks left out.</param>
internal sealed partial record Document(string Path, string Text, IReadOnlyList<Block> Blocks, IReadOnlyList<(int Line, string Text)> Prose)
{
    private const string Fence = "```";

    /// <summary>All pages: those at the root, those of <c>docs</c>, and the one beside the packs.</summary>
    public static IReadOnlyList<Document> All { get; } =
    [
        .. Directory
            .EnumerateFiles(Repository.Root, "*.md")
            .Concat(Directory.EnumerateFiles(System.IO.Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories))
            .Append(System.IO.Path.Combine(Repository.Root, "blueprints", "README.md"))
            .Select(Read)
            .OrderBy(d => d.Path, StringComparer.Ordinal),
    ];

    public static Document Of(string path) => All.Single(d => d.Path == path);

    /// <summary>The code spans of the prose.</summary>
    public IEnumerable<(int Line, string Code)> Spans =>
        from line in Prose
        from Match match in Span().Matches(line.Text)
        select (line.Line, match.Groups[1].Value);

    /// <summary>The anchors that headings give, as GitHub forms them.</summary>
    public IReadOnlySet<string> Anchors
    {
        get
        {
            var anchors = new HashSet<string>(StringComparer.Ordinal);
            foreach (var (_, text) in Prose)
            {
                if (Heading().Match(text) is not { Success: true } heading)
                    continue;
                var slug = Dropped().Replace(heading.Groups[1].Value.ToLowerInvariant(), "").Replace(' ', '-');
                var anchor = slug;
                for (var i = 1; !anchors.Add(anchor); i++)
                    anchor = $"{slug}-{i}";
            }

            return anchors;
        }
    }

    /// <summary>The prose of the section under a heading, up to the next one.</summary>
    public IEnumerable<string> Section(string heading) =>
        Prose
            .Select(l => l.Text)
            .SkipWhile(t => !(Heading().Match(t) is { Success: true } found && found.Groups[1].Value == heading))
            .Skip(1)
            .TakeWhile(t => !Heading().IsMatch(t));

    /// <summary>The cells of a table's rows, without its head.</summary>
    public static IEnumerable<string[]> Rows(IEnumerable<string> lines) =>
        lines
            .Where(l => l.StartsWith("| ", StringComparison.Ordinal))
            .Select(l => CellBorder().Split(l.Trim().Trim('|')).Select(c => c.Trim()).ToArray())
            .Skip(1);

    private static Document Read(string file)
    {
        var path = System.IO.Path.GetRelativePath(Repository.Root, file).Replace('\\', '/');
        var text = File.ReadAllText(file).ReplaceLineEndings("\n");
        var (blocks, prose) = (new List<Block>(), new List<(int, string)>());
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (!lines[i].StartsWith(Fence, StringComparison.Ordinal))
            {
                prose.Add((i + 1, lines[i]));
                continue;
            }

            var (opening, info) = (i, lines[i][Fence.Length..].Trim());
            while (lines[++i] != Fence) { }
            blocks.Add(new(path, opening + 1, info, string.Join('\n', lines[(opening + 1)..i]) + "\n"));
        }

        return new(path, text, blocks, prose);
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Span();

    [GeneratedRegex("^#{1,6} +(.+?) *$")]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\p{L}\p{N}\s_-]")]
    private static partial Regex Dropped();

    // A bar within a cell is escaped.
    [GeneratedRegex(@"(?<!\\)\|")]
    private static partial Regex CellBorder();
}
