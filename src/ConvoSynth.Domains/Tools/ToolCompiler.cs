using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using ConvoSynth.Domains.Packs;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;

namespace ConvoSynth.Domains;

/// <summary>
/// Compiles a pack's <c>Tools.cs</c>. Roslyn's first compile in a process takes seconds, so its output is cached in a folder, keyed by
/// source, compiler and references; a hit does not load Roslyn at all.
/// </summary>
public static class ToolCompiler
{
    private static readonly string[] References =
    [
        "System.Private.CoreLib",
        "System.Runtime",
        "System.Collections",
        "System.Linq",
        "System.Text.RegularExpressions",
        "System.Memory",
    ];

    /// <summary>
    /// The cache of compiled packs and of cell probes: <c>$CONVOSYNTH_CACHE</c>, else a folder in the user's local application data.
    /// </summary>
    public static string CacheFolder { get; } =
        Environment.GetEnvironmentVariable("CONVOSYNTH_CACHE") is { Length: > 0 } set
            ? set
            : Path.Combine(
                Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify)
                    is { Length: > 0 } local
                    ? local
                    : Path.GetTempPath(),
                "convosynth",
                "packs"
            );

    internal static Assembly? Compile(IReadOnlyList<(string Path, string Text)> sources, List<PackDiagnostic> faults)
    {
        var key = Convert.ToHexStringLower(
            SHA256.HashData(
                Encoding.UTF8.GetBytes(
                    $"{string.Join('\0', sources)}\n{typeof(ToolCompiler).Module.ModuleVersionId}\n"
                        + $"{typeof(ConvoSynth.Core.Json).Module.ModuleVersionId}\n{Environment.Version}"
                )
            )
        );
        if (KeptFiles.Shared.Read(key + ".dll") is { } hit)
            return Assembly.Load(hit);
        var image = Emit(sources, key, faults);
        if (image is null)
            return null;
        KeptFiles.Shared.Keep(key + ".dll", image);
        return Assembly.Load(image);
    }

    private static byte[]? Emit(IReadOnlyList<(string Path, string Text)> sources, string key, List<PackDiagnostic> faults)
    {
        var trees = sources
            .Select(s => CSharpSyntaxTree.ParseText(s.Text, new CSharpParseOptions(LanguageVersion.Latest), s.Path, Encoding.UTF8))
            .ToArray();
        var platform = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .ToLookup(p => Path.GetFileNameWithoutExtension(p), StringComparer.OrdinalIgnoreCase);
        var references = References
            .SelectMany(r => platform[r].Take(1))
            .Append(typeof(ConvoSynth.Core.Json).Assembly.Location)
            .Append(typeof(ToolCompiler).Assembly.Location)
            .Select(p => MetadataReference.CreateFromFile(p));
        var options = new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary,
            optimizationLevel: OptimizationLevel.Release,
            nullableContextOptions: NullableContextOptions.Enable,
            deterministic: true,
            concurrentBuild: false
        );
        var compilation = CSharpCompilation.Create("Pack_" + key[..12], trees, references, options);
        var found = new List<PackDiagnostic>();
        foreach (var diagnostic in compilation.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error))
            found.Add(
                new(
                    diagnostic.Location.SourceTree?.FilePath ?? "Tools.cs",
                    diagnostic.Location.GetLineSpan().StartLinePosition.Line + 1,
                    $"does not compile: {diagnostic.GetMessage()} ({diagnostic.Id})"
                )
            );
        if (found.Count == 0)
            found.AddRange(trees.SelectMany(t => BannedSymbols.In(compilation.GetSemanticModel(t), t)).Distinct());
        faults.AddRange(found);
        if (found.Count > 0)
            return null;
        using var stream = new MemoryStream();
        EmitResult result = compilation.Emit(stream);
        return result.Success
            ? stream.ToArray()
            : throw new InvalidOperationException($"the compiler failed: {string.Join("; ", result.Diagnostics)}");
    }
}
