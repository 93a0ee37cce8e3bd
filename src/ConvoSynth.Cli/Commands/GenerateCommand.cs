using System.CommandLine;
using ConvoSynth.Cli.Commands.Cluster;
using ConvoSynth.Cli.Hosting;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Grains.Endpoints;
using ConvoSynth.Models;
using ConvoSynth.Models.Quota;
using ConvoSynth.Runs.Journals;
using ConvoSynth.Runs.Playback;
using ConvoSynth.Runs.Rows;
using ConvoSynth.Runs.Setups;
using ConvoSynth.Runs.Specs;

namespace ConvoSynth.Cli.Commands;

/// <summary><c>convosynth generate</c>: blueprints, dialogues, verification, shards.</summary>
internal static class GenerateCommand
{
    private static readonly Option<string> Out = new("--out")
    {
        Description = "The run folder, or its address in an object store; its name is the run's id.",
        Required = true,
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
            PreparedRun.NoProbe,
            Out,
            PreparedRun.Resume,
            LatencyMs,
            ClusterOptions.Cluster,
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
        if (parsed.GetValue(ClusterOptions.Cluster) is { } cluster)
            return await PlayOnCluster(parsed, cluster, cancellationToken);
        var prepared = PreparedRun.Of(parsed, RunFolders.RunIdOf(parsed.GetRequiredValue(Out)));
        if (parsed.GetValue(LatencyMs) is < 0 or > 600_000)
            throw new CommandException($"--latency-ms is {parsed.GetValue(LatencyMs)}; it must be from 0 to 600000");
        var leases = new ClusterAccounts(time, LeaseTimes.OnlyProcess);
        var folders = new PackFolders(parsed.GetValue(CommonOptions.Packs));
        var run = new RunFolders(Places.Of(parsed.GetRequiredValue(Out)).Folder, prepared.Spec.RunId, new ParquetShards(), new());
        var setups = new RunSetups(folders, time, TimeSpan.FromMilliseconds(parsed.GetValue(LatencyMs)))
        {
            Leases = leases,
            KnownWorlds = parsed.GetValue(PreparedRun.Resume) ? () => RowWorlds.Of(run.Folder) : null,
            Batches = endpoint => new BatchLogFile(run.Folder, endpoint, isShared: false),
        };
        setups.RequireModel(prepared.Spec);
        var spec = prepared.Hashed(setups);
        SpecFile.Require(run.Folder, spec, parsed.GetValue(PreparedRun.Resume));
        var task = new CampaignTask(
            spec,
            setups,
            folders,
            run,
            prepared.Work,
            parsed.GetValue(CommonOptions.Json),
            prepared.CommandLine(spec),
            time
        )
        {
            Configuration = prepared.Configuration,
        };
        if (spec.Model == EndpointSetup.ModelName)
        {
            var models = setups.EndpointsFor(spec);
            if (!parsed.GetValue(PreparedRun.NoProbe))
                await EndpointCheck.Probe(models, setups.For(spec), cancellationToken);
            task = task with { OnGrains = leases.Attach };
        }

        return await CampaignRun.Play(task, null, cancellationToken);
    }

    private static async Task<int> PlayOnCluster(ParseResult parsed, string cluster, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(LatencyMs) != 0)
            throw new CommandException("--latency-ms makes the rehearsal model of this process wait, and silos play the run; leave it out");
        if (parsed.GetValue(CommonOptions.Config) is not null)
            throw new CommandException("--config configures a silo of this process, and --cluster the silos that play the run; name one");
        var run = parsed.GetRequiredValue(Out);
        var access = ClusterAccess.Of(cluster, Places.ParentOf(run));
        await using var client = await access.Connect(cancellationToken);
        var prepared = PreparedRun.Of(parsed, RunFolders.RunIdOf(run), parsed.GetValue(PreparedRun.SpecFile), cluster);
        await new ClusterSubmission(access, client).Submit(parsed, prepared, cancellationToken);
        return await new ClusterWatch(access, client, parsed.GetValue(CommonOptions.Json)).Watch(prepared.Spec.RunId, cancellationToken);
    }
}
