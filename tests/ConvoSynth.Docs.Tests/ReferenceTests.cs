using System.Text;
using System.Text.RegularExpressions;

namespace ConvoSynth.Docs.Tests;

/// <summary>Tables that list what the code has list all of it. The code is read as text, wherever it lies.</summary>
public sealed partial class ReferenceTests
{
    private const int FrontPageBytes = 6_144;

    [Fact]
    public void The_front_page_stays_short() =>
        Encoding.UTF8.GetByteCount(Document.Of("README.md").Text).Should().BeLessThanOrEqualTo(FrontPageBytes);

    [Fact]
    public void Every_column_stands_in_its_place_with_its_type()
    {
        var columns = Column()
            .Matches(Repository.Source("ShardSchema.cs"))
            .Select(m => (Name: m.Groups["name"].Value, Type: TypeOf(m.Groups["kind"].Value)))
            .ToArray();
        columns.Should().HaveCountGreaterThan(30);

        var rows = Document.Of("docs/rows.md");

        Document.Rows(rows.Section("Columns")).Select(r => (Name: r[0].Trim('`'), Type: r[1])).Should().Equal(columns);
        rows.Text.Should().Contain($"the same {columns.Length} columns");
    }

    [Fact]
    public void Every_check_has_its_row_with_its_kind()
    {
        var checks = Repository
            .Sources()
            .SelectMany(s => Check().Matches(s))
            .Select(m => (Name: $"{m.Groups[1].Value}.{m.Groups[2].Value}", Kind: KindOf(m.Groups[3].Value)))
            .Concat(new[] { "correctness", "completeness", "naturalness" }.Select(c => (Name: $"committee.{c}", Kind: "judge")))
            .Concat(
                new[] { "correctness", "completeness", "satisfaction", "creativity" }.Select(c => (Name: $"blueprint.{c}", Kind: "judge"))
            )
            .ToArray();
        checks.Should().HaveCountGreaterThan(50);

        var rows =
            from row in Document.Rows(Document.Of("docs/checks.md").Section("All checks"))
            from name in row[0].Split(", ")
            select (Name: name.Trim('`'), Kind: row[1]);

        rows.Should().BeEquivalentTo(checks);
    }

    [Fact]
    public void Every_kind_of_fault_is_listed()
    {
        var kinds = FaultKind()
            .Matches(string.Concat(new[] { "FaultKinds.cs", "FaultKinds.Slices.cs", "FaultKinds.Thoughts.cs" }.Select(Repository.Source)))
            .Select(m => m.Groups[1].Value)
            .ToArray();
        kinds.Should().HaveCountGreaterThan(30);

        var section = string.Join(' ', Document.Of("docs/checks.md").Section("Planted faults"));

        Listed().Matches(section).Select(m => m.Groups[1].Value).Should().Contain(kinds);
        section.Should().Contain($"these {kinds.Length} kinds");
    }

    [Fact]
    public void Every_field_of_an_endpoint_is_listed()
    {
        var keys = Literal().Matches(Only().Match(Repository.Source("EndpointReading.cs")).Value).Select(m => m.Groups[1].Value).ToArray();
        keys.Should().HaveCountGreaterThan(10);

        var listed = Document
            .Rows(Document.Of("docs/models.md").Section("Fields of an endpoint"))
            .SelectMany(r => Listed().Matches(r[0]))
            .Select(m => m.Groups[1].Value)
            .ToHashSet(StringComparer.Ordinal);

        keys.Where(k => !listed.Contains(k)).Should().BeEmpty();
    }

    private static string TypeOf(string kind) =>
        kind switch
        {
            "Int32" => "int32",
            "new NumberColumn<long>" => "int64",
            "Text" => "string",
            "OptionalText" => "string?",
            "OptionalJson" => "json?",
            "JsonList" => "list of json",
            "TextList" => "list of string",
            _ => $"the unknown {kind}",
        };

    private static string KindOf(string kind) => kind.Length == 0 ? "exact" : kind.ToLowerInvariant();

    [GeneratedRegex("""^        (?<kind>new NumberColumn<long>|\w+)\("(?<name>[a-z_]+)",""", RegexOptions.Multiline)]
    private static partial Regex Column();

    [GeneratedRegex("""CheckName \w+ = new\("([a-z-]+)", "([a-z-]+)"(?:, CheckKind\.(\w+))?\)""")]
    private static partial Regex Check();

    [GeneratedRegex("""public const string \w+ = "([a-z-]+)";""")]
    private static partial Regex FaultKind();

    [GeneratedRegex("`([a-z_-]+)")]
    private static partial Regex Listed();

    [GeneratedRegex(@"\.Only\([^)]*\)")]
    private static partial Regex Only();

    [GeneratedRegex("\"([a-z_]+)\"")]
    private static partial Regex Literal();
}
