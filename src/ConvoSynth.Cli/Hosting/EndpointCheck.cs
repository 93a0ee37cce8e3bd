using ConvoSynth.Models;
using ConvoSynth.Runs.Setups;

namespace ConvoSynth.Cli.Hosting;

/// <summary>The question to each endpoint before a run.</summary>
internal static class EndpointCheck
{
    /// <summary>Asks each endpoint once, before a run spends anything on a wrong setting.</summary>
    /// <exception cref="CommandException">One of them will not do.</exception>
    public static async Task Probe(EndpointModels models, RunSetup setup, CancellationToken cancellationToken)
    {
        var probed = await models.Probe(await FirstPrompts.Of(setup, cancellationToken), cancellationToken);
        foreach (var warning in probed.SelectMany(p => p.Warnings))
            await Console.Error.WriteLineAsync($"warning: {warning}");
        var problems = probed.Where(p => p.Problem is not null).Select(p => p.Problem).ToArray();
        if (problems.Length > 0)
            throw new CommandException(string.Join("\n  ", problems));
    }
}
