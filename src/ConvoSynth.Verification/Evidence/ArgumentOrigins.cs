using ConvoSynth.Core;
using ConvoSynth.Dialogues.Traces;

namespace ConvoSynth.Verification.Evidence;

/// <summary>
/// The origin of each argument of each call, one of: <c>user</c>, <c>observation</c>, <c>normalised</c> (the human said it in another
/// spelling), <c>policy</c>, <c>schema</c> (one of the values that the tool lists), <c>default</c>, <c>computed</c> or <c>none</c>.
/// </summary>
public static class ArgumentOrigins
{
    /// <summary>Per call of the trace, a map from argument path (<c>weeks</c>, <c>item_ids[1]</c>, <c>address.zip</c>) to
    /// origin.</summary>
    public static IReadOnlyList<Json> Of(Trace trace)
    {
        if (trace.Calls.Count == 0)
            return [];
        var origins = new Json[trace.Calls.Count];
        for (var i = 0; i < origins.Length; i++)
            origins[i] = Of(trace, i);
        return origins;
    }

    private static JsonMap Of(Trace trace, int index)
    {
        var call = trace.Calls[index];
        if (call.Tool is null || call.Arguments is not JsonMap { Count: > 0 } arguments)
            return JsonMap.Empty;
        var found = new List<KeyValuePair<string, Json>>(arguments.Count);
        var sources = new ValueSources(trace, index);
        foreach (var meaning in PackMeaning.Of(trace.Pack).Arguments(call.Tool))
        {
            if (arguments.TryGet(meaning.Parameter.Name, out var value))
                Add(meaning.Parameter.Name, meaning, value, sources, found);
        }

        return JsonMap.Create(found);
    }

    private static void Add(string path, ArgumentMeaning meaning, Json value, ValueSources sources, List<KeyValuePair<string, Json>> found)
    {
        switch (value)
        {
            case JsonList list:
                for (var i = 0; i < list.Span.Length; i++)
                    Add($"{path}[{i}]", meaning, list.Span[i], sources, found);
                break;
            case JsonMap map:
                for (var i = 0; i < map.Count; i++)
                    Add($"{path}.{map.Keys[i]}", meaning.Parts.GetValueOrDefault(map.Keys[i]) ?? meaning, map.Values[i], sources, found);
                break;
            default:
                found.Add(new(path, sources.OriginOf(meaning, value)));
                break;
        }
    }
}
