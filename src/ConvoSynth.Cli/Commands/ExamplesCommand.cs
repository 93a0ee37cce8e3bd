using System.CommandLine;
using System.Text;
using System.Text.Json;
using ConvoSynth.Cli.Hosting;
using ConvoSynth.Core;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Proposals;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Setups;
using ConvoSynth.Runs.Specs;

namespace ConvoSynth.Cli.Commands;

/// <summary><c>convosynth examples RUN</c>: the accepted tasks of a run, for a proposer to be shown.</summary>
internal static class ExamplesCommand
{
    private static readonly Argument<string> Run = new("run") { Description = "The run folder." };
    private static readonly Option<string> Out = new("--out") { Description = "The file to write: one task a line.", Required = true };

    public static Command Create()
    {
        var command = new Command(
            "examples",
            "Write the tasks of a run's accepted dialogues as examples for a proposer (generate --proposal-examples). Tasks with a "
                + "condition, a refusal, a computed answer or changed data have no form as a proposal and are left out."
        )
        {
            Run,
            Out,
            CommonOptions.NoCheck,
        };
        command.SetWork((parsed, _) => Task.FromResult(Write(parsed)));
        return command;
    }

    private static int Write(ParseResult parsed)
    {
        var run = RunFolders.OpenExisting(Places.Of(parsed.GetRequiredValue(Run)), parsed.GetValue(CommonOptions.NoCheck));
        var (spec, target) = (SpecFile.Read(run), parsed.GetRequiredValue(Out));
        if (File.Exists(target))
            throw new CommandException($"{target} exists already; give --out another name");
        if (spec.HasWorlds)
            throw new CommandException($"the tasks of {spec.RunId} are about several worlds, and proposals about the pack's own database");
        using var inputs = new KeptInputs(run);
        var packs = spec.Domains.ToDictionary(d => d, d => inputs.PackOf(spec, d), StringComparer.Ordinal);
        var (lines, accepted) = (new List<string>(), 0);
        foreach (var row in new RunReader(run).Rows(columns: ["index", "attempt", "domain", "status", "blueprint"]))
        {
            if (row.Status != RowStatus.Accepted)
                continue;
            accepted++;
            if (LineOf(packs[row.Domain], row.Domain, row.Blueprint) is { } line)
                lines.Add(line);
        }

        File.WriteAllText(target, string.Concat(lines.Select(l => l + "\n")), new UTF8Encoding(false));
        Console.WriteLine($"{target}: {lines.Count} examples of {accepted} accepted dialogues");
        return 0;
    }

    private static string? LineOf(Pack pack, string domain, ReadOnlyMemory<byte> cell)
    {
        var blueprint = JsonSerializer.Deserialize(cell.Span, CoreJson.Readable.Blueprint)!;
        return BlueprintAsProposal.Of(pack, blueprint) is { } task ? ProposalExamples.Line(domain, new(blueprint.Id, task)) : null;
    }
}
