using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;

namespace ConvoSynth.Domains.Packs;

/// <summary>Reads <c>personas.yaml</c>.</summary>
internal static class PersonaReading
{
    public static List<Persona> Read(YamlPart root)
    {
        var personas = root
            .Items.Select(p =>
            {
                p.Only("name", "manner", "traits");
                foreach (var (trait, part) in p["traits"]?.Entries ?? [])
                {
                    if (part.Json.Number is not (>= 0 and <= 1))
                        part.Fail($"the trait {trait} is a number from 0 to 1, such as 0.5, not {part.Json}");
                }

                return new Persona(p.Require("name")?.Text ?? "", p.Require("manner")?.Text ?? "", p["traits"]?.Json ?? JsonMap.Empty);
            })
            .ToList();
        if (personas.Count == 0)
            root.Fail("at least one persona is needed");
        return personas;
    }
}
