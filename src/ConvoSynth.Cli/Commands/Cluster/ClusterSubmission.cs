using System.CommandLine;
using ConvoSynth.Cli.Hosting;
using ConvoSynth.Cluster.Clients;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Runs.Campaigns;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Setups;
using ConvoSynth.Runs.Specs;

namespace ConvoSynth.Cli.Commands.Cluster;

/// <summary>
/// Puts a run into the folder of the runs. The silos do the rest, so that it outlives this process. A submission that is repeated after an
/// unknown outcome changes nothing.
/// </summary>
internal sealed class ClusterSubmission(ClusterAccess access, ClusterClient client)
{
    /// <exception cref="CommandException">The folder has another run, or a silo cannot play this one.</exception>
    /// <returns>The number of dialogues.</returns>
    public async Task<long> Submit(ParseResult parsed, PreparedRun prepared, CancellationToken cancellationToken)
    {
        var inputs = new PackFolders(parsed.GetValue(CommonOptions.Packs));
        var setups = new RunSetups(inputs, access.Time);
        setups.RequireModel(prepared.Spec);
        var spec = prepared.Hashed(setups);
        var run = access.Root.Run(spec.RunId);
        if (access.Root.Campaigns(spec.RunId).Latest() is { End: null } going)
        {
            SpecFile.Require(run, spec, resume: true);
            await Console.Error.WriteLineAsync($"{spec.RunId} is under way already, submitted at {going.Order.SubmittedAt:u}");
            return spec.Count;
        }

        var number = Begin(run, spec, parsed.GetValue(PreparedRun.Resume));
        var probes = spec.Model == EndpointSetup.ModelName && !parsed.GetValue(PreparedRun.NoProbe);
        if (probes)
            await EndpointCheck.Probe(setups.EndpointsFor(spec), setups.For(spec), cancellationToken);
        SpecFile.Begin(run, spec);
        KeptInputs.Keep(run, setups.For(spec), inputs);
        if (await client.Problems(spec, probes, cancellationToken) is { Count: > 0 } problems)
            throw new CommandException($"the cluster cannot play {spec.RunId}:\n  {string.Join("\n  ", problems)}");
        var order = new CampaignOrder
        {
            Spec = spec,
            Concurrency = prepared.Work.Concurrency,
            Budget = prepared.Work.Budget,
            Probes = probes,
            Command = prepared.CommandLine(spec),
            SubmittedAt = access.Time.GetUtcNow(),
        };
        if (!access.Root.Campaigns(spec.RunId).TryBegin(number, order))
            throw new CommandException($"another submission of {spec.RunId} was faster; see convosynth status {spec.RunId}");
        await client.Keep(spec.RunId, cancellationToken);
        return spec.Count;
    }

    /// <returns>The number of the campaign that may begin.</returns>
    private int Begin(RunFolder run, RunSpec spec, bool resume)
    {
        var before = access.Root.Campaigns(spec.RunId).Latest();
        // A submission that was refused, or died before its campaign began, has left the run's inputs.
        var isLeftOver = before is null && run.Storage.Exists(Path.Combine(run.Path, SpecFile.Name));
        SpecFile.Require(run, spec, resume || isLeftOver);
        return (before?.Number ?? 0) + 1;
    }
}
