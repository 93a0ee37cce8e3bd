using System.Reflection;

namespace ConvoSynth.Domains.Packs;

/// <summary>A pack's compiled code: its tools, and its data maker if it has a <c>Data.cs</c>.</summary>
internal sealed record PackCode(Assembly Assembly, ToolSet Tools, Func<string, int> LineOf)
{
    public static PackCode? Compile(PackSources sources, List<PackDiagnostic> faults)
    {
        var code = sources
            .Files.Where(f => f.Path.EndsWith(".cs", StringComparison.Ordinal))
            .Select(f => (f.Path, PackSources.TextOf(f.Content)))
            .ToArray();
        if (!code.Any(c => c.Path == "Tools.cs"))
        {
            faults.Add(new("Tools.cs", 0, "the file is missing"));
            return null;
        }

        if (ToolCompiler.Compile(code, faults) is not { } assembly)
            return null;
        var lineOf = LinesOf(sources);
        return ToolReading.Read(assembly, lineOf, faults) is { } tools ? new(assembly, tools, lineOf) : null;
    }

    /// <summary>The line of <c>Tools.cs</c> that declares a tool, found by the tool's name or its method's; 0 if none does.</summary>
    public static Func<string, int> LinesOf(PackSources sources)
    {
        var lines = (sources.TextOf("Tools.cs") ?? "").Split('\n');
        return tool =>
            Array.FindIndex(
                lines,
                l => l.Contains($" {tool}(", StringComparison.Ordinal) || l.Contains($" {Pascal(tool)}(", StringComparison.Ordinal)
            ) + 1;
    }

    private static string Pascal(string snake) =>
        string.Concat(snake.Split('_', StringSplitOptions.RemoveEmptyEntries).Select(w => char.ToUpperInvariant(w[0]) + w[1..]));
}
