using System.Collections.Immutable;
using System.CommandLine;
using ConvoSynth.Cli.Hosting;
using ConvoSynth.Cli.Texts;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Models.Endpoints;
using ConvoSynth.Models.Losses;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Rows;
using ConvoSynth.Runs.Specs;
using ConvoSynth.Runs.Usefulness;

namespace ConvoSynth.Cli.Commands;

/// <summary><c>convosynth usefulness RUN</c>: whether calls and their results make what follows likelier to a model.</summary>
internal static class UsefulnessCommand
{
    private const string About =
        "Measure for each call of accepted dialogues whether its result makes what the agent says next likelier to a model: the filter of "
        + "Toolformer.\n\n"
        + "The model's server must give the log-probabilities of a prompt's tokens, as vLLM does. Its loss of the agent's next words is\n"
        + "measured without the call, with the call, and with the call and its result. A call is useful if the last is lower than the\n"
        + "lower of the others by the threshold. Printed is how this agrees with `needed`, which is exact.";

    private static readonly Argument<string> Run = new("run") { Description = "The run folder." };
    private static readonly Option<string> SpecFile = new("--spec")
    {
        Description = "A run spec (YAML) that has the endpoint.",
        Required = true,
    };
    private static readonly Option<string> Endpoint = new("--endpoint")
    {
        Description = "The endpoint's name in the spec.",
        Required = true,
    };
    private static readonly Option<int> Rows = new("--rows")
    {
        Description = "How many accepted dialogues to measure, in order, 1 to 1000000.",
        DefaultValueFactory = _ => 100,
    };
    private static readonly Option<double> Threshold = new("--threshold")
    {
        Description = "By how much the loss must be lower, in nats a token, 0 to 100.",
        DefaultValueFactory = _ => 0.1,
    };
    private static readonly Option<string?> Out = new("--out") { Description = "A file (CSV) for one line a call." };

    public static Command Create()
    {
        var command = new Command("usefulness", About)
        {
            Run,
            SpecFile,
            Endpoint,
            Rows,
            Threshold,
            Out,
            CommonOptions.Concurrency,
            CommonOptions.NoCheck,
            CommonOptions.Json,
        };
        command.SetWork(Measure);
        return command;
    }

    private static async Task<int> Measure(ParseResult parsed, CancellationToken cancellationToken)
    {
        var (most, threshold) = (parsed.GetValue(Rows), parsed.GetValue(Threshold));
        if (most is < 1 or > 1_000_000)
            throw new CommandException($"--rows is {most}; it must be from 1 to 1000000");
        if (threshold is not (>= 0 and <= 100))
            throw new CommandException($"--threshold is {threshold}; it must be from 0 to 100");
        var run = RunFolders.OpenExisting(Places.Of(parsed.GetRequiredValue(Run)), parsed.GetValue(CommonOptions.NoCheck));
        RunFolders.RequireWhole(run);
        using var losses = Losses(parsed);
        var byRow = new SortedDictionary<int, ImmutableArray<CallLoss>>();
        string? problem = null;
        try
        {
            await Measure(Accepted(run, most), losses, byRow, CommonOptions.ConcurrencyOf(parsed), cancellationToken);
        }
        catch (EndpointException e)
        {
            problem = byRow.Count > 0 ? $"{e.Message}; {byRow.Count} rows were measured before" : throw new CommandException(e.Message);
        }

        // Also after a failure: these losses were paid for.
        ImmutableArray<CallLoss> measured = [.. byRow.Values.SelectMany(m => m)];
        if (parsed.GetValue(Out) is { } file)
            await File.WriteAllLinesAsync(file, UsefulnessText.Lines(measured, threshold), CancellationToken.None);
        UsefulnessText.Print(measured, threshold, parsed.GetValue(CommonOptions.Json));
        return problem is null ? 0 : throw new CommandException(problem);
    }

    private static PromptLosses Losses(ParseResult parsed)
    {
        var (file, name) = (CommonOptions.ExistingFile(parsed.GetRequiredValue(SpecFile), "--spec"), parsed.GetRequiredValue(Endpoint));
        var endpoints = RunFile.Read(file).Endpoints;
        if (endpoints.FirstOrDefault(e => e.Name == name) is not { } spec)
            throw new CommandException($"{file} has no endpoint \"{name}\"; it has {string.Join(", ", endpoints.Select(e => e.Name))}");
        try
        {
            return spec.Problem() is { } problem ? throw new CommandException(problem) : new(spec, new(), TimeProvider.System);
        }
        catch (ArgumentException e)
        {
            throw new CommandException(e.Message);
        }
    }

    private static IEnumerable<ShardRow> Accepted(RunFolder run, int most) =>
        new RunReader(run)
            .Rows(columns: ["id", "index", "attempt", "status", "messages", "message_meta", "verdicts"])
            .Where(r => r.Status == RowStatus.Accepted)
            .Take(most);

    private static Task Measure(
        IEnumerable<ShardRow> rows,
        PromptLosses losses,
        SortedDictionary<int, ImmutableArray<CallLoss>> byRow,
        int concurrency,
        CancellationToken cancellationToken
    ) =>
        Parallel.ForEachAsync(
            rows.Index(),
            new ParallelOptions { MaxDegreeOfParallelism = concurrency, CancellationToken = cancellationToken },
            async (row, token) =>
            {
                var measured = await CallLosses.Of(row.Item, losses, token);
                lock (byRow)
                    byRow[row.Index] = measured;
            }
        );
}
