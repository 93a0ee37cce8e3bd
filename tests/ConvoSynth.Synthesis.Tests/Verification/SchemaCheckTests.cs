using ConvoSynth.Core;
using ConvoSynth.Domains;

namespace ConvoSynth.Synthesis.Tests;

public sealed class SchemaCheckTests
{
    private static readonly Json Schema = Json.Parse("""
        { "type": "object", "required": ["address"], "additionalProperties": false, "properties": {
            "address": { "type": "object", "required": ["zip"], "additionalProperties": false, "properties": { "zip": { "type": "string" }, "lines": { "type": "array", "items": { "type": "string" } } } },
            "kind": { "type": "string", "enum": ["home", "work"] }, "ratio": { "type": "number", "minimum": 0, "maximum": 1 }, "on": { "type": "boolean" }, "any": {} } }
        """);

    [Theory]
    [InlineData("""{ "address": { "zip": "1" } }""", null)]
    [InlineData("""{ "address": { "zip": "1", "lines": ["a", "b"] }, "kind": "work", "ratio": 0.5, "on": true, "any": [null] }""", null)]
    [InlineData("""{ "address": { "zip": 1 } }""", "address.zip: 1 is no string")]
    [InlineData("""{ "address": { } }""", "address.zip: is missing")]
    [InlineData("""{ "address": { "zip": "1", "lines": ["a", null] } }""", "address.lines[1]: null is no string")]
    [InlineData("""{ "address": { "zip": "1" }, "kind": "Home" }""", "kind: \"Home\" is none of \"home\", \"work\"")]
    [InlineData("""{ "address": { "zip": "1" }, "ratio": 1.5 }""", "ratio: 1.5 is above 1")]
    [InlineData("""{ "address": { "zip": "1" }, "on": "true" }""", "on: \"true\" is no boolean")]
    [InlineData("""{ "address": [] }""", "address: [] is no object")]
    public void A_value_that_does_not_fit_is_named_by_path(string value, string? fault) => SchemaCheck.Fault(Schema, Json.Parse(value)).Should().Be(fault);

    [Fact]
    public void A_keyword_type_that_tools_do_not_use_is_an_error_and_no_pass()
    {
        var check = () => SchemaCheck.Fault(Json.Map(("type", "date")), "x");
        check.Should().Throw<NotSupportedException>().WithMessage("*date*");
    }
}
