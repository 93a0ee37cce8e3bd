using ConvoSynth.Core;
using ConvoSynth.Domains;

namespace ConvoSynth.Verification.Tests;

public sealed class SchemaCheckTests
{
    private static readonly Json Schema = Json.Parse(
        """
        { "type": "object", "required": ["address"], "additionalProperties": false, "properties": {
            "address": { "type": "object", "required": ["zip"], "additionalProperties": false, "properties": {
                "zip": { "type": "string" }, "lines": { "type": "array", "items": { "type": "string" } } } },
            "kind": { "type": "string", "enum": ["home", "work"] }, "ratio": { "type": "number", "minimum": 0, "maximum": 1 },
            "on": { "type": "boolean" }, "any": {} } }
        """
    );

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
    public void A_value_that_does_not_fit_is_named_by_path(string value, string? fault) =>
        SchemaCheck.Fault(Schema, Json.Parse(value)).Should().Be(fault);

    [Theory]
    [InlineData("""{ "type": "date" }""", "\"x\"", "type")]
    [InlineData("""{ "type": ["string", "null"] }""", "\"x\"", "type")]
    [InlineData("""{ "type": "string", "pattern": "^M" }""", "\"x\"", "pattern")]
    [InlineData("""{ "type": "object", "minProperties": 1 }""", "{}", "minProperties")]
    [InlineData(
        """{ "type": "object", "properties": { "code": { "type": "string", "maxLength": 3 } } }""",
        """{ "code": "x" }""",
        "maxLength"
    )]
    [InlineData("""{ "type": "array", "items": { "type": "number", "multipleOf": 0.5 } }""", "[1]", "multipleOf")]
    [InlineData("""{ "type": "array", "items": [{ "type": "number" }] }""", "[1]", "items")]
    public void A_keyword_that_is_not_checked_is_an_error_and_no_pass(string schema, string value, string keyword)
    {
        var check = () => SchemaCheck.Fault(Json.Parse(schema), Json.Parse(value));

        check.Should().Throw<NotSupportedException>().WithMessage($"the JSON Schema keyword {keyword} is *");
    }
}
