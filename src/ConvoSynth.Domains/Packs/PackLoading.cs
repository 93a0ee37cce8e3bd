using System.Security.Cryptography;
using System.Text;
using ConvoSynth.Core;

namespace ConvoSynth.Domains;

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
        var domain = files.Yaml("domain.yaml", faults) is { } root ? DomainReading.Read(root) : null;
        var policyText = files.TextOf("policy.md");
        if (policyText is null)
            faults.Add(new("policy.md", 0, "the file is missing"));
        else if (YamlPart.Unreadable("policy.md", policyText) is { } unreadable)
            faults.Add(unreadable);
        var policy = Policy.Read(policyText ?? "", faults);
        var rules = files.Yaml("rules.yaml", faults) is { } rulesRoot ? RuleSpec.Read(rulesRoot, policy) : [];
        var personas = files.Yaml("personas.yaml", faults) is { } personasRoot ? Personas(personasRoot) : [];
        var code = PackCode.Compile(files.Sources, faults);
        if (domain is null || code is null || faults.Count > 0)
            return null;
        NameCheck.Run(domain, code.Tools, policy, code.LineOf, faults);
        var intents = files.Yaml("intents.yaml", faults) is { } intentsRoot
            ? new IntentReading(files.TextOf, domain, code.Tools, faults).Read(intentsRoot)
            : [];
        if (faults.Count > 0)
            return null;
        var @base = dataFolder is null
            ? DataGeneration.Generate(files, domain, code, faults)
            : DataFolder.Read(dataFolder, domain, () => DataGeneration.Generate(new(folder), domain, code, []), faults);
        if (@base is null || faults.Count > 0)
            return null;
        // Only now are all lists that the pack names read.
        var sources = files.Sources;
        var hash = Hash(sources, @base, PackSources.Normalised);
        // Earlier versions hashed files without normalisation: a run with such a hash keeps it.
        if (known is not null && known != hash && Hash(sources, @base, content => content) == known)
            hash = known;
        return new(sources, domain, code.Tools, policy, @base, rules, personas, intents, hash);
    }

    private static List<Persona> Personas(YamlPart root)
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

    private static string Hash(PackSources sources, Database @base, Func<byte[], byte[]> counted)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (path, file) in sources.Files)
        {
            var content = counted(file);
            hash.AppendData(Encoding.UTF8.GetBytes($"{path}\0{content.Length}\0"));
            hash.AppendData(content);
        }

        foreach (var table in @base.Tables)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"\0{table.Name}\0"));
            foreach (var row in table.Rows)
                hash.AppendData(Encoding.UTF8.GetBytes($"{row.Key}\0{row.Values}\n"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
