using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace ConvoSynth.Architecture.Tests;

/// <summary>Every package has a use and a reason, and every suppressed warning has a reason.</summary>
public sealed partial class Packages
{
    private const string Pinned = "Pinned";

    private static readonly string[] Projects =
    [
        .. new[] { "src", "tests" }.SelectMany(f =>
            Directory.EnumerateFiles(Path.Combine(Sources.Root, f), "*.csproj", SearchOption.AllDirectories)
        ),
        Path.Combine(Sources.Root, "Directory.Build.props"),
        Path.Combine(Sources.Root, "tests", "Directory.Build.props"),
    ];

    private static readonly XElement[] Versions =
    [
        .. XDocument.Load(Path.Combine(Sources.Root, "Directory.Packages.props")).Descendants("PackageVersion"),
    ];

    [Fact]
    public void Every_package_version_is_referenced_or_pinned()
    {
        var referenced = Projects
            .SelectMany(p => XDocument.Load(p).Descendants("PackageReference"))
            .Select(r => Name(r))
            .ToHashSet(StringComparer.Ordinal);
        referenced.Should().HaveCountGreaterThan(20);

        Versions
            .Where(v => !Label(v).StartsWith(Pinned, StringComparison.Ordinal))
            .Select(Name)
            .Where(n => !referenced.Contains(n))
            .Should()
            .BeEmpty();
    }

    [Fact]
    public void Every_package_version_stands_in_a_group_that_says_what_it_is_for() =>
        Versions.Should().HaveCountGreaterThan(30).And.OnlyContain(v => Label(v).Length > 10);

    [Fact]
    public void Every_package_stands_there_once() => Versions.Select(Name).Should().OnlyHaveUniqueItems();

    [Fact]
    public void Every_project_leaves_versions_to_the_central_file() =>
        Projects
            .SelectMany(p => XDocument.Load(p).Descendants("PackageReference"))
            .Should()
            .OnlyContain(r => r.Attribute("Version") == null && r.Attribute("VersionOverride") == null);

    [Fact]
    public void Every_warning_that_is_switched_off_has_its_reason_beside_it()
    {
        var lines = new[] { "src", "tests" }
            .SelectMany(f => Directory.EnumerateFiles(Path.Combine(Sources.Root, f), "*.cs", SearchOption.AllDirectories))
            .Concat(Projects)
            .Select(p => (Path: Path.GetRelativePath(Sources.Root, p), Lines: File.ReadAllLines(p)))
            .ToArray();

        Unexplained(lines).Should().BeEmpty();
    }

    [Theory]
    [InlineData("#pragma warning disable CA1001")]
    [InlineData("<NoWarn>$(NoWarn);CA1001</NoWarn>")]
    [InlineData("[SuppressMessage(\"Design\", \"CA1001\")]")]
    public void One_without_a_reason_is_found(string line)
    {
        Unexplained([("a.cs", ["", line])]).Should().Equal("a.cs:2");
        Unexplained([("a.cs", ["// The reason.", line])]).Should().BeEmpty();
        Unexplained([("a.cs", ["<!-- The reason, over", "two lines. -->", line])]).Should().BeEmpty();
    }

    private static IEnumerable<string> Unexplained(IEnumerable<(string Path, string[] Lines)> files) =>
        from file in files
        from i in Enumerable.Range(0, file.Lines.Length)
        where SwitchesOff().IsMatch(file.Lines[i]) && !Reason().IsMatch(file.Lines[i]) && !(i > 0 && IsReason(file.Lines[i - 1]))
        select $"{file.Path}:{i + 1}";

    // Of two settings that belong together, the first states the reason.
    private static bool IsReason(string before) =>
        before.TrimStart().StartsWith("//", StringComparison.Ordinal)
        || before.TrimEnd().EndsWith("-->", StringComparison.Ordinal)
        || SwitchesOff().IsMatch(before);

    private static string Name(XElement package) => package.Attribute("Include")!.Value;

    private static string Label(XElement package) => package.Parent!.Attribute("Label")?.Value ?? "";

    [GeneratedRegex(@"^\s*(#pragma warning disable|<NoWarn>|<WarningsNotAsErrors>|\[SuppressMessage)")]
    private static partial Regex SwitchesOff();

    [GeneratedRegex(@"//|Justification")]
    private static partial Regex Reason();
}
