using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ConvoSynth.Architecture.Tests;

/// <summary>A file holds one idea, and a method asks for what fits in a head.</summary>
public sealed class Sizes
{
    private const int Lines = 250;
    private const int Parameters = 6;

    // Still too long. A file leaves this list once it is split.
    private static readonly string[] LongFiles =
    [
        "src/ConvoSynth.Rehearsal/Faults/LooseWords.cs",
        "src/ConvoSynth.Verification/Checks/ClaimsClaims.cs",
        "src/ConvoSynth.Verification/Checks/ClaimsPermission.cs",
        "src/ConvoSynth.Verification/Checks/ClaimsState.cs",
        "src/ConvoSynth.Verification/Language/ActClaims.cs",
        "src/ConvoSynth.Verification/Language/ChangedValue.cs",
        "src/ConvoSynth.Verification/Language/Confirmation.cs",
        "src/ConvoSynth.Verification/Language/Cues.cs",
        "src/ConvoSynth.Verification/Language/KnownAmounts.cs",
        "src/ConvoSynth.Verification/Language/OutputSaid.cs",
        "src/ConvoSynth.Verification/Language/WriteSlots.cs",
    ];

    // Still with more parameters, as "file method". Wire contracts and records are no methods.
    private static readonly string[] WideMethods =
    [
        "src/ConvoSynth.Cli/Audits/MutantAudit.cs Run",
        "src/ConvoSynth.Domains/Sampling/BlueprintSampler.cs TryCell",
        "src/ConvoSynth.Domains/Sampling/BlueprintSampler.cs Compose",
        "src/ConvoSynth.Verification/Audits/KindAudit.cs Run",
        "src/ConvoSynth.Verification/Checks/ClaimsClaims.cs Reports",
        "src/ConvoSynth.Verification/Checks/ClaimsClaims.cs Judge",
        "src/ConvoSynth.Verification/Checks/ClaimsClaims.cs JudgeManaged",
        "src/ConvoSynth.Verification/Checks/ClaimsPermission.cs Forbidden",
        "src/ConvoSynth.Verification/Checks/ClaimsState.cs JudgeRows",
        "src/ConvoSynth.Verification/Checks/ClaimsState.cs Compare",
        "src/ConvoSynth.Verification/Checks/ClaimsState.cs JudgePerson",
        "src/ConvoSynth.Verification/Language/WriteSlots.cs AddRecord",
        "src/ConvoSynth.Verification/Language/WriteSlots.cs AddRow",
        "src/ConvoSynth.Verification/Verifiers/LostWrites.cs RowMayStand",
    ];

    [Fact]
    public void No_file_has_more_than_250_lines() =>
        Files().Where(f => f.Lines > Lines).Select(f => f.Path).Should().BeEquivalentTo(LongFiles);

    [Fact]
    public void No_method_has_more_than_six_parameters() =>
        Files().SelectMany(f => Wide(f.Text).Select(m => $"{f.Path} {m}")).Should().BeEquivalentTo(WideMethods);

    [Fact]
    public void A_method_of_seven_parameters_is_found() =>
        Wide("class A { A(int a) { } void B(int a, int b, int c, int d, int e, int f, int g) { } }").Should().Equal("B");

    private static IEnumerable<(string Path, string Text, int Lines)> Files() =>
        from path in Directory.EnumerateFiles(Path.Combine(Sources.Root, "src"), "*.cs", SearchOption.AllDirectories)
        let text = File.ReadAllText(path)
        select (Path.GetRelativePath(Sources.Root, path).Replace('\\', '/'), text, text.AsSpan().Count('\n'));

    private static IEnumerable<string> Wide(string text) =>
        CSharpSyntaxTree
            .ParseText(text)
            .GetRoot()
            .DescendantNodes()
            .Select(Signature)
            .Where(s => s.Parameters > Parameters)
            .Select(s => s.Name);

    private static (string Name, int Parameters) Signature(SyntaxNode member) =>
        member switch
        {
            MethodDeclarationSyntax m => (m.Identifier.Text, m.ParameterList.Parameters.Count),
            ConstructorDeclarationSyntax c => (c.Identifier.Text, c.ParameterList.Parameters.Count),
            LocalFunctionStatementSyntax l => (l.Identifier.Text, l.ParameterList.Parameters.Count),
            _ => ("", 0),
        };
}
