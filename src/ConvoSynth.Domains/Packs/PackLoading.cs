using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using ConvoSynth.Core;

namespace ConvoSynth.Domains;

/// <summary>Loads packs from their folders.</summary>
public static class PackLoading
{
    /// <summary>
    /// Loads a pack, on its own generated data or on the tables <c>&lt;table&gt;.json</c> of a folder.
    /// </summary>
    /// <exception cref="PackException">Something is wrong; every fault is named with file and line.</exception>
    public static Pack Load(string folder, string? dataFolder = null)
    {
        var faults = new List<PackFault>();
        var pack = TryLoad(folder, dataFolder, faults);
        return pack is not null && faults.Count == 0 ? pack : throw new PackException(Path.GetFileName(Path.GetFullPath(folder)), faults);
    }

    /// <summary>As <see cref="Load"/>, noting faults instead of throwing; null where nothing usable came out.</summary>
    public static Pack? TryLoad(string folder, string? dataFolder, List<PackFault> faults)
    {
        if (!Directory.Exists(folder))
        {
            faults.Add(new("", 0, $"the folder {folder} does not exist"));
            return null;
        }

        var sources = ReadSources(folder);
        var domain = YamlPart.Load(folder, "domain.yaml", faults) is { } root ? DomainReading.Read(root) : null;
        var policy = Policy.Read(TextOf(sources, "policy.md", faults), faults);
        var rules = YamlPart.Load(folder, "rules.yaml", faults) is { } rulesRoot ? RuleSpec.Read(rulesRoot, policy) : [];
        var personas = YamlPart.Load(folder, "personas.yaml", faults) is { } personasRoot ? Personas(personasRoot) : [];
        var code = PackCode.Compile(sources, faults);
        if (domain is null || code is null || faults.Count > 0) return null;
        NameCheck.Run(domain, code.Tools, policy, code.LineOf, faults);
        var intents = YamlPart.Load(folder, "intents.yaml", faults) is { } intentsRoot ? new IntentReading(folder, domain, code.Tools, faults).Read(intentsRoot) : [];
        if (faults.Count > 0) return null;
        var @base = dataFolder is null ? DataGeneration.Generate(sources, domain, code, faults) : DataFolder.Read(dataFolder, domain, faults);
        if (@base is null || faults.Count > 0) return null;
        return new(sources, domain, code.Tools, policy, @base, rules, personas, intents, Hash(sources, @base));
    }

    private static PackSources ReadSources(string folder) => new(
        folder,
        [.. Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal)
            .Where(f => !Path.GetFileName(f).StartsWith('.'))
            .Select(f => (Path.GetFileName(f), File.ReadAllBytes(f)))]);

    private static string TextOf(PackSources sources, string file, List<PackFault> faults)
    {
        foreach (var (path, content) in sources.Files)
        {
            if (path == file) return Encoding.UTF8.GetString(content).ReplaceLineEndings("\n");
        }

        faults.Add(new(file, 0, "the file is missing"));
        return "";
    }

    private static List<Persona> Personas(YamlPart root)
    {
        var personas = root.Items.Select(p =>
        {
            p.Only("name", "manner", "traits");
            return new Persona(p.Require("name")?.Text ?? "", p.Require("manner")?.Text ?? "", p["traits"]?.Json ?? JsonMap.Empty);
        }).ToList();
        if (personas.Count == 0) root.Fail("at least one persona is needed");
        return personas;
    }

    private static string Hash(PackSources sources, Database @base)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (path, content) in sources.Files)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{path}\0{content.Length}\0"));
            hash.AppendData(content);
        }

        foreach (var table in @base.Tables)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"\0{table.Name}\0"));
            foreach (var row in table.Rows) hash.AppendData(Encoding.UTF8.GetBytes($"{row.Key}\0{row.Values}\n"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
