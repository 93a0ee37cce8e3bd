namespace ConvoSynth.Architecture.Tests;

/// <summary>A file's namespace is that of its folder.</summary>
public sealed class Namespaces
{
    // Types that the code of packs names. Packs are hashed into rows, and users have packs of their own.
    private static readonly string[] OfPacks =
    [
        "src/ConvoSynth.Core/Values",
        "src/ConvoSynth.Domains/Data",
        "src/ConvoSynth.Domains/Fields",
        "src/ConvoSynth.Domains/State",
        "src/ConvoSynth.Domains/Tools",
    ];

    [Fact]
    public void Every_file_of_the_program_has_the_namespace_of_its_folder()
    {
        var files = Sources.Code("src").Where(f => !f.Path.EndsWith("/Program.cs", StringComparison.Ordinal)).ToArray();

        files.Should().HaveCountGreaterThan(500);
        files
            .Where(f => !f.Lines.Contains($"namespace {NamespaceOf(f.Path)};", StringComparer.Ordinal))
            .Select(f => f.Path)
            .Should()
            .BeEmpty();
    }

    [Fact]
    public void Every_exception_is_a_folder() => OfPacks.Should().OnlyContain(f => Directory.Exists(Path.Combine(Sources.Root, f)));

    private static string NamespaceOf(string path)
    {
        var parts = path.Split('/')[1..^1];
        return OfPacks.Any(f => path.StartsWith(f + "/", StringComparison.Ordinal)) ? parts[0] : string.Join('.', parts);
    }
}
