using ConvoSynth.Domains.Packs;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ConvoSynth.Domains;

/// <summary>
/// The symbols that a pack's code may use: values, collections, LINQ and the pack API. Files, network, clocks, randomness, threads and
/// reflection are refused, so that a tool is a function of its database and arguments. This is no sandbox: a pack is code, and its
/// author is trusted to that degree.
/// </summary>
internal static class BannedSymbols
{
    private static readonly HashSet<string> Namespaces = new(StringComparer.Ordinal)
    {
        "System",
        "System.Collections.Generic",
        "System.Collections.Immutable",
        "System.Linq",
        "System.Globalization",
        "System.Text",
        "System.Text.RegularExpressions",
        "System.Diagnostics.CodeAnalysis",
        "System.Runtime.CompilerServices",
        "ConvoSynth.Core",
        "ConvoSynth.Domains",
    };

    private static readonly HashSet<string> Types = new(StringComparer.Ordinal)
    {
        "System.Environment",
        "System.Console",
        "System.GC",
        "System.AppDomain",
        "System.AppContext",
        "System.Activator",
        "System.Random",
        "System.Type",
        "System.RuntimeTypeHandle",
        "System.TimeProvider",
        "System.Guid",
        "System.WeakReference",
        "System.Progress",
        "System.TimeZoneInfo",
        "System.Lazy",
        "System.Buffer",
        "System.IntPtr",
        "System.Runtime.CompilerServices.Unsafe",
        "System.Runtime.CompilerServices.RuntimeHelpers",
    };

    private static readonly HashSet<string> Members = new(StringComparer.Ordinal)
    {
        "Now",
        "UtcNow",
        "Today",
        "GetType",
        "DynamicInvoke",
        "AsParallel",
    };

    public static IEnumerable<PackDiagnostic> In(SemanticModel model, SyntaxTree tree)
    {
        foreach (var name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>())
        {
            if (model.GetSymbolInfo(name).Symbol is not { } symbol || Reason(symbol) is not { } reason)
                continue;
            yield return new(tree.FilePath, name.GetLocation().GetLineSpan().StartLinePosition.Line + 1, reason);
        }

        if (tree.GetRoot().DescendantNodes().OfType<UnsafeStatementSyntax>().FirstOrDefault() is { } @unsafe)
            yield return new(
                tree.FilePath,
                @unsafe.GetLocation().GetLineSpan().StartLinePosition.Line + 1,
                "unsafe code is banned in a pack"
            );
    }

    private static string? Reason(ISymbol symbol)
    {
        var type = symbol as INamedTypeSymbol ?? symbol.ContainingType;
        if (type is null || type.Locations.Any(l => l.IsInSource))
            return null;
        var space = type.ContainingNamespace?.ToDisplayString() ?? "";
        var full = $"{space}.{type.Name}";
        if (!Namespaces.Contains(space))
            return $"{full} is banned in a pack: only values, collections, LINQ and the pack API may be named";
        if (Types.Contains(full))
            return $"{full} is banned in a pack: a tool is a function of its database and arguments";
        return space == "System" && Members.Contains(symbol.Name)
            ? $"{full}.{symbol.Name} is banned in a pack: use db.Now or db.Today"
            : null;
    }
}
