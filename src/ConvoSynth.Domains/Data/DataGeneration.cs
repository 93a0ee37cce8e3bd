using System.Reflection;
using System.Text;
using ConvoSynth.Core;

namespace ConvoSynth.Domains;

/// <summary>Makes a pack's own database: from <c>Data.cs</c> where there is one, else from <c>data.yaml</c>.</summary>
internal static class DataGeneration
{
    public static Database? Generate(PackSources sources, DomainSpec domain, PackCode code, List<PackFault> faults)
    {
        IReadOnlyList<string> Lines(string file) => sources.Files.FirstOrDefault(f => f.Path == file).Content is { } content
            ? Encoding.UTF8.GetString(content).ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            : throw new ToolError($"the pack has no file {file}");

        var make = code.Assembly.GetTypes().Where(t => t.IsPublic)
            .Select(t => t.GetMethod("Make", BindingFlags.Public | BindingFlags.Static, [typeof(DataMaker)])).FirstOrDefault(m => m is not null);
        if (make is null)
        {
            faults.Add(new("data.yaml", 0, "the pack has neither a data.yaml nor a Data.cs with a public static Make(DataMaker)"));
            return null;
        }

        var maker = new DataMaker(DataFolder.Tables(domain), new Seed(0).For(domain.Name), domain.Clock, Lines);
        try
        {
            make.CreateDelegate<Action<DataMaker>>()(maker);
            return maker.Finish();
        }
        catch (Exception e) when (e is ToolError or ArgumentException)
        {
            faults.Add(new("Data.cs", 0, e.Message));
            return null;
        }
    }
}
