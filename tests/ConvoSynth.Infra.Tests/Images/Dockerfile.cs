using System.Text.Json;

namespace ConvoSynth.Infra.Tests.Images;

/// <param name="Stage">From 0.</param>
internal sealed record Instruction(int Stage, string Name, string Arguments);

/// <summary>A Dockerfile by its instructions. Here-documents and other escapes are not read.</summary>
internal sealed class Dockerfile(string text)
{
    public static Dockerfile Image { get; } = new(Infra.Read("Dockerfile"));

    public IReadOnlyList<Instruction> Instructions { get; } = [.. Parse(text)];

    public IEnumerable<Instruction> Final => Instructions.Where(i => i.Stage == Instructions[^1].Stage);

    /// <summary>The arguments of the last instruction of a name, in the final stage.</summary>
    public string Last(string name) => Final.Last(i => i.Name == name).Arguments;

    /// <summary>The first word of the entry point.</summary>
    public string EntryPoint => JsonSerializer.Deserialize<string[]>(Last("ENTRYPOINT"))!.Single();

    /// <summary>What the build reads of the repository.</summary>
    public IEnumerable<string> Read =>
        from copy in Instructions
        where copy.Name == "COPY" && !copy.Arguments.Contains("--from", StringComparison.Ordinal)
        from source in copy.Arguments.Split(' ')[..^1]
        select source;

    /// <summary>The file of the built program that stands in the image at a path.</summary>
    public static string ProgramOf(string path) => Path.Combine(Program.Folder, Path.GetRelativePath(Image.Last("WORKDIR"), path));

    private static IEnumerable<Instruction> Parse(string text)
    {
        var stage = -1;
        foreach (var line in text.Split('\n').Where(l => l.Length > 0 && l[0] != '#'))
        {
            var (name, arguments) = (line.Split(' ')[0], line[line.IndexOf(' ', StringComparison.Ordinal)..].Trim());
            if (name == "FROM")
                stage++;
            yield return new(stage, name, arguments);
        }
    }
}
