using System.CommandLine;
using ConvoSynth.Cli.Coverage;
using ConvoSynth.Core;
using ConvoSynth.Domains.Acceptance;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Sampling;

namespace ConvoSynth.Cli.Commands;

/// <summary>
/// <c>convosynth packs accept DIR</c>: tries an untrusted pack. Its code runs in a child process, which is this program with a hidden
/// command, under limits of processor time, memory and wall time.
/// </summary>
internal static class PacksAcceptCommand
{
    private const string WorkerName = "accept-here";

    private static readonly Argument<string> Folder = new("folder") { Description = "The pack's folder." };
    private static readonly Option<string?> Data = new("--data")
    {
        Description = "A folder of <table>.json to try the pack on; its own generated data where none is given.",
    };
    private static readonly Option<double> Cpu = new("--cpu-seconds")
    {
        Description = "Processor time that the pack may use.",
        DefaultValueFactory = _ => 120,
    };
    private static readonly Option<double> Wall = new("--seconds")
    {
        Description = "Time by the clock that the pack may use.",
        DefaultValueFactory = _ => 300,
    };
    private static readonly Option<int> Memory = new("--memory-mb")
    {
        Description = "Memory in MiB that the pack may use.",
        DefaultValueFactory = _ => 2048,
    };

    public static Command Create()
    {
        var command = new Command(
            "accept",
            "Try a pack in a child process with limits: its tools over its rows, its guards both ways, its "
                + "cases, its intents, and 200 dialogues without a mistake."
        )
        {
            Folder,
            Data,
            Cpu,
            Wall,
            Memory,
            CommonOptions.Json,
        };
        command.SetWork(Accept);
        return command;
    }

    /// <summary>The hidden command of the child process.</summary>
    public static Command CreateWorker()
    {
        var command = new Command(WorkerName, "Try a pack in this process.") { Folder, Data, CommonOptions.Json };
        command.Hidden = true;
        command.SetWork(AcceptHere);
        return command;
    }

    private static async Task<int> Accept(ParseResult parsed, CancellationToken cancellationToken)
    {
        var folder = parsed.GetRequiredValue(Folder);
        if (!Directory.Exists(folder))
            throw new CommandException($"there is no folder {folder}");
        var (command, arguments) = ThisProgram();
        arguments.AddRange(["packs", WorkerName, folder]);
        if (parsed.GetValue(Data) is { } data)
            arguments.AddRange(["--data", data]);
        if (parsed.GetValue(CommonOptions.Json))
            arguments.Add("--json");
        var outcome = await LimitedProcess.Run(command, arguments, LimitsOf(parsed), TimeProvider.System, cancellationToken);
        await Console.Out.WriteAsync(outcome.Output);
        await Console.Error.WriteAsync(outcome.Errors);
        if (outcome.Stopped is { } stopped)
            throw new CommandException($"the pack in {folder} was stopped: {stopped}");
        return outcome.ExitCode;
    }

    private static ProcessLimits LimitsOf(ParseResult parsed)
    {
        if (parsed.GetValue(Cpu) is not (>= 1 and <= 86_400))
            throw new CommandException($"--cpu-seconds is {parsed.GetValue(Cpu)}; it must be from 1 to 86400");
        if (parsed.GetValue(Wall) is not (>= 1 and <= 86_400))
            throw new CommandException($"--seconds is {parsed.GetValue(Wall)}; it must be from 1 to 86400");
        if (parsed.GetValue(Memory) is < 64 or > 1_048_576)
            throw new CommandException($"--memory-mb is {parsed.GetValue(Memory)}; it must be from 64 to 1048576");
        return new()
        {
            Cpu = TimeSpan.FromSeconds(parsed.GetValue(Cpu)),
            Wall = TimeSpan.FromSeconds(parsed.GetValue(Wall)),
            Memory = (long)parsed.GetValue(Memory) << 20,
        };
    }

    // The program runs as its own executable, or as a library under the dotnet host.
    private static (string Command, List<string> Arguments) ThisProgram()
    {
        var process =
            Environment.ProcessPath
            ?? throw new CommandException(
                "the program cannot find its own file, and so cannot start the child process that tries the pack"
            );
        return Path.GetFileNameWithoutExtension(process) == "dotnet"
            ? (process, [typeof(PacksAcceptCommand).Assembly.Location])
            : (process, []);
    }

    private static async Task<int> AcceptHere(ParseResult parsed, CancellationToken cancellationToken)
    {
        (Pack Pack, BlueprintSampler Sampler)? sampled = null;
        var report = PackAcceptance.Run(parsed.GetRequiredValue(Folder), parsed.GetValue(Data), Intents);
        if (report.IsAccepted && sampled is var (pack, sampler))
            report = report with { Faults = await PackRehearsal.Run(pack, sampler, cancellationToken) };
        Console.Write(parsed.GetValue(CommonOptions.Json) ? $"{ToJson(report)}\n" : report.ToString());
        return report.IsAccepted ? 0 : 1;

        IEnumerable<PackDiagnostic> Intents(Pack pack)
        {
            if (pack.Intents.Count == 0)
                return [];
            var (sampler, failure) = Sampler(pack);
            if (sampler is null)
                return [new("intents.yaml", 0, failure!)];
            sampled = (pack, sampler);
            return Barren(pack, sampler);
        }
    }

    // An intent whose cells all lack data can never become a task.
    private static IEnumerable<PackDiagnostic> Barren(Pack pack, BlueprintSampler sampler)
    {
        var alive = sampler.Cells.Select(c => c.Intent.Id).ToHashSet(StringComparer.Ordinal);
        return pack
            .Intents.Where(i => !alive.Contains(i.Id))
            .Select(i => new PackDiagnostic(
                "intents.yaml",
                i.Line,
                $"the intent {i.Id} makes no blueprint: {sampler.Unreachable.First(u => u.Cell.Intent.Id == i.Id).Reason}"
            ));
    }

    private static (BlueprintSampler? Sampler, string? Failure) Sampler(Pack pack)
    {
        try
        {
            return (new(pack), null);
        }
        catch (BlueprintException e)
        {
            return (null, e.Message);
        }
    }

    private static JsonMap ToJson(AcceptanceReport report) =>
        Json.Map(
            ("pack", report.Pack),
            ("accepted", report.IsAccepted),
            ("faults", Json.List(report.Faults.Select(f => (Json)Json.Map(("file", f.File), ("line", f.Line), ("reason", f.Reason))))),
            ("reads", report.Reads),
            ("writes", report.Writes),
            ("clauses", report.Clauses),
            ("guards", report.Guards),
            ("rows", report.Rows),
            ("cases", report.Cases),
            (
                "tools",
                Json.List(
                    report.Tools.Select(t =>
                        (Json)
                            Json.Map(
                                ("tool", t.Tool),
                                ("trials", t.Trials),
                                ("succeeded", t.Succeeded),
                                ("failed", t.Failed),
                                (
                                    "guards",
                                    Json.List(
                                        t.Guards.Select(g =>
                                            (Json)
                                                Json.Map(("guard", g.Guard), ("clause", g.Clause), ("holds", g.Holds), ("broken", g.Broken))
                                        )
                                    )
                                )
                            )
                    )
                )
            )
        );
}
