using System.CommandLine;
using ConvoSynth.Cli.Tables;
using ConvoSynth.Core;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Runs.Setups;

namespace ConvoSynth.Cli.Commands;

/// <summary><c>convosynth packs list</c>.</summary>
internal static class PacksListCommand
{
    public static Command Create()
    {
        var command = new Command("list", "List the domain packs with their tools, clauses, intents and tables.")
        {
            CommonOptions.Packs,
            CommonOptions.Json,
        };
        command.SetWork((parsed, _) => Task.FromResult(List(parsed)));
        return command;
    }

    private static int List(ParseResult parsed)
    {
        var folders = new PackFolders(parsed.GetValue(CommonOptions.Packs));
        var json = parsed.GetValue(CommonOptions.Json);
        var entries = new List<Json>();
        var table = new TextTable(
            "pack",
            TextColumn.Number("tools"),
            TextColumn.Number("writes"),
            TextColumn.Number("clauses"),
            TextColumn.Number("intents"),
            TextColumn.Number("rows"),
            "title",
            "tables"
        );
        var unusable = new List<string>();
        foreach (var name in folders.Names())
        {
            var faults = new List<PackDiagnostic>();
            var pack = PackLoading.TryLoad(folders.FolderOf(name), null, faults);
            if (pack is null || faults.Count > 0)
            {
                entries.Add(Json.Map(("name", name), ("faults", Json.List(faults.Select(f => (Json)f.ToString())))));
                unusable.Add($"{name}: cannot be used, {faults.Count} faults; packs validate names them");
                continue;
            }

            entries.Add(Entry(pack));
            table.Add(
                pack.Name,
                pack.Tools.All.Count,
                pack.Tools.All.Count(t => t.Writes),
                pack.Policy.Clauses.Count,
                pack.Intents.Count,
                pack.Base.Tables.Sum(t => t.Rows.Count),
                Title(pack),
                string.Join(", ", pack.Base.Tables.Select(t => $"{t.Name} {t.Rows.Count}"))
            );
        }

        if (json)
        {
            Console.WriteLine(Json.List(entries).ToString());
        }
        else
        {
            table.Print();
            foreach (var line in unusable)
                Console.WriteLine(line);
        }

        return unusable.Count == 0 ? 0 : 1;
    }

    private static string Title(Pack pack) =>
        pack.Domain.BenchmarkAdjacent.Any()
            ? $"{pack.Domain.Title} (modelled on {string.Join(", ", pack.Domain.BenchmarkAdjacent)})"
            : pack.Domain.Title;

    private static JsonMap Entry(Pack pack) =>
        Json.Map(
            ("name", pack.Name),
            ("title", pack.Domain.Title),
            ("hash", pack.Hash),
            ("tools", pack.Tools.All.Count),
            ("writes", pack.Tools.All.Count(t => t.Writes)),
            ("clauses", pack.Policy.Clauses.Count),
            ("intents", pack.Intents.Count),
            ("tables", Json.List(pack.Base.Tables.Select(t => (Json)Json.Map(("name", t.Name), ("rows", t.Rows.Count))))),
            ("benchmark_adjacent", Json.List(pack.Domain.BenchmarkAdjacent.Select(b => (Json)b)))
        );
}
