using System.Text.RegularExpressions;

namespace ConvoSynth.Architecture.Tests;

/// <summary>A name says what a part does: Utils, Helpers and Manager fit any part, and so collect what has no place.</summary>
public sealed partial class TellingNames
{
    [Fact]
    public void No_folder_under_src_is_named_utils_helpers_or_manager() =>
        Directory
            .EnumerateDirectories(Path.Combine(Sources.Root, "src"), "*", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(Sources.Root, f))
            .Should()
            .NotBeEmpty()
            .And.NotContain(f => SaysNothing(Path.GetFileName(f)));

    [Fact]
    public void No_file_is_named_utils_helpers_or_manager() =>
        Texts.Code.Select(f => f.Path).Should().NotBeEmpty().And.NotContain(p => SaysNothing(FileName(p)));

    [Fact]
    public void No_type_is_named_utils_helpers_or_manager()
    {
        var types = Texts.Code.SelectMany(f => f.Lines.SelectMany(TypesOf), (f, type) => (f.Path, Type: type)).ToArray();

        types.Should().Contain(("src/ConvoSynth.Core/Campaigns/RunSpec.cs", "RunSpec"));
        types.Should().NotContain(t => SaysNothing(t.Type));
    }

    [Theory]
    [InlineData("Utils")]
    [InlineData("Helpers")]
    [InlineData("Manager")]
    [InlineData("helpers")]
    [InlineData("JsonUtils")]
    [InlineData("RetryHelper")]
    [InlineData("ShardManager")]
    [InlineData("ConvoSynth.Utilities")]
    public void Each_name_that_fits_any_part_is_found(string name) => SaysNothing(name).Should().BeTrue();

    [Theory]
    [InlineData("Manifest")]
    [InlineData("ManagerialPersona")]
    [InlineData("Utilization")]
    public void A_name_that_tells_is_not_found(string name) => SaysNothing(name).Should().BeFalse();

    [Theory]
    [InlineData("public sealed partial class Alpha", "Alpha")]
    [InlineData("internal readonly record struct Beta(int Row);", "Beta")]
    [InlineData("    private sealed record Gamma<T>(T Value);", "Gamma")]
    [InlineData("public interface IDelta;", "IDelta")]
    [InlineData("internal enum Epsilon", "Epsilon")]
    public void The_name_of_each_kind_of_type_is_read(string line, string name) => TypesOf(line).Should().Equal(name);

    private static bool SaysNothing(string name) => EmptyName().IsMatch(name);

    private static string FileName(string path) => Path.GetFileName(path).Split('.')[0];

    private static IEnumerable<string> TypesOf(string line) => TypeName().Matches(line).Select(m => m.Groups["name"].Value);

    [GeneratedRegex(@"(?:^|[a-z0-9.])(?:Utils?|Utility|Utilities|Helpers?|Managers?)$|^(?:utils?|helpers?|managers?)$")]
    private static partial Regex EmptyName();

    [GeneratedRegex(
        @"^\s*(?:(?:public|internal|private|protected|file|static|sealed|abstract|readonly|partial|ref) )*"
            + @"(?:record struct|record class|class|struct|record|interface|enum) (?<name>\w+)"
    )]
    private static partial Regex TypeName();
}
