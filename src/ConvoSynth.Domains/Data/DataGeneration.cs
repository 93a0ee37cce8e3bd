using System.Reflection;
using ConvoSynth.Core;

namespace ConvoSynth.Domains;

/// <summary>Makes a pack's own database: from <c>Data.cs</c> if the pack has one, else from <c>data.yaml</c>.</summary>
internal static class DataGeneration
{
    private const string File = "data.yaml";

    public static Database? Generate(PackFolder files, DomainSpec domain, PackCode code, List<PackDiagnostic> faults)
    {
        var make = code
            .Assembly.GetTypes()
            .Where(t => t.IsPublic)
            .Select(t => t.GetMethod("Make", BindingFlags.Public | BindingFlags.Static, [typeof(DataMaker)]))
            .FirstOrDefault(m => m is not null);
        return make is null ? FromYaml(files, domain, faults) : FromCode(make, files, domain, faults);
    }

    private static Database? FromYaml(PackFolder files, DomainSpec domain, List<PackDiagnostic> faults)
    {
        if (files.TextOf(File) is not { } text)
        {
            faults.Add(new(File, 0, "the pack has neither a data.yaml nor a Data.cs with a public static Make(DataMaker)"));
            return null;
        }

        if (YamlPart.Parse(File, text, faults) is not { } root)
            return null;
        var made = new MadeTables(domain);
        var generators = new Generators(domain.Clock, file => Lines(files, file), new(made));
        YamlPart? ListFile(string file)
        {
            if (files.TextOf(file) is { } content)
                return YamlPart.Parse(file, content, faults);
            faults.Add(new(File, root.Line, $"the pack has no file {file}"));
            return null;
        }

        var tables = new RecipeReading(domain, made, generators, ListFile).Read(root);
        if (faults.Count > 0)
            return null;
        new DataTables(made, new Seed((ulong)root.IntOf("seed", 0)).For(domain.Name)).Make(tables);
        if (faults.Count > 0)
            return null;
        DataCheck.Run(domain, made, tables);
        return faults.Count > 0
            ? null
            : new(DataFolder.Tables(domain).Select(t => new BaseTable(t, made.Rows(t).Select(r => KeyValuePair.Create(r.Key, r.Values)))));
    }

    private static Database? FromCode(MethodInfo make, PackFolder files, DomainSpec domain, List<PackDiagnostic> faults)
    {
        var maker = new DataMaker(DataFolder.Tables(domain), new Seed(0).For(domain.Name), domain.Clock, file => Lines(files, file));
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

    private static string[] Lines(PackFolder files, string file) =>
        WordLists.Split(files.TextOf(file) ?? throw new ToolError($"the pack has no file {file}"));
}
