using System.CommandLine;
using System.Globalization;
using ConvoSynth.Cli.Hosting;
using ConvoSynth.Core;
using ConvoSynth.Grains;
using ConvoSynth.Models;
using ConvoSynth.Runs.Rows;
using ConvoSynth.Runs.Setups;
using ConvoSynth.Runs.Specs;

namespace ConvoSynth.Cli.Commands;

/// <summary><c>convosynth generate</c>: blueprints, dialogues, verification, shards.</summary>
internal static class GenerateCommand
{
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
            PreparedRun.SpecFile,
            PreparedRun.Model,
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
        var prepared = PreparedRun.Of(parsed, RunFolders.RunIdOf(parsed.GetRequiredValue(Out)));
        if (parsed.GetValue(LatencyMs) is < 0 or > 600_000)
            throw new CommandException($"--latency-ms is {parsed.GetValue(LatencyMs)}; it must be from 0 to 600000");
        var leases = new ClusterAccounts(time, LeaseTimes.OnlyProcess);
        var folders = new PackFolders(parsed.GetValue(CommonOptions.Packs));
        var setups = new RunSetups(folders, time, TimeSpan.FromMilliseconds(parsed.GetValue(LatencyMs))) { Leases = leases };
        setups.RequireModel(prepared.Spec);
        var spec = prepared.Hashed(setups);
        var run = new RunFolders(parsed.GetRequiredValue(Out), spec.RunId, new ParquetShards(), new());
        SpecFile.Require(run.Folder, spec, parsed.GetValue(Resume));
        var task = new CampaignTask(
            spec,
            setups,
            folders,
            run,
            prepared.Work,
            parsed.GetValue(CommonOptions.Json),
            CommandLine(spec, parsed.GetValue(PreparedRun.SpecFile)),
            time
        )
        {
            Configuration = prepared.Configuration,
        };
        if (spec.Model == EndpointSetup.ModelName)
        {
            var models = setups.EndpointsFor(spec);
            if (!parsed.GetValue(NoProbe))
                await EndpointCheck.Probe(models, setups.For(spec), cancellationToken);
            task = task with { OnGrains = leases.Attach };
        }

        return await CampaignRun.Play(task, null, cancellationToken);
    }

    private static string CommandLine(RunSpec spec, string? specFile)
    {
        var from = specFile is null ? "" : $" --spec {Path.GetFileName(specFile)}";
        var domains = string.Concat(spec.Domains.Select(d => $" --domain {d}"));
        var tasks = spec.Blueprints is { } file ? $" --blueprints {Path.GetFileName(file)}" : "";
        var errors = spec.ErrorRate > 0 ? string.Create(CultureInfo.InvariantCulture, $" --error-rate {spec.ErrorRate}") : "";
        var combined = spec.Combined > 0 ? string.Create(CultureInfo.InvariantCulture, $" --combined {spec.Combined}") : "";
        var accept = spec.Accept == Profile.Strict ? "" : $" --accept {Profiles.NameOf(spec.Accept)}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"convosynth generate{from}{domains}{tasks} --count {spec.Count} --seed {spec.Seed} --fault-rate "
                + $"{spec.FaultRate}{errors}{combined}{accept}"
        );
    }
}
