using ConvoSynth.Core.Campaigns;
using ConvoSynth.Grains.Campaign;
using ConvoSynth.Grains.Endpoints;
using ConvoSynth.Models.Quota;
using ConvoSynth.Rehearsal.FakeOpenAI;
using ConvoSynth.Rehearsal.FakeOpenAI.Scripts;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Forecasts;
using ConvoSynth.Runs.Rows;
using ConvoSynth.Runs.Setups;
using ConvoSynth.Runs.Specs;
using ConvoSynth.Runs.Summaries;
using Microsoft.Extensions.Configuration;

namespace ConvoSynth.Cli.Hosting;

/// <summary>
/// Plays the first dialogues of a run in a temporary folder, with the built-in test endpoint in the place of every endpoint. Prompts,
/// tools, protocols, journals and shards are those of the run, so their sizes are measured and not guessed.
/// </summary>
internal sealed class SampleRun(PackFolders folders, IConfiguration configuration, TimeProvider time)
{
    /// <exception cref="CommandException">The sample could not be played.</exception>
    public async Task<PlayedSample> Play(RunSpec spec, CampaignWork work, CancellationToken cancellationToken)
    {
        await using var server = await EndpointServer.Start(
            new() { Port = 0 },
            (domain, data) => LoadedPack.Of(folders.Load(domain, data)),
            spec.Domains,
            time,
            cancellationToken
        );
        var temporary = Directory.CreateTempSubdirectory("convosynth-forecast-");
        try
        {
            return await Play(
                spec with
                {
                    Endpoints = [.. spec.Endpoints.Select(e => Scripted(e, server.Url))],
                },
                work,
                temporary.FullName,
                cancellationToken
            );
        }
        finally
        {
            temporary.Delete(recursive: true);
        }
    }

    // Quota, keys and services that are not there would hold up or end the sample. They change no size.
    private static EndpointSpec Scripted(EndpointSpec endpoint, Uri server) =>
        endpoint with
        {
            Provider = EndpointProvider.OpenAICompatible,
            Protocol = endpoint.Protocol == EndpointProtocol.Responses ? EndpointProtocol.Responses : EndpointProtocol.Chat,
            Url = new Uri(server, "v1").ToString(),
            Rehearsal = true,
            ApiVersion = null,
            Entra = false,
            KeyVariable = null,
            KeyFile = null,
            RequestsPerMinute = null,
            TokensPerMinute = null,
            InFlight = null,
            ServiceTier = null,
            Batch = null,
            Body = null,
        };

    private async Task<PlayedSample> Play(RunSpec spec, CampaignWork work, string path, CancellationToken cancellationToken)
    {
        var leases = new ClusterAccounts(time, LeaseTimes.OnlyProcess);
        var setups = new RunSetups(folders, time) { Leases = leases };
        var run = new RunFolders(path, spec.RunId, new ParquetShards(), new());
        SpecFile.Begin(run.Folder, spec);
        _ = setups.For(spec);
        var host = new CampaignHost(setups, run, time, leases.Attach, configuration);
        // The first half pays for compilation and start; a long run does not notice them.
        (TimeSpan Cpu, long Ended)? half = null;
        var status = await host.Run(
            spec,
            work,
            s =>
            {
                if (s.Ended * 2 >= s.Planned)
                    half ??= (Environment.CpuUsage.TotalTime, s.Ended);
            },
            cancellationToken
        );
        var (cpu, ended) = half ?? (TimeSpan.Zero, 0);
        if (status.Error is { } error)
            throw new CommandException($"the sample of the forecast could not be played: {error}");
        cancellationToken.ThrowIfCancellationRequested();
        var used = Environment.CpuUsage.TotalTime - cpu;
        return new(
            spec.Count,
            RunSummary.Count(spec, run.Folder).Ledger ?? Ledger.Empty,
            used.TotalSeconds / Math.Max(1, spec.Count - ended),
            RunManifest.Read(run.Folder).Commits.SelectMany(c => c.Shards()).Sum(s => s.Shard.Bytes),
            SizeOf(Path.Combine(path, "journal"))
        );
    }

    private static long SizeOf(string folder) =>
        Directory.Exists(folder) ? new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length) : 0;
}
