using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ConvoSynth.Cli.Hosting;
using ConvoSynth.Cli.Tables;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Runs;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Rounds;
using ConvoSynth.Runs.Specs;
using ConvoSynth.Runs.Summaries;

namespace ConvoSynth.Cli.Commands;

/// <summary><c>convosynth spec</c>: the spec of the next round, with shares of slices moved by what earlier runs failed.</summary>
internal static class SpecCommand
{
    private static readonly Option<string[]> From = new("--from")
    {
        Description = "A run folder whose committed rows are counted; may be given several times. The last one gives the other fields.",
        Required = true,
    };
    private static readonly Option<string?> Basis = new("--basis")
    {
        Description = "A spec file whose endpoints and other fields the new one keeps (default: the run's own fields, without endpoints).",
    };
    private static readonly Option<string?> Keep = new("--keep")
    {
        Description =
            $"The pass rates between which a slice is worth keeping, as LOW..HIGH (default: that of the run, else {KeepBand.Usual}).",
    };
    private static readonly Option<string> Out = new("--out") { Description = "The spec file to write.", Required = true };

    public static Command Create()
    {
        var command = new Command(
            "spec",
            "Write the spec of the next round: the shares of slices move towards what earlier runs failed.\n\n"
                + "A slice with a pass rate r within the band to keep is weighted by 2 - r, above it by 0.5, "
                + $"below it, or with fewer than {NextShares.Least} decided rows, by 1; the weighted shares are divided by their sum."
        )
        {
            From,
            Basis,
            Keep,
            Out,
            CommonOptions.NoCheck,
        };
        command.SetWork((parsed, _) => Task.FromResult(Write(parsed)));
        return command;
    }

    private static int Write(ParseResult parsed)
    {
        var (counts, spec) = (new Dictionary<string, IntentCounts>(StringComparer.Ordinal), (RunSpec?)null);
        foreach (var path in parsed.GetRequiredValue(From))
        {
            var run = RunFolders.OpenExisting(Places.Of(path), parsed.GetValue(CommonOptions.NoCheck));
            var own = SpecFile.Read(run);
            RunFolders.RequireWhole(run);
            if (own.Slices is null)
                throw new CommandException($"the run {path} has no shares of slices; generate it with --slices");
            if (spec is not null && spec.Slices != own.Slices)
                throw new CommandException(
                    $"the runs have different shares of slices: {spec.Slices}, and {own.Slices} in {path}; name runs of one spec"
                );
            spec = own;
            foreach (var (slice, rows) in RunSummary.Count(own, run).Slices!)
                counts[slice] = counts.TryGetValue(slice, out var sum) ? sum + rows : rows;
        }

        var named = parsed.GetValue(Keep) ?? spec!.Keep;
        if (named is not null && KeepBand.Problem(named) is { } problem)
            throw new CommandException(problem);
        var keep = named is null ? null : KeepBand.Parse(named);
        var moves = NextShares.Of(SliceShares.Parse(spec!.Slices!), counts, keep ?? KeepBand.Usual);
        var basis = parsed.GetValue(Basis) is { } file ? File.ReadAllText(CommonOptions.ExistingFile(file, "--basis")) : null;
        var text = NextSpec.Of(spec, SliceShares.Spell(moves.Select(m => (m.Slice, m.To))), basis, keep);
        var target = parsed.GetRequiredValue(Out);
        if (File.Exists(target))
            throw new CommandException($"{target} exists already; give --out another name");
        File.WriteAllText(target, text);
        Print(moves);
        Console.WriteLine($"{target}: SHA-256 {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}");
        return 0;
    }

    private static void Print(IEnumerable<ShareMove> moves)
    {
        var table = new TextTable(
            "slice",
            TextColumn.Number("pass rate"),
            TextColumn.Number("share"),
            TextColumn.Number("weight"),
            TextColumn.Number("next share")
        );
        foreach (var move in moves)
        {
            table.Add(
                move.Slice,
                move.PassRate is { } rate ? rate.ToString("P1", CultureInfo.InvariantCulture) : "too few rows",
                move.From.ToString("0.0000", CultureInfo.InvariantCulture),
                move.Factor.ToString("0.00", CultureInfo.InvariantCulture),
                move.To.ToString("0.0000", CultureInfo.InvariantCulture)
            );
        }

        table.Print();
    }
}
