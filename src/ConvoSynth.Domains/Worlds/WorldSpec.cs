using ConvoSynth.Core;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Worlds;

/// <summary>
/// What varies from world to world: <c>worlds.yaml</c> of a pack. Each parameter has its value in the pack's own database and the
/// generator of its values in worlds; tables may have other recipes there than in data.yaml.
/// </summary>
internal sealed class WorldSpec
{
    public const string File = "worlds.yaml";

    private readonly List<(string Name, Json Value, YamlPart At)> _parameters = [];

    /// <summary>Table → what worlds make otherwise.</summary>
    public YamlPart? Tables { get; private init; }

    /// <summary>The parameters of the pack's own database.</summary>
    public PackParameters Own => new([.. _parameters.Select(p => KeyValuePair.Create(p.Name, p.Value))]);

    /// <summary>Null for a pack without the file: its worlds differ by the seed of their data alone.</summary>
    public static WorldSpec? Of(PackFolder files, List<PackDiagnostic> faults) =>
        files.TextOf(File) is { } text && YamlPart.Parse(File, text, faults) is { } root ? Read(root) : null;

    /// <summary>The parameters of a world, each with a generator of its own. One may refer to those above it.</summary>
    public PackParameters Draw(Generators generators, MadeTables made, Seed seed)
    {
        var text = new RecipeText(generators, entity: null, made);
        var draft = new RowDraft(made, entity: null, seed, 0, 0);
        foreach (var (name, value, at) in _parameters)
        {
            try
            {
                if (at["worlds"] is { } recipe)
                    draft.Fill(name, text.Read(recipe.Text).Draw);
                else
                    draft.Put(name, value);
            }
            catch (ToolError e)
            {
                at.Fail($"{name}: {e.Message}");
            }
        }

        return new([.. draft.Values.Keys.Select(k => KeyValuePair.Create(k, draft.Values[k]))]);
    }

    private static WorldSpec Read(YamlPart root)
    {
        root.Only("parameters", "tables");
        var spec = new WorldSpec { Tables = root["tables"] };
        foreach (var (name, part) in root["parameters"]?.Entries ?? [])
        {
            part.Only("is", "worlds");
            spec._parameters.Add((name, part.Require("is")?.Json ?? Json.Null, part));
        }

        return spec;
    }
}
