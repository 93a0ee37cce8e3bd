using System.Reflection;
using ConvoSynth.Core;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Worlds;

namespace ConvoSynth.Domains;

/// <summary>Makes a pack's own database: from <c>Data.cs</c> if the pack has one, else from <c>data.yaml</c>.</summary>
internal static class DataGeneration
{
    private const string File = "data.yaml";

    /// <param name="world">The seed of a world; null for the pack's own database.</param>
    public static Database? Generate(PackFolder files, DomainSpec domain, PackCode code, List<PackDiagnostic> faults, Seed? world = null)
    {
        var make = code
            .Assembly.GetTypes()
            .Where(t => t.IsPublic)
            .Select(t => t.GetMethod("Make", BindingFlags.Public | BindingFlags.Static, [typeof(DataMaker)]))
            .FirstOrDefault(m => m is not null);
        return make is null ? FromYaml(files, domain, faults, world) : FromCode(make, files, domain, faults, world);
    }

    private static Database? FromYaml(PackFolder files, DomainSpec domain, List<PackDiagnostic> faults, Seed? world)
    {
        if (files.TextOf(File) is not { } text)
        {
            faults.Add(new(File, 0, "the pack has neither a data.yaml nor a Data.cs with a public static Make(DataMaker)"));
            return null;
        }

        if (YamlPart.Parse(File, text, faults) is not { } root)
            return null;
        var made = new MadeTables(domain);
        var generators = Generators(files, domain, made, faults, world is not null);
        YamlPart? ListFile(string file)
        {
            if (files.TextOf(file) is { } content)
                return YamlPart.Parse(file, content, faults);
            faults.Add(new(File, root.Line, $"the pack has no file {file}"));
            return null;
        }

        var other = world is null ? null : WorldSpec.Of(files, faults)?.Tables;
        var tables = new RecipeReading(domain, made, generators, ListFile, other).Read(root);
        if (faults.Count > 0)
            return null;
        new DataTables(made, (world ?? new Seed((ulong)root.IntOf("seed", 0))).For(domain.Name)).Make(tables);
        if (faults.Count > 0)
            return null;
        DataCheck.Run(domain, made, tables);
        return faults.Count > 0
            ? null
            : new(DataFolder.Tables(domain).Select(t => new BaseTable(t, made.Rows(t).Select(r => KeyValuePair.Create(r.Key, r.Values)))));
    }

    /// <summary>The generators over the files of a pack, with the names of worlds or with its own.</summary>
    internal static Generators Generators(
        PackFolder files,
        DomainSpec domain,
        MadeTables made,
        List<PackDiagnostic> faults,
        bool isWorld
    ) =>
        new(
            domain.Clock,
            file => Lines(files, file),
            new(made),
            new(isWorld ? Vocabulary.OfWorlds : Vocabulary.Own, PhrasesOf(files, faults))
        );

    private static Database? FromCode(MethodInfo make, PackFolder files, DomainSpec domain, List<PackDiagnostic> faults, Seed? world)
    {
        var lines = new Dictionary<string, string[]>(StringComparer.Ordinal);
        var maker = new DataMaker(
            DataFolder.Tables(domain),
            (world ?? new Seed(0)).For(domain.Name),
            domain.Clock,
            file => lines.TryGetValue(file, out var known) ? known : lines[file] = Lines(files, file),
            PhrasesOf(files, faults)
        )
        {
            IsWorld = world is not null,
            Parameters = files.Parameters,
        };
        try
        {
            make.CreateDelegate<Action<DataMaker>>()(maker);
            var made = maker.Finish();
            DataCheck.Run(domain, made, _ => "Data.cs", faults);
            return faults.Count > 0 ? null : made;
        }
        catch (Exception e) when (e is ToolError or ArgumentException)
        {
            faults.Add(new("Data.cs", 0, e.Message));
            return null;
        }
    }

    private static Func<string, Phrases> PhrasesOf(PackFolder files, List<PackDiagnostic> faults)
    {
        var read = new Dictionary<string, Phrases>(StringComparer.Ordinal);
        return file =>
        {
            if (read.TryGetValue(file, out var known))
                return known;
            var text = files.TextOf(file) ?? throw new ToolError($"the pack has no file {file}");
            var root = YamlPart.Parse(file, text, faults) ?? throw new ToolError($"{file} cannot be read");
            return read[file] = Phrases.Read(root);
        };
    }

    private static string[] Lines(PackFolder files, string file) =>
        WordLists.Split(files.TextOf(file) ?? throw new ToolError($"the pack has no file {file}"));
}
