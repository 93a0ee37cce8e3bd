using ConvoSynth.Core;
using ConvoSynth.Core.Dialogues;

namespace ConvoSynth.Serve.Ors;

/// <summary>
/// Arguments that a client sends as null although they were not given: TRL's adapter makes a Python function of each tool, and sends all
/// of its parameters, optional ones as None.
/// </summary>
internal static class UnsetArguments
{
    /// <summary>The arguments without each null of an optional parameter that cannot be null.</summary>
    public static string LeftOut(IReadOnlyList<ToolDefinition> tools, string name, string arguments)
    {
        if (
            tools.FirstOrDefault(t => t.Name == name) is not { Parameters: var schema }
            || !Json.TryParse(arguments, out var parsed, out _)
            || parsed is not JsonMap map
        )
            return arguments;
        var required = schema["required"] is JsonList list ? list.Items.Select(i => i.Text).ToArray() : [];
        var given = map
            .Keys.Zip(map.Values)
            .Where(a => !a.Second.IsNull || required.Contains(a.First) || schema["properties"][a.First]["type"].Text is null or "null")
            .Select(a => (a.First, a.Second))
            .ToArray();
        return given.Length == map.Count ? arguments : Json.Map(given).ToString();
    }
}
