using System.Text.RegularExpressions;

namespace ConvoSynth.Architecture.Tests;

/// <summary>Comments and documentation name the actor: the phrases below leave open who or what is meant.</summary>
public sealed partial class PlainWords
{
    [Fact]
    public void No_comment_in_csharp_leaves_its_actor_open()
    {
        Texts.Code.Should().NotBeEmpty();
        Found(Texts.Code, CommentOf).Should().BeEmpty();
    }

    [Fact]
    public void No_page_of_the_documentation_leaves_its_actor_open()
    {
        Texts.Documentation.Should().Contain(f => f.Path == "README.md");
        Found(Texts.Documentation, line => line).Should().BeEmpty();
    }

    [Theory]
    [InlineData("Whoever asks first wins.", "Whoever")]
    [InlineData("nobody waits", "nobody")]
    [InlineData("Nobody's answer counts.", "Nobody")]
    [InlineData("Takes one that fits.", "one that")]
    [InlineData("Those that ended are left out.", "Those that")]
    [InlineData("It was had again.", "had again")]
    [InlineData("a run that is gone on with", "gone on with")]
    [InlineData("waits for the word of a partition", "the word of")]
    public void Each_phrase_is_found_in_comments_and_pages(string sentence, string phrase)
    {
        Found([("a.md", ["", sentence])], line => line).Should().Equal($"a.md:2 {phrase}");
        Found([("a.cs", [$"    /// {sentence}", $"return 1; // {sentence}"])], CommentOf)
            .Should()
            .Equal($"a.cs:1 {phrase}", $"a.cs:2 {phrase}");
    }

    [Theory]
    [InlineData("throw new ToolError(\"nobody fits\");")]
    [InlineData("var url = \"http://nobody.example\";")]
    [InlineData("// Someone thatches, and the words of both stand.")]
    public void Text_at_run_time_and_longer_words_are_not_found(string line) => Found([("a.cs", [line])], CommentOf).Should().BeEmpty();

    private static IEnumerable<string> Found(IEnumerable<(string Path, string[] Lines)> files, Func<string, string> text) =>
        from file in files
        from i in Enumerable.Range(0, file.Lines.Length)
        let match = Phrase().Match(text(file.Lines[i]))
        where match.Success
        select $"{file.Path}:{i + 1} {match.Value}";

    // Formatted code has white space before a comment. A URL in a literal has none before its slashes.
    private static string CommentOf(string line) => Comment().Match(line).Value;

    [GeneratedRegex(@"(?:^|(?<=\s))//.*")]
    private static partial Regex Comment();

    [GeneratedRegex(@"\b(?:whoever|nobody|one that|those that|had again|gone on with|the word of)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Phrase();
}
