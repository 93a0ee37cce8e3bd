using System.CommandLine;
using ConvoSynth.Cli.Hosting;
using ConvoSynth.Cli.Texts;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Rows;
using ConvoSynth.Runs.Specs;
using ConvoSynth.Runs.Trajectories;

namespace ConvoSynth.Cli.Commands;

/// <summary><c>convosynth show RUN [ID]</c>: prints one trajectory for people.</summary>
internal static class ShowCommand
{
    private static readonly Argument<string> Run = new("run") { Description = "The run folder." };
    private static readonly Argument<string?> Id = new("id")
    {
        Description = "The row's id, as run/index/attempt.",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private static readonly Option<long?> Index = new("--index") { Description = "The row of this index instead of an id." };
    private static readonly Option<bool> First = new("--first") { Description = "The first row of the run." };
    private static readonly Option<bool> Undecided = new("--undecided")
    {
        Description = "Look among undecided rows only; alone: the first undecided row.",
    };
    private static readonly Option<bool> Rejected = new("--rejected")
    {
        Description = "Look among rejected rows only; alone: the first rejected row.",
    };
    private static readonly Option<bool> Full = new("--full") { Description = "Do not shorten observations and values." };

    public static Command Create()
    {
        var command = new Command("show", "Show one trajectory: the messages, what the dialogue changed, and every verdict.")
        {
            Run,
            Id,
            Index,
            First,
            Undecided,
            Rejected,
            Full,
            CommonOptions.NoCheck,
            CommonOptions.Json,
        };
        command.SetWork((parsed, _) => Task.FromResult(Show(parsed)));
        return command;
    }

    private static int Show(ParseResult parsed)
    {
        var run = RunFolders.OpenExisting(Places.Of(parsed.GetRequiredValue(Run)), parsed.GetValue(CommonOptions.NoCheck));
        _ = SpecFile.Read(run);
        if (parsed.GetValue(Undecided) && SpecFile.FormatOf(run) is var format && format < RunFormat.TellsUndecided)
        {
            throw new CommandException(
                $"the run {run.Path} has the format {format}, which keeps undecided rows among the rejected, "
                    + "with reasons \"undecided:…\": use --rejected"
            );
        }

        var row = Find(new RunReader(run), parsed);
        if (parsed.GetValue(CommonOptions.Json))
            Console.WriteLine(RowJson.Of(row).ToString());
        else
            new RowText(row, parsed.GetValue(Full)).Print();
        return 0;
    }

    private static ShardRow Find(RunReader reader, ParseResult parsed)
    {
        var (path, id, index, first) = (parsed.GetRequiredValue(Run), parsed.GetValue(Id), parsed.GetValue(Index), parsed.GetValue(First));
        if (parsed.GetValue(Undecided) && parsed.GetValue(Rejected))
            throw new CommandException("no row is both undecided and rejected; give --undecided or --rejected");
        ShardSet? set =
            parsed.GetValue(Undecided) ? ShardSet.Undecided
            : parsed.GetValue(Rejected) ? ShardSet.Rejected
            : null;
        var among = set is { } one ? $"{ShardSets.NameOf(one)} row" : "row";
        var asked = (id is null ? 0 : 1) + (index is null ? 0 : 1) + (first ? 1 : 0);
        if (asked > 1)
            throw new CommandException("an id, --index and --first each name a row; give one of them");
        if (asked == 0 && set is null)
            throw new CommandException("name a row: by its id, by --index N, or by --first, --undecided or --rejected");
        if (id is not null)
            return reader.Find(id, set)
                ?? throw new CommandException(
                    $"the run {path} has no {among} \"{id}\"; an id reads run/index/attempt, "
                        + $"such as {FirstId(reader, null) ?? "my-run/0/0"}"
                );
        if (index is { } wanted)
            return reader.Find(wanted, set) ?? throw new CommandException($"the run {path} has no {among} of index {wanted}");
        return FirstId(reader, set) is { } start ? reader.Find(start, set)! : throw new CommandException($"the run {path} has no {among}");
    }

    // A retried attempt is among the rejected rows, but is not its index's own row.
    private static string? FirstId(RunReader reader, ShardSet? set) =>
        reader.Rows(set, ["id", "status"]).FirstOrDefault(r => r.Status != RowStatus.Retried)?.Id;
}
