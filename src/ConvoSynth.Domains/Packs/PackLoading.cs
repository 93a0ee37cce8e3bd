using ConvoSynth.Domains.Worlds;

namespace ConvoSynth.Domains.Packs;

/// <summary>Loads packs from their folders.</summary>
public static class PackLoading
{
    /// <summary>Loads a pack, on its own generated data or on the tables <c>&lt;table&gt;.json</c> of a folder.</summary>
    /// <param name="known">The hash that a run recorded for the pack; it is kept if an earlier version computed it from the same
    /// files.</param>
    /// <exception cref="PackException">The pack has errors; the message lists each with file and line.</exception>
    public static Pack Load(string folder, string? dataFolder = null, string? known = null)
    {
        var faults = new List<PackDiagnostic>();
        var pack = TryLoad(folder, dataFolder, faults, known);
        return pack is not null && faults.Count == 0 ? pack : throw new PackException(Path.GetFileName(Path.GetFullPath(folder)), faults);
    }

    /// <summary>As <see cref="Load"/>, but collects errors instead of throwing; null if there is no usable pack.</summary>
    public static Pack? TryLoad(string folder, string? dataFolder, List<PackDiagnostic> faults, string? known = null)
    {
        if (!Directory.Exists(folder))
        {
            faults.Add(new("", 0, $"the folder {folder} does not exist"));
            return null;
        }

        var files = new PackFolder(folder);
        var worlds = WorldSpec.Of(files, faults);
        files.Parameters = worlds?.Own ?? PackParameters.None;
        if (PackContent.Read(files, faults) is not { } content)
            return null;
        PackFolder Again() => new(folder) { Parameters = files.Parameters };
        var @base = dataFolder is null
            ? DataGeneration.Generate(files, content.Domain, content.Code, faults)
            : DataFolder.Read(dataFolder, content.Domain, () => DataGeneration.Generate(Again(), content.Domain, content.Code, []), faults);
        if (@base is null || faults.Count > 0)
            return null;
        // Only now are all lists that the pack names read.
        var sources = files.Sources;
        var hashes = PackHashes.Of(sources, @base, PackSources.Normalised);
        // Earlier versions hashed files without normalisation: a run with such a hash keeps it.
        if (known is not null && known != hashes.Pack && PackHashes.Of(sources, @base, file => file) is var plain && plain.Pack == known)
            hashes = plain;
        return new(content with { Sources = sources }, @base, hashes);
    }
}
