using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using ConvoSynth.Core;
using ConvoSynth.Core.Dialogues;

namespace ConvoSynth.Models.Asking;

/// <summary>
/// Removes from calls what servers add: a namespace before the name, a second encoding of the arguments, an empty object before them, or
/// the call itself around them. It changes a call only if one reading is possible; every other mistake is the model's and stays.
/// </summary>
internal static class PlainCalls
{
    private const int MaxEncodings = 3;

    /// <summary>The message with plain calls; the same message if nothing changed. Pure.</summary>
    public static Message Of(Message message, ImmutableArray<ToolDefinition> tools)
    {
        var calls = message.ToolCalls;
        for (var i = 0; i < calls.Length; i++)
        {
            var name = NameOf(calls[i].Name, tools);
            if (tools.FirstOrDefault(t => t.Name == name) is not { } tool)
                continue;
            var arguments = ArgumentsOf(calls[i].Arguments, tool);
            if (name != calls[i].Name || arguments != calls[i].Arguments)
                calls = calls.SetItem(i, calls[i] with { Name = name, Arguments = arguments });
        }

        return calls == message.ToolCalls ? message : message with { ToolCalls = calls };
    }

    // "functions.find", "default_api:find", "find:0" and " find" all name the tool "find".
    private static string NameOf(string name, ImmutableArray<ToolDefinition> tools)
    {
        if (tools.Any(t => t.Name == name))
            return name;
        var plain = name.Trim();
        if (
            plain.LastIndexOf(':') is > 0 and var colon
            && plain.AsSpan(colon + 1) is { IsEmpty: false } number
            && !number.ContainsAnyExceptInRange('0', '9')
        )
            plain = plain[..colon];
        plain = plain[(plain.AsSpan().LastIndexOfAny(".:/") + 1)..];
        return tools.Any(t => t.Name == plain) ? plain : name;
    }

    private static string ArgumentsOf(string arguments, ToolDefinition tool)
    {
        // Several servers write nothing or an empty list if a call needs no arguments. If the tool requires some, the gap is the model's
        // fault and stays.
        if (arguments.Trim() is "" or "null" or "[]")
            return tool.Parameters["required"].Items.Count == 0 ? "{}" : arguments;
        var plain = arguments;
        for (var i = 0; i < MaxEncodings && plain.AsSpan().TrimStart() is ['"', ..]; i++)
        {
            if (!Json.TryParse(plain, out var value, out _) || value.Text is not { } text)
                return arguments;
            plain = text;
        }

        plain = WithoutRepeats(plain);
        if (plain.Contains('{', StringComparison.Ordinal) && Json.TryParse(plain, out var read, out _) && read is JsonMap { Count: 2 } call)
            plain = WithoutCall(call, plain, tool);

        // If the result is still no object, the original stays for the checks to judge.
        return plain.AsSpan().TrimStart() is ['{', ..] ? plain : arguments;
    }

    // A server that joins deltas may begin with an empty object, or repeat the whole object at the end.
    private static string WithoutRepeats(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var documents = new List<string>();
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { AllowMultipleValues = true });
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.StartObject)
                    return text;
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                documents.Add(Encoding.UTF8.GetString(bytes, start, (int)reader.BytesConsumed - start));
            }
        }
        catch (JsonException)
        {
            return text;
        }

        if (documents.Count < 2)
            return text;
        string[] said =
        [
            .. documents.Where(static d => d.AsSpan(1, d.Length - 2).Trim() is { IsEmpty: false }).Distinct(StringComparer.Ordinal),
        ];
        return said.Length == 1 ? said[0] : text;
    }

    // The arguments of "find" may be the whole call: {"name": "find", "arguments": {…}}.
    private static string WithoutCall(JsonMap call, string text, ToolDefinition tool) =>
        call["name"].Text == tool.Name
        && (call["arguments"].IsNull ? call["parameters"] : call["arguments"]) is JsonMap inner
        && tool.Parameters["properties"] is var properties
        && properties["arguments"].IsNull
        && properties["parameters"].IsNull
            ? inner.ToString()
            : text;
}
