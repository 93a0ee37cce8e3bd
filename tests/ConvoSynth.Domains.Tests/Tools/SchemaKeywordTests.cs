using ConvoSynth.Core;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Tests.Acceptance;

namespace ConvoSynth.Domains.Tests.Tools;

/// <summary>A pack cannot show the model a limit on an argument that no check enforces.</summary>
public sealed class SchemaKeywordTests
{
    private const string Weeks = "[Range(1, 3)] int weeks";

    [Theory]
    [InlineData(
        """{ "type": "object", "minProperties": 1, "properties": { "a": { "type": "string" } } }""",
        "the JSON Schema keyword minProperties is not checked"
    )]
    [InlineData(
        """{ "type": "object", "properties": { "a": {}, "b": { "type": "string", "pattern": "^M" } } }""",
        "properties.b: the JSON Schema keyword pattern is not checked"
    )]
    [InlineData(
        """{ "type": "array", "items": { "type": "string", "format": "date" } }""",
        "items: the JSON Schema keyword format is not checked"
    )]
    [InlineData(
        """{ "properties": { "a": { "type": "array", "items": { "properties": { "b": { "anyOf": [] } } } } } }""",
        "properties.a.items.properties.b: the JSON Schema keyword anyOf is not checked"
    )]
    [InlineData("""{ "properties": { "a": true } }""", "properties.a: true is no schema that is checked")]
    [InlineData(
        """{ "additionalProperties": { "type": "string" } }""",
        "the JSON Schema keyword additionalProperties is checked only as true or false"
    )]
    [InlineData("""{ "type": ["string", "null"] }""", "the JSON Schema keyword type is checked only as the name of one JSON type")]
    public void A_keyword_that_is_not_checked_is_found_wherever_it_stands(string schema, string reason) =>
        SchemaKeywords.AllUnchecked(Json.Parse(schema)).Should().ContainSingle().Which.Should().StartWith(reason);

    [Fact]
    public void The_schemas_of_a_sound_pack_hold_checked_keywords_only()
    {
        using var pack = new TinyPack().With(
            "Tools.cs",
            Weeks,
            "[Range(1, 3), About(\"How long\")] int weeks, [OneOf(\"a\", \"b\")] string[]? desks = null"
        );

        pack.Load().Tools.All.Should().HaveCount(3).And.OnlyContain(t => !SchemaKeywords.AllUnchecked(t.Definition.Parameters, "").Any());
    }

    [Theory]
    [InlineData("[Range(1, 3)] double weeks", "RenewLoan.weeks: [Range] limits whole numbers")]
    [InlineData("[OneOf(\"1\", \"2\")] int weeks", "RenewLoan.weeks: [OneOf] limits texts")]
    [InlineData("[Range(1, 3)] string[] weeks", "RenewLoan.weeks: [Range] limits whole numbers")]
    [InlineData(
        "[System.Diagnostics.CodeAnalysis.StringSyntax(\"Regex\")] string weeks",
        "RenewLoan.weeks: [StringSyntax] goes into no JSON Schema"
    )]
    [InlineData("[Pattern(\"^[1-3]$\")] string weeks", "RenewLoan.weeks: [Pattern] goes into no JSON Schema")]
    [InlineData("Stay weeks", "RenewLoan.weeks.Days: [Range] limits whole numbers")]
    [InlineData("Stay[] weeks", "RenewLoan.weeks.Days: [Range] limits whole numbers")]
    public void An_attribute_that_no_schema_can_hold_is_refused_with_file_line_and_tool(string argument, string reason)
    {
        using var pack = new TinyPack()
            .With("Tools.cs", Weeks, argument)
            .With("Tools.cs", "if (weeks > 3) throw new ToolError(\"three weeks at most\");", "")
            .With("Tools.cs", "7 * weeks", "7")
            .With(
                "Tools.cs",
                "namespace ConvoSynth.Packs.Tiny;",
                """
                namespace ConvoSynth.Packs.Tiny;

                public sealed record Stay([Range(1, 3)] double Days);

                [AttributeUsage(AttributeTargets.Parameter)]
                public sealed class PatternAttribute(string text) : Attribute { public string Text { get; } = text; }
                """
            );
        var line = pack.LineOf("Tools.cs", "Row RenewLoan(");

        var fault = FluentActions
            .Invoking(pack.Load)
            .Should()
            .Throw<PackException>()
            .Which.Faults.Should()
            .ContainSingle(f => f.Reason.StartsWith(reason))
            .Which;

        (fault.File, fault.Line).Should().Be(("Tools.cs", line));
        fault.Reason.Should().EndWith("throw a ToolError", "the author is told what to do instead");
    }

    [Fact]
    public void An_attribute_beside_the_constructor_of_a_record_does_not_compile()
    {
        using var pack = new TinyPack().With(
            "Tools.cs",
            "namespace ConvoSynth.Packs.Tiny;",
            """
            namespace ConvoSynth.Packs.Tiny;

            public sealed record Stay([property: Range(1, 3)] int Days);
            """
        );

        FluentActions.Invoking(pack.Load).Should().Throw<PackException>().Which.Faults.Should().Contain(f => f.Reason.Contains("CS0592"));
    }
}
