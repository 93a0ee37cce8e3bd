using ConvoSynth.Cli.Runs;
using ConvoSynth.Core;
using ConvoSynth.Models;
using ConvoSynth.Synthesis;

namespace ConvoSynth.Benchmarks;

/// <summary>The specs and setups that the sections run.</summary>
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

    /// <summary>Setups as a run of the program has them, from the packs of the folder <c>blueprints</c> at hand, or beside the program.</summary>
    public static RunSetups Setups(TimeSpan latency = default) => new(new PackFolders(null), TimeProvider.System, latency);
}

/// <summary>Setups with models of our own making around those of the run.</summary>
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
