using ConvoSynth.Core;
using ConvoSynth.Core.Dialogues;

namespace ConvoSynth.Domains.Packs;

/// <summary>A tool that looks like one of the pack's own and serves no task of it. It changes and shows nothing.</summary>
/// <param name="Like">The tool of the pack that it is mistaken for.</param>
/// <param name="Answer">What each call of it returns, an error.</param>
public sealed record LookalikeTool(string Like, ToolDefinition Definition, string Answer)
{
    public string Name => Definition.Name;

    /// <summary>Reads <c>lookalikes.yaml</c>.</summary>
    internal static IReadOnlyList<LookalikeTool> Read(YamlPart root, ToolSet tools)
    {
        var all = new List<LookalikeTool>();
        foreach (var part in root.Items)
        {
            part.Only("name", "like", "description", "parameters", "answer");
            var (name, like, description, answer) = (
                part.Require("name"),
                part.Require("like"),
                part.Require("description"),
                part.Require("answer")
            );
            if (name is null || like is null || description is null || answer is null)
                continue;
            if (tools.Find(like.Text) is not { } own)
                like.Fail($"the pack has no tool {like.Text}");
            else if (tools.Find(name.Text) is not null || all.Exists(l => l.Name == name.Text))
                name.Fail($"there is a tool {name.Text} already; give the look-alike another name");
            else
                all.Add(new(own.Name, new(name.Text, description.Text, Schema(part["parameters"])), $"Error: {answer.Text}"));
        }

        return all;
    }

    private static JsonMap Schema(YamlPart? parameters)
    {
        var named = parameters?.Entries.ToArray() ?? [];
        return (JsonMap)
            Json.Map(
                ("type", "object"),
                (
                    "properties",
                    JsonMap.Create(
                        named.Select(p =>
                            KeyValuePair.Create(p.Key, (Json)Json.Map(("type", "string"), ("description", (Json)p.Part.Text)))
                        )
                    )
                ),
                ("required", Json.List(named.Select(p => (Json)p.Key))),
                ("additionalProperties", false)
            );
    }
}
