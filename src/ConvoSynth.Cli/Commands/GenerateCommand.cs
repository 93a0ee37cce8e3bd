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
    private static readonly Option<string?> Spec = new("--spec")
    {
        Description =
            "A run spec (YAML): the options of this command, the model endpoints, and who plays which role. "
            + "Options given here win over it.",
    };
    private static readonly Option<string> Model = new("--model")
    {
        Description = "Who plays human and agent: rehearsal, the built-in scripted model, or endpoints, those of --spec.",
        DefaultValueFactory = _ => "rehearsal",
    };
    private static readonly Option<bool> NoProbe = new("--no-probe")
    {
        Description = "Begin without asking each endpoint once whether its settings are right.",
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
    private static readonly Option<int> LatencyMs = new("--latency-ms")
    {
        Description = "Makes the rehearsal model wait before each answer, as a remote model would.",
        DefaultValueFactory = _ => 0,
    };

    private const string AzureUrl = "https://NAME.openai.azure.com";

    private const string About = $$"""
        Make dialogues and write them, accepted, undecided and rejected, to Parquet shards.

        Without --spec the built-in rehearsal model plays. A spec names the models:

          # OpenAI: export OPENAI_API_KEY=…; convosynth generate --spec openai.yaml --out runs/openai
          endpoints: [{name: gpt, provider: openai, model: gpt-6-luna, key_variable: OPENAI_API_KEY}]
          roles: {human: gpt, agent: gpt}

          # Azure OpenAI: az login; by key: key_variable: NAME instead of entra
          endpoints:
            - name: azure
              provider: azure-openai
              model: DEPLOYMENT
              entra: true
              url: "{{AzureUrl}}"
          roles: {human: azure, agent: azure}

          # local vLLM
          endpoints:
            - name: qwen
              provider: openai-compatible
              model: Qwen/Qwen3-32B
              url: "http://localhost:8000/v1"
          roles: {human: qwen, agent: qwen}

        Exit codes: 0 done; 1 an error; 3 the budget keeps the rest waiting; 130 stopped.
        """;

    public static Command Create()
    {
        var command = new Command("generate", About)
        {
            Spec,
            Model,
            NoProbe,
            Out,
            Resume,
            LatencyMs,
            CommonOptions.Packs,
            CommonOptions.Config,
            CommonOptions.Json,
        };
        RunValues.AddTo(command);
        command.SetWork(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancellationToken)
    {
        var time = TimeProvider.System;
        var configuration = SiloConfiguration.Read(parsed.GetValue(CommonOptions.Config));
        var folders = new PackFolders(parsed.GetValue(CommonOptions.Packs));
        var file = parsed.GetValue(Spec) is { } path ? RunFile.Read(CommonOptions.ExistingFile(path, "--spec")) : RunFile.Empty;
        var values = new RunValues(parsed, file);
        var spec = SpecOf(parsed, values);
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
            throw new CommandException(
                $"--data goes with one --domain: it is the database of that domain; {spec.Domains.Length} are given"
            );
        if (spec.Blueprints is not null && spec.Domains.Length > 1)
            throw new CommandException(
                $"--blueprints goes with one --domain: its tasks are about the rows of that domain; {spec.Domains.Length} are given"
            );
        var concurrency = values.Concurrency;
        var budget = values.BudgetFor(spec);
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
                Count = values.Of(RunOptions.Count) ?? tasks.Tasks,
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

    private static RunSpec SpecOf(ParseResult parsed, RunValues values)
    {
        var roles = values.File.Roles;
        var onEndpoints = roles is not null && !RunValues.IsGiven(parsed, Model);
        var model = onEndpoints ? EndpointSetup.ModelName : parsed.GetRequiredValue(Model);
        var spec = values.Spec(RunFolders.RunIdOf(parsed.GetRequiredValue(Out)), model);
        if (model != EndpointSetup.ModelName)
            return spec;
        var shared = RunFile.SharedEndpoints(parsed.GetValue(CommonOptions.Config) ?? SiloConfiguration.DefaultFile);
        return spec with { Endpoints = EndpointSetup.Named(roles, values.File.Endpoints, shared), Roles = roles };
    }

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
