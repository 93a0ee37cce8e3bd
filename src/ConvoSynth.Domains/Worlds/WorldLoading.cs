using ConvoSynth.Core;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Worlds;

/// <summary>Makes worlds of a pack: each a database of its own seed, with policy, data and guards under that seed's parameters.</summary>
public static class WorldLoading
{
    /// <summary>A world of the pack. The same pack and seed give the same world.</summary>
    /// <exception cref="PackException">The generator made no valid database; the message lists the errors.</exception>
    public static Pack Make(Pack pack, Seed seed)
    {
        var faults = new List<PackDiagnostic>();
        var files = new PackFolder(pack.Sources);
        if (WorldSpec.Of(files, faults) is { } spec)
        {
            var made = new MadeTables(pack.Domain);
            files.Parameters = spec.Draw(
                DataGeneration.Generators(files, pack.Domain, made, faults, isWorld: true),
                made,
                seed.For("parameters")
            );
        }

        var content = faults.Count == 0 ? PackContent.Read(files, faults, pack.Code) : null;
        var @base = content is null ? null : DataGeneration.Generate(files, content.Domain, content.Code, faults, seed);
        return content is null || @base is null || faults.Count > 0
            ? throw new PackException($"{pack.Name}, world {seed}", faults)
            : new(content, @base, pack.Hashes, new(seed.ToString(), pack.Hash, PackHashes.Of(content.Parameters, @base)));
    }
}
