using System.CommandLine;
using System.Globalization;
using ConvoSynth.Cli.Runs;
using ConvoSynth.Core;
using ConvoSynth.Shards.Rows;
using ConvoSynth.Shards.Runs;
using ConvoSynth.Synthesis;

namespace ConvoSynth.Cli.Commands;

/// <summary><c>convosynth generate</c>: blueprints, dialogues, verification, shards.</summary>
internal static class GenerateCommand
{
    private const int DefaultCount = 100;

    private static readonly Option<string[]> Domain = new("--domain") { Description = "A domain pack; may be given several times, the domains then take turns.", DefaultValueFactory = _ => ["library"], AllowMultipleArgumentsPerToken = true };
    private static readonly Option<string?> Data = new("--data") { Description = "A folder of <table>.json: another database of the pack's shape. One domain only." };
    private static readonly Option<string?> Blueprints = new("--blueprints") { Description = "A file of tasks written by hand (YAML), which take turns instead of sampled ones. One domain only." };
    private static readonly Option<long?> Count = new("--count") { Description = "How many dialogues to plan (default: 100; with --blueprints one for each task)." };
    private static readonly Option<long> Seed = new("--seed") { Description = "The run's seed: one seed, one set of rows.", DefaultValueFactory = _ => 1 };
    private static readonly Option<string> Model = new("--model") { Description = "Who plays human and agent: rehearsal, the built-in scripted model.", DefaultValueFactory = _ => "rehearsal" };
    private static readonly Option<double> FaultRate = new("--fault-rate") { Description = "Share of dialogues in which the rehearsal model plants a labelled fault, 0 to 1.", DefaultValueFactory = _ => 0 };
    private static readonly Option<int> FurtherAttempts = new("--further-attempts") { Description = "How often a dialogue that its simulated human spoiled is tried again, 0 to 10.", DefaultValueFactory = _ => 2 };
    private static readonly Option<string> Out = new("--out") { Description = "The run folder; its name is the run's id.", Required = true };
    private static readonly Option<bool> Resume = new("--resume") { Description = "Go on with the run in the folder; what is committed is not done again." };
    private static readonly Option<int> PartitionSize = new("--partition-size") { Description = "Indexes a partition; decides shard files, so a resume must repeat it.", DefaultValueFactory = _ => 2000 };
    private static readonly Option<string> Codec = new("--codec") { Description = "Compression of the shards: brotli or gzip.", DefaultValueFactory = _ => "brotli" };
    private static readonly Option<int> LatencyMs = new("--latency-ms") { Description = "Makes the rehearsal model wait before each answer, as a remote model would.", DefaultValueFactory = _ => 0 };

    public static Command Create()
    {
        var command = new Command("generate", "Make dialogues and write them, accepted and rejected, to Parquet shards.")
        {
            Domain, Data, Blueprints, Count, Seed, Model, FaultRate, FurtherAttempts, CommonOptions.Concurrency, Out, Resume, PartitionSize, Codec, LatencyMs, CommonOptions.Packs, CommonOptions.Json,
        };
        command.SetWork(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancellationToken)
    {
        var time = TimeProvider.System;
        var folders = new PackFolders(parsed.GetValue(CommonOptions.Packs));
        var spec = SpecOf(parsed);
        if (spec.Problem() is { } problem) throw new CommandException(problem);
        if (parsed.GetValue(LatencyMs) is < 0 or > 600_000) throw new CommandException($"--latency-ms is {parsed.GetValue(LatencyMs)}; it must be from 0 to 600000");
        if (spec.Data is not null && spec.Domains.Length > 1) throw new CommandException("--data goes with one --domain: it is the database of that domain");
        if (spec.Blueprints is not null && spec.Domains.Length > 1) throw new CommandException("--blueprints goes with one --domain: its tasks are about the rows of that domain");
        _ = CommonOptions.ConcurrencyOf(parsed);
        var setups = new RunSetups(folders, time, TimeSpan.FromMilliseconds(parsed.GetValue(LatencyMs)));
        RunSetups.RequireModel(spec);
        var packs = setups.PacksFor(spec);
        spec = spec with { PackHashes = [.. spec.Domains.Select(d => $"{d} {packs[d].Hash}")] };
        if (spec.Blueprints is { } byHand)
        {
            var tasks = ByHandBlueprints.Read(spec, packs[spec.Domains[0]], File.ReadAllBytes(byHand));
            spec = spec with { Count = parsed.GetValue(Count) ?? tasks.Tasks, PackHashes = [.. spec.PackHashes, $"blueprints {tasks.Hash}"] };
        }

        var run = new RunFolders(parsed.GetRequiredValue(Out), new ParquetShards(Options(parsed.GetRequiredValue(Codec))), new());
        SpecFile.Require(run.Folder, spec, parsed.GetValue(Resume));
        return await CampaignRun.Carry(new(spec, setups, run, CommonOptions.ConcurrencyOf(parsed), parsed.GetValue(CommonOptions.Json), CommandLine(spec), time), null, cancellationToken);
    }

    private static RunSpec SpecOf(ParseResult parsed) => new()
    {
        RunId = RunFolders.RunIdOf(parsed.GetRequiredValue(Out)),
        Domains = [.. parsed.GetRequiredValue(Domain)],
        Data = parsed.GetValue(Data),
        Blueprints = parsed.GetValue(Blueprints) is { } file ? CommonOptions.ExistingFile(file, "--blueprints") : null,
        Count = parsed.GetValue(Count) ?? DefaultCount,
        Seed = parsed.GetValue(Seed),
        Model = parsed.GetRequiredValue(Model),
        FaultRate = parsed.GetValue(FaultRate),
        FurtherAttempts = parsed.GetValue(FurtherAttempts),
        PartitionSize = parsed.GetValue(PartitionSize),
    };

    private static Shards.Parquet.ParquetWriterOptions Options(string codec) => codec switch
    {
        "brotli" => new() { Codec = Shards.Parquet.Codec.Brotli },
        "gzip" => new() { Codec = Shards.Parquet.Codec.Gzip },
        _ => throw new CommandException($"--codec is \"{codec}\"; it must be brotli or gzip"),
    };

    private static string CommandLine(RunSpec spec)
    {
        var domains = string.Concat(spec.Domains.Select(d => $" --domain {d}"));
        var tasks = spec.Blueprints is { } file ? $" --blueprints {Path.GetFileName(file)}" : "";
        return string.Create(CultureInfo.InvariantCulture, $"convosynth generate{domains}{tasks} --count {spec.Count} --seed {spec.Seed} --fault-rate {spec.FaultRate}");
    }
}
