using System.Collections.Concurrent;
using System.Text.Json;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Dialogues.Prompts;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Models;
using ConvoSynth.Models.Quota;
using ConvoSynth.Runs.Journals;
using ConvoSynth.Runs.Playback;
using ConvoSynth.Runs.Setups;
using ConvoSynth.Runs.Specs;

namespace ConvoSynth.Runs.Campaigns;

/// <summary>The runs of a cluster in one silo: each spec and setup is made from the run folder.</summary>
/// <param name="allowed">The packs that this silo may run.</param>
public sealed class RootRuns(RunsRoot root, PackFolders allowed, TimeProvider time) : IRunCatalog, IDisposable
{
    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>Where endpoints lease their accounts. Made with the first setup: a silo has its name once it has begun.</summary>
    public required Func<IAccountLeases> Leases { get; init; }

    public RunSpec SpecOf(string runId) => EntryOf(runId).Spec;

    public RunSetup SetupOf(string runId) => EntryOf(runId).Setup.Value;

    /// <summary>Makes the setup of a campaign, in place of the setup of an earlier campaign of the same run.</summary>
    /// <returns>Why this silo cannot play the run, as a sentence; null if it can.</returns>
    public string? Problem(RunSpec spec)
    {
        var entry = _entries.AddOrUpdate(spec.RunId, _ => Make(spec), (_, held) => held.IsOf(spec) && !held.IsFaulty ? held : Make(spec));
        try
        {
            _ = entry.Setup.Value;
            return null;
        }
        catch (Exception e) when (e is RunException or PackException or PromptException or IOException)
        {
            return e.Message;
        }
    }

    /// <summary>Why an endpoint of a run refuses this silo's keys; null if none does, or the run has no endpoints.</summary>
    // One request an endpoint, outside the account's leases: a silo asks before it has joined, when no grain can lease it anything.
    public async Task<string?> Refusal(RunSpec spec, CancellationToken cancellationToken)
    {
        if (spec.Model != EndpointSetup.ModelName)
            return null;
        using var models = new EndpointModels(spec, new() { Time = time });
        return await models.Refusal(cancellationToken);
    }

    /// <summary>Forgets a run that has ended.</summary>
    public void Drop(string runId)
    {
        if (_entries.TryRemove(runId, out var entry))
            entry.Dispose();
    }

    public void Dispose()
    {
        foreach (var runId in _entries.Keys)
            Drop(runId);
    }

    private Entry EntryOf(string runId) => _entries.GetOrAdd(runId, id => Make(LatestSpec(id)));

    private RunSpec LatestSpec(string runId) =>
        root.Campaigns(runId).Latest()?.Order.Spec ?? throw new RunException($"there is no campaign of the run \"{runId}\" in {root.Path}");

    private Entry Make(RunSpec spec)
    {
        var run = root.Run(spec.RunId);
        var kept = new KeptInputs(run);
        return new(
            spec,
            kept,
            new RunSetups(new AllowedPacks(run, kept, allowed), time)
            {
                Leases = Leases(),
                KnownWorlds = () => RowWorlds.Of(run),
                Batches = endpoint => new BatchLogFile(run, endpoint, isShared: true),
            }
        );
    }

    private sealed class Entry(RunSpec spec, KeptInputs kept, RunSetups setups) : IDisposable
    {
        private readonly byte[] _text = TextOf(spec);

        public RunSpec Spec => spec;

        public Lazy<RunSetup> Setup { get; } =
            new(() =>
            {
                setups.RequireModel(spec);
                return setups.For(spec);
            });

        /// <summary>Whether the setup failed or is not made yet; a failure stays, though a person may have mended its cause.</summary>
        public bool IsFaulty => !Setup.IsValueCreated;

        public bool IsOf(RunSpec other) => TextOf(other).AsSpan().SequenceEqual(_text);

        public void Dispose() => kept.Dispose();

        private static byte[] TextOf(RunSpec spec) => JsonSerializer.SerializeToUtf8Bytes(spec, SpecJson.Default.RunSpec);
    }
}
