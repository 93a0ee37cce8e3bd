using System.Text.Json.Nodes;
using ConvoSynth.Core;
using ConvoSynth.Export.Records;

namespace ConvoSynth.Serve.Audits;

/// <summary>The arguments of a recorded call, in the text that is executed.</summary>
/// <param name="Text">What to execute.</param>
/// <param name="Fault">What is wrong with the form, with its kind; null if nothing is.</param>
/// <param name="Decoded">The object behind a text that was encoded twice; null if there is none.</param>
internal sealed record ArgumentReading(string Text, (string Kind, string What)? Fault, JsonObject? Decoded)
{
    public static ArgumentReading Of(RecordedCall call, ArgumentForm form)
    {
        switch (call.Arguments)
        {
            case JsonObject map:
                return new(
                    Spelled(map),
                    form == ArgumentForm.Text
                        ? (AuditKinds.ArgumentForm, $"the arguments of {call.Name} are an object; the format wants a text")
                        : null,
                    map
                );
            case JsonValue value when value.TryGetValue(out string? text):
                return OfText(call.Name, text, form);
            case null:
                return new("{}", (AuditKinds.NoObject, $"the call of {call.Name} has no arguments"), null);
            default:
                return new(
                    call.Arguments.ToJsonString(),
                    (AuditKinds.NoObject, $"the arguments of {call.Name} are {call.Arguments.ToJsonString()}, no object"),
                    null
                );
        }
    }

    /// <summary>The node that the form wants for the decoded arguments.</summary>
    public static JsonNode Written(JsonObject decoded, ArgumentForm form) =>
        form == ArgumentForm.Object ? decoded.DeepClone() : JsonValue.Create(Spelled(decoded));

    private static ArgumentReading OfText(string tool, string text, ArgumentForm form)
    {
        if (Once(text) is not { } read)
            return new(text, (AuditKinds.NoObject, $"the arguments of {tool} are no JSON: {Cut(text)}"), null);
        if (read is JsonObject map)
            return new(
                text,
                form == ArgumentForm.Object
                    ? (AuditKinds.DoubleEncoded, $"the arguments of {tool} are the text of an object; the format wants the object")
                    : null,
                map
            );
        var inner = read;
        while (inner is JsonValue value && value.TryGetValue(out string? held))
            inner = Once(held);
        return inner is JsonObject decoded
            ? new(Spelled(decoded), (AuditKinds.DoubleEncoded, $"the arguments of {tool} are the text of a text: {Cut(text)}"), decoded)
            : new(text, (AuditKinds.NoObject, $"the arguments of {tool} are {Cut(text)}, no object"), null);
    }

    // As strict as the environment: a name that is there twice, or a comment, is no JSON.
    private static JsonNode? Once(string text) => Json.TryParse(text, out _, out _) ? JsonNode.Parse(text) : null;

    private static string Spelled(JsonObject map) => map.ToJsonString(Export.Files.JsonText.NodeOptions);

    private static string Cut(string text) => text.Length <= 80 ? text : text[..80] + "…";
}
