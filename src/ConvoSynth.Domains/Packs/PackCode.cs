using System.Reflection;
using System.Text;

namespace ConvoSynth.Domains;

/// <summary>A pack's compiled code: its tools, and its data maker if it has a <c>Data.cs</c>.</summary>
internal sealed record PackCode(Assembly Assembly, ToolSet Tools, Func<string, int> LineOf)
{
    public static PackCode? Compile(PackSources sources, List<PackFault> faults)
    {
        var code = sources.Files.Where(f => f.Path.EndsWith(".cs", StringComparison.Ordinal))
            .Select(f => (f.Path, Encoding.UTF8.GetString(f.Content).ReplaceLineEndings("\n"))).ToArray();
        if (!code.Any(c => c.Path == "Tools.cs"))
        {
            faults.Add(new("Tools.cs", 0, "the file is missing"));
            return null;
        }

        if (ToolCompiler.Compile(code, faults) is not { } assembly) return null;
        var lines = code.First(c => c.Path == "Tools.cs").Item2.Split('\n');
        int LineOf(string tool) => Array.FindIndex(lines, l => l.Contains($" {tool}(", StringComparison.Ordinal) || l.Contains($" {Pascal(tool)}(", StringComparison.Ordinal)) + 1;
        return ToolReading.Read(assembly, LineOf, faults) is { } tools ? new(assembly, tools, LineOf) : null;
    }

    private static string Pascal(string snake) => string.Concat(snake.Split('_', StringSplitOptions.RemoveEmptyEntries).Select(w => char.ToUpperInvariant(w[0]) + w[1..]));
}
