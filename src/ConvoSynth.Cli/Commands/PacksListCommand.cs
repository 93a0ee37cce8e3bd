using System.CommandLine;
using ConvoSynth.Cli.Runs;
using ConvoSynth.Core;
using ConvoSynth.Domains;

namespace ConvoSynth.Cli.Commands;

/// <summary><c>convosynth packs list</c>.</summary>
internal static class PacksListCommand
{
    public static Command Create()
    {
        var command = new Command("list", "List the domain packs with their tools, clauses, intents and tables.") { CommonOptions.Packs, CommonOptions.Json };
        command.SetWork((parsed, _) => Task.FromResult(List(parsed)));
        return command;
    }

    private static int List(ParseResult parsed)
    {
        var folders = new PackFolders(parsed.GetValue(CommonOptions.Packs));
        var json = parsed.GetValue(CommonOptions.Json);
        var entries = new List<Json>();
        var sound = true;
        foreach (var name in folders.Names())
        {
            var faults = new List<PackFault>();
            var pack = PackLoading.TryLoad(folders.FolderOf(name), null, faults);
            if (pack is null || faults.Count > 0)
            {
                sound = false;
                entries.Add(Json.Map(("name", name), ("faults", Json.List(faults.Select(f => (Json)f.ToString())))));
                if (!json) Console.WriteLine($"{name}: cannot be used, {faults.Count} faults; packs validate names them");
                continue;
            }

            entries.Add(Entry(pack));
            if (!json) Print(pack);
        }

        if (json) Console.WriteLine(Json.List(entries).ToString());
        return sound ? 0 : 1;
    }

    private static JsonMap Entry(Pack pack) => Json.Map(
        ("name", pack.Name), ("title", pack.Domain.Title), ("hash", pack.Hash), ("tools", pack.Tools.All.Count), ("writes", pack.Tools.All.Count(t => t.Writes)),
        ("clauses", pack.Policy.Clauses.Count), ("intents", pack.Intents.Count),
        ("tables", Json.List(pack.Base.Tables.Select(t => (Json)Json.Map(("name", t.Name), ("rows", t.Rows.Count))))),
        ("benchmark_adjacent", Json.List(pack.Domain.BenchmarkAdjacent.Select(b => (Json)b))));

    private static void Print(Pack pack)
    {
        Console.WriteLine($"{pack.Name}: {pack.Domain.Title}");
        Console.WriteLine($"  {pack.Tools.All.Count} tools ({pack.Tools.All.Count(t => t.Writes)} write), {pack.Policy.Clauses.Count} policy clauses, {pack.Intents.Count} intents");
        Console.WriteLine($"  tables: {string.Join(", ", pack.Base.Tables.Select(t => $"{t.Name} {t.Rows.Count}"))}");
        if (pack.Domain.BenchmarkAdjacent.Any()) Console.WriteLine($"  modelled on: {string.Join(", ", pack.Domain.BenchmarkAdjacent)}");
    }
}
