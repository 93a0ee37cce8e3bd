namespace ConvoSynth.Architecture.Tests;

/// <summary>Lines fit on a screen. The formatter breaks code but neither comments nor literals.</summary>
public sealed class LineLengths
{
    private const int Columns = 140;

    [Fact]
    public void No_line_of_a_csharp_file_is_longer_than_140_columns()
    {
        Texts.Code.Should().NotBeEmpty();
        TooLong(Texts.Code).Should().BeEmpty();
    }

    [Fact]
    public void A_line_of_141_columns_is_found() =>
        TooLong([("a.cs", [new('x', Columns), new('x', Columns + 1)])]).Should().Equal("a.cs:2 has 141 columns");

    private static IEnumerable<string> TooLong(IEnumerable<(string Path, string[] Lines)> files) =>
        from file in files
        from i in Enumerable.Range(0, file.Lines.Length)
        where file.Lines[i].Length > Columns
        select $"{file.Path}:{i + 1} has {file.Lines[i].Length} columns";
}
