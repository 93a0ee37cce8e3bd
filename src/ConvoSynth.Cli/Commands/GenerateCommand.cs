using System.CommandLine;
using System.Globalization;
using ConvoSynth.Cli.Hosting;
using ConvoSynth.Core;
using ConvoSynth.Dialogues.Blueprints;
using ConvoSynth.Grains;
using ConvoSynth.Runs.Rows;
using ConvoSynth.Runs.Setups;
using ConvoSynth.Runs.Specs;

namespace ConvoSynth.Cli.Commands;

/// <summary><c>convosynth generate</c>: blueprints, dialogues, verification, shards.</summary>
internal static class GenerateCommand
{
    private const int DefaultCount = 100;

    private static readonly Option<string?> Spec = new("--spec")
    {
        Description =
            "A run spec (YAML): the options of this command, the model endpoints, and who plays which role. "
            + "Options given here win over it.",
    };
    private static readonly Option<string[]> Domain = new("--domain")
    {
        Description = "A domain pack; may be given several times, the domains then take turns.",
        DefaultValueFactory = _ => ["library"],
    };
    private static readonly Option<string?> Data = new("--data")
    {
        Description = "A folder of <table>.json: another database of the pack's shape. One domain only.",
    };
    private static readonly Option<string?> Blueprints = new("--blueprints")
    {
        Description = "A file of tasks written by hand (YAML), which take turns instead of sampled ones. One domain only.",
    };
    private static readonly Option<long?> Count = new("--count")
    {
        Description = "How many dialogues to plan (default: 100; with --blueprints one for each task).",
    };
    private static readonly Option<long> Seed = new("--seed")
    {
        Description = "The run's seed: one seed, one set of rows.",
        DefaultValueFactory = _ => 1,
    };
    private static readonly Option<string> Model = new("--model")
    {
        Description = "Who plays human and agent: rehearsal, the built-in scripted model, or endpoints, those of --spec.",
        DefaultValueFactory = _ => "rehearsal",
    };
    private static readonly Option<double> FaultRate = new("--fault-rate")
    {
        Description = "Share of dialogues in which the rehearsal model plants a labelled fault, 0 to 1.",
        DefaultValueFactory = _ => 0,
    };
    private static readonly Option<double> ErrorRate = new("--error-rate")
    {
        Description =
            "Share of the dialogues without a fault in which a call of the rehearsal model fails and the agent gets over it, 0 to 1.",
        DefaultValueFactory = _ => 0,
    };
    private static readonly Option<int> FurtherAttempts = new("--further-attempts")
    {
        Description = "How often a dialogue that its simulated human spoiled is tried again, 0 to 10.",
        DefaultValueFactory = _ => 2,
    };
    private static readonly Option<bool> NoProbe = new("--no-probe")
    {
        Description = "Begin without asking each endpoint once whether its settings are right.",
    };
    private static readonly Option<decimal?> MaxCost = new("--max-cost")
    {
        Description = "US dollars that the run may cost in all: near it, what is in flight ends and the rest waits for --resume.",
    };
    private static readonly Option<long?> MaxTokens = new("--max-tokens")
    {
        Description = "Input and output tokens that the run may take in all.",
    };
    private static readonly Option<string?> MaxDuration = new("--max-duration")
    {
        Description = "How long this process may go on beginning dialogues: 90s, 30m, 12h.",
    };
    private static readonly Option<string> Out = new("--out")
    {
        Description = "The run folder; its name is the run's id.",
        Required = true,
    };
    private static readonly Option<bool> Resume = new("--resume")
    {
        Description = "Go on with the run in the folder; what is committed is not done again.",
    };
    private static readonly Option<int> PartitionSize = new("--partition-size")
    {
        Description = "Indexes a partition; decides shard files, so a resume must repeat it.",
        DefaultValueFactory = _ => 2000,
    };
    private static readonly Option<int> LatencyMs = new("--latency-ms")
    {
        Description = "Makes the rehearsal model wait before each answer, as a remote model would.",
        DefaultValueFactory = _ => 0,
    };

    private const string AzureUrl = "https://NAME.openai.azure.com";

    private const string About = $$"""
        Make dialogues and write them, accepted, undecided and rejected, to Parquet shards.

        Without --spec the built-in rehearsal model plays. A spec names the models, three lines each:

          OpenAI:        endpoints: [{name: gpt, provider: openai, model: gpt-6-luna, key_variable: OPENAI_API_KEY}]
                         roles: {human: gpt, agent: gpt}
                         $ export OPENAI_API_KEY=…; convosynth generate --spec openai.yaml --out runs/openai
          Azure OpenAI:  endpoints: [{name: azure, provider: azure-openai, url: "{{AzureUrl}}", model: DEPLOYMENT, entra: true}]
                         roles: {human: azure, agent: azure}
                         $ az login; convosynth generate --spec azure.yaml --out runs/azure    (by key: key_variable: NAME instead of entra)
          local vLLM:    endpoints: [{name: qwen, provider: openai-compatible, url: "http://localhost:8000/v1", model: Qwen/Qwen3-32B}]
                         roles: {human: qwen, agent: qwen}
                         $ convosynth generate --spec vllm.yaml --out runs/vllm

        Exit codes: 0 done; 1 an error; 3 the budget keeps the rest waiting; 130 stopped.
        """;

    public static Command Create()
    {
        var command = new Command("generate", About)
        {
            Spec,
            Domain,
            Data,
            Blueprints,
            Count,
            Seed,
            Model,
            FaultRate,
            ErrorRate,
            FurtherAttempts,
            CommonOptions.Accept,
            NoProbe,
            MaxCost,
            MaxTokens,
            MaxDuration,
            CommonOptions.Concurrency,
            Out,
            Resume,
            PartitionSize,
            LatencyMs,
            CommonOptions.Packs,
            CommonOptions.Config,
            CommonOptions.Json,
        };
        command.SetWork(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancellationToken)
    {
        var time = TimeProvider.System;
        var configuration = SiloConfiguration.Read(parsed.GetValue(CommonOptions.Config));
        var folders = new PackFolders(parsed.GetValue(CommonOptions.Packs));
        var file = parsed.GetValue(Spec) is { } path ? RunFile.Read(CommonOptions.ExistingFile(path, "--spec")) : RunFile.Empty;
        var spec = SpecOf(parsed, file);
        if (spec.Problem() is { } problem)
            throw new CommandException(problem);
        if (spec is { EarlyStop: true, MayStopEarly: false })
        {
            var profile = Profiles.NameOf(spec.Accept);
            throw new CommandException(
                $"early_stop: true ends dialogues for checks that decide nothing under the profile {profile}; "
                    + "leave it out, or accept by strict or exact"
            );
        }

        if (parsed.GetValue(LatencyMs) is < 0 or > 600_000)
            throw new CommandException($"--latency-ms is {parsed.GetValue(LatencyMs)}; it must be from 0 to 600000");
        if (spec.Data is not null && spec.Domains.Length > 1)
            throw new CommandException("--data goes with one --domain: it is the database of that domain");
        if (spec.Blueprints is not null && spec.Domains.Length > 1)
            throw new CommandException("--blueprints goes with one --domain: its tasks are about the rows of that domain");
        var concurrency =
            file.Concurrency is { } wanted && !IsGiven(parsed, CommonOptions.Concurrency) ? wanted : CommonOptions.ConcurrencyOf(parsed);
        var budget = BudgetOf(parsed, file, spec);
        ClusterQuotaLeases? leases = null;
        var setups = new RunSetups(folders, time, TimeSpan.FromMilliseconds(parsed.GetValue(LatencyMs)))
        {
            Leases = s => leases = new(s.Endpoints, time),
        };
        setups.RequireModel(spec);
        var packs = setups.PacksFor(spec);
        spec = spec with { PackHashes = [.. spec.Domains.Select(d => $"{d} {packs[d].Hash}")] };
        if (setups.PromptsFor(spec) is { } prompts)
            spec = spec with { PromptHashes = PromptHashes.Of(prompts, spec.Roles) };
        if (spec.Blueprints is { } byHand)
        {
            var tasks = ByHandBlueprints.Read(spec, packs[spec.Domains[0]], File.ReadAllBytes(byHand));
            spec = spec with
            {
                Count = parsed.GetValue(Count) ?? file.Count ?? tasks.Tasks,
                PackHashes = [.. spec.PackHashes, $"{InputKind.Blueprints} {tasks.Hash}"],
            };
        }

        var run = new RunFolders(parsed.GetRequiredValue(Out), spec.RunId, new ParquetShards(), new());
        SpecFile.Require(run.Folder, spec, parsed.GetValue(Resume));
        var task = new CampaignTask(
            spec,
            setups,
            folders,
            run,
            new(concurrency) { Budget = budget },
            parsed.GetValue(CommonOptions.Json),
            CommandLine(spec, parsed.GetValue(Spec)),
            time
        )
        {
            Configuration = configuration,
        };
        if (spec.Model == EndpointSetup.ModelName)
        {
            var models = setups.EndpointsFor(spec);
            if (!parsed.GetValue(NoProbe))
                await EndpointCheck.Probe(models, setups.For(spec), cancellationToken);
            task = task with { OnGrains = leases!.Attach };
        }

        return await CampaignRun.Play(task, null, cancellationToken);
    }

    private static RunSpec SpecOf(ParseResult parsed, RunFile file)
    {
        var roles = file.Roles;
        var model = roles is not null && !IsGiven(parsed, Model) ? EndpointSetup.ModelName : parsed.GetRequiredValue(Model);
        return new()
        {
            RunId = RunFolders.RunIdOf(parsed.GetRequiredValue(Out)),
            Domains = file.Domains is { } domains && !IsGiven(parsed, Domain) ? domains : [.. parsed.GetRequiredValue(Domain)],
            Data = parsed.GetValue(Data) ?? file.Data,
            Blueprints = (parsed.GetValue(Blueprints) ?? file.Blueprints) is { } tasks
                ? CommonOptions.ExistingFile(tasks, "--blueprints")
                : null,
            Count = parsed.GetValue(Count) ?? file.Count ?? DefaultCount,
            Seed = Of(parsed, Seed, file.Seed),
            Model = model,
            Endpoints =
                model == EndpointSetup.ModelName
                    ? EndpointSetup.Named(
                        roles,
                        file.Endpoints,
                        RunFile.SharedEndpoints(parsed.GetValue(CommonOptions.Config) ?? SiloConfiguration.DefaultFile)
                    )
                    : [],
            Roles = model == EndpointSetup.ModelName ? roles : null,
            FaultRate = Of(parsed, FaultRate, file.FaultRate),
            ErrorRate = Of(parsed, ErrorRate, file.ErrorRate),
            FurtherAttempts = Of(parsed, FurtherAttempts, file.FurtherAttempts),
            EarlyStop = file.EarlyStop,
            Accept = CommonOptions.AcceptOf(parsed) ?? file.Accept ?? Profile.Strict,
            PartitionSize = Of(parsed, PartitionSize, file.PartitionSize),
        };
    }

    private static Budget BudgetOf(ParseResult parsed, RunFile file, RunSpec spec)
    {
        TimeSpan? duration = null;
        if (parsed.GetValue(MaxDuration) is { } text)
            duration =
                SpecValues.DurationOf(text)
                ?? throw new CommandException($"--max-duration is \"{text}\"; it must be a number with its unit, such as 90s, 30m or 12h");
        var budget = new Budget
        {
            Cost = parsed.GetValue(MaxCost) ?? file.Budget.Cost,
            Tokens = parsed.GetValue(MaxTokens) ?? file.Budget.Tokens,
            Duration = duration ?? file.Budget.Duration,
        };
        if (budget.Problem() is { } problem)
            throw new CommandException(problem);
        if (budget.Cost is not null && spec.Endpoints.FirstOrDefault(e => e.Price is null) is { } unpriced)
            throw new CommandException(
                $"--max-cost cannot be kept: the endpoint {unpriced.Name} has no price; "
                    + "give it one (price: {input: …, output: …}, dollars per million tokens), or limit tokens with --max-tokens"
            );
        return budget;
    }

    private static bool IsGiven(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };

    private static T Of<T>(ParseResult parsed, Option<T> option, T? fromFile)
        where T : struct => fromFile is { } value && !IsGiven(parsed, option) ? value : parsed.GetValue(option);

    private static string CommandLine(RunSpec spec, string? specFile)
    {
        var from = specFile is null ? "" : $" --spec {Path.GetFileName(specFile)}";
        var domains = string.Concat(spec.Domains.Select(d => $" --domain {d}"));
        var tasks = spec.Blueprints is { } file ? $" --blueprints {Path.GetFileName(file)}" : "";
        var errors = spec.ErrorRate > 0 ? string.Create(CultureInfo.InvariantCulture, $" --error-rate {spec.ErrorRate}") : "";
        var accept = spec.Accept == Profile.Strict ? "" : $" --accept {Profiles.NameOf(spec.Accept)}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"convosynth generate{from}{domains}{tasks} --count {spec.Count} --seed {spec.Seed} --fault-rate "
                + $"{spec.FaultRate}{errors}{accept}"
        );
    }
}
