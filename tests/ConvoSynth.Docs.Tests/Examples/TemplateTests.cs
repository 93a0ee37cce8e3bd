using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace ConvoSynth.Docs.Tests.Examples;

/// <summary>The C# of the recipes compiles against the program as it stands.</summary>
public sealed class TemplateTests
{
    // A recipe adds files to a project, so what is internal there is in its reach and not in that of these tests.
    private const string Inaccessible = "CS0122";

    private const string Usings = """
        using System; using System.Collections.Generic; using System.Collections.Immutable; using System.Net.Http; using System.Threading;
        using System.Threading.Tasks; using ConvoSynth.Core; using ConvoSynth.Core.Campaigns; using ConvoSynth.Core.Verdicts;
        using ConvoSynth.Domains; using Microsoft.Extensions.Logging;
        """;

    /// <summary>What stands around a template, by the word behind its fence; <c>TEMPLATE</c> is the template.</summary>
    private static readonly Dictionary<string, string> Around = new(StringComparer.Ordinal)
    {
        ["check"] = """
            using ConvoSynth.Dialogues.Traces; using ConvoSynth.Verification; using ConvoSynth.Verification.Checks;
            using ConvoSynth.Verification.Evidence;
            TEMPLATE
            """,
        ["fault"] = """
            using ConvoSynth.Rehearsal.Faults;
            static class FaultKinds { public const string LateGreeting = "late-greeting"; }
            static class Rules { static readonly FaultRule[] All = [ TEMPLATE ]; }
            """,
        ["endpoint"] = """
            using ConvoSynth.Models.Asking; using ConvoSynth.Models.Endpoints; using ConvoSynth.Models.Protocols;
            TEMPLATE
            """,
        ["grain-method"] = """
            using ConvoSynth.Grains; using ConvoSynth.Grains.Campaign; using Orleans; using Orleans.Concurrency;
            interface IPartition : IGrainWithStringKey { TEMPLATE }
            """,
    };

    public static TheoryData<string> Templates => [.. Blocks().Select(b => $"{b}")];

    [Theory]
    [MemberData(nameof(Templates))]
    public void A_template_compiles(string where)
    {
        var block = Blocks().Single(b => $"{b}" == where);

        Errors(Around[block.Words.Single()], block.Text).Should().BeEmpty();
    }

    [Fact]
    public void A_template_with_a_name_that_is_gone_is_found() =>
        Errors(Around["fault"], "new(FaultKinds.LateGreeting, Fault.Anyone, [], \"\")")
            .Should()
            .ContainSingle()
            .Which.Should()
            .Contain("Anyone");

    [Fact]
    public void Every_block_of_csharp_is_a_template_or_the_code_of_the_documented_pack() =>
        Document
            .All.SelectMany(d => d.Blocks.Where(b => b.Language == "csharp" && PackTests.Files(d).All(f => f.Text != b.Text)))
            .Where(b => !b.Words.Any(Around.ContainsKey))
            .Should()
            .BeEmpty();

    private static IEnumerable<Block> Blocks() => Document.All.SelectMany(d => d.Blocks).Where(b => b.Words.Any(Around.ContainsKey));

    private static string[] Errors(string around, string template)
    {
        var code =
            Usings
            + around.Replace(
                "TEMPLATE",
                template.Replace("…", "throw new NotImplementedException()", StringComparison.Ordinal),
                StringComparison.Ordinal
            );
        var platform = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        return
        [
            .. CSharpCompilation
                .Create(
                    "Template",
                    [CSharpSyntaxTree.ParseText(code)],
                    platform.Select(p => MetadataReference.CreateFromFile(p)),
                    new(OutputKind.DynamicallyLinkedLibrary, metadataImportOptions: MetadataImportOptions.All)
                )
                .GetDiagnostics()
                .Where(d => d.Severity == DiagnosticSeverity.Error && d.Id != Inaccessible)
                .Select(d => $"{d.Id} {d.GetMessage()}"),
        ];
    }
}
