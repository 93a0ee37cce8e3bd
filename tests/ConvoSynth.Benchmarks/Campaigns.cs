using ConvoSynth.Core.Campaigns;
using ConvoSynth.Models;
using ConvoSynth.Runs.Setups;

namespace ConvoSynth.Benchmarks;

/// <summary>The specs and setups of the sections.</summary>
internal static class Campaigns
{
    public static readonly string[] Domains = ["library", "retail"];

    public static RunSpec Spec(string id, Inputs inputs, long count, params string[] domains) =>
        new()
        {
            RunId = id,
            Domains = [.. domains],
            Count = count,
            Seed = inputs.Seed,
            FaultRate = Inputs.FaultRate,
        };

    /// <summary>
    /// Setups as in a run of the program, with packs from the folder <c>blueprints</c> of the working directory or beside the program.
    /// </summary>
    public static RunSetups Setups(TimeSpan latency = default) => new(new PackFolders(null), TimeProvider.System, latency);
}

/// <summary>Setups whose models are wrapped by the benchmark.</summary>
internal sealed class WrappedSetups(IRunSetups inner, Func<IChatModel, IChatModel> wrap) : IRunSetups
{
    private readonly Lock _gate = new();
    private RunSetup? _held;

    public RunSetup For(RunSpec spec)
    {
        lock (_gate)
        {
            if (_held is not null)
                return _held;
            var setup = inner.For(spec);
            return _held = setup with { Human = wrap(setup.Human), Agent = wrap(setup.Agent) };
        }
    }
}
