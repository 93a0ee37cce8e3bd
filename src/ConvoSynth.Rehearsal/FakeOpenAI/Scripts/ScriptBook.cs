using System.Collections.Immutable;
using ConvoSynth.Rehearsal.FakeOpenAI.Measures;
using ConvoSynth.Rehearsal.FakeOpenAI.Requests;

namespace ConvoSynth.Rehearsal.FakeOpenAI.Scripts;

/// <summary>
/// The scripts that requests ask for. Everything it keeps can be made again and is bounded: packs by <see cref="MaxPacks"/>, settings
/// and scripts by recent use.
/// </summary>
/// <param name="load">Loads a pack by its domain's name, with its own data or that of a folder.</param>
/// <param name="kept">Maximum number of scripts to keep.</param>
/// <param name="failSlices">Slice → the share of its dialogues that the agent fails.</param>
internal sealed class ScriptBook(Func<string, string?, LoadedPack> load, int kept, ImmutableArray<(string Slice, double Rate)> failSlices)
{
    /// <summary>Maximum number of databases that requests may name in the life of a server.</summary>
    public const int MaxPacks = 64;

    private const int MaxSources = 64;

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Domain, string? Data), Task<LoadedPack>> _packs = [];
    private readonly Generations<ScriptSettings, Task<ScriptSource>> _sources = new(MaxSources);
    private readonly Generations<(ScriptSettings Settings, long Index, int Attempt), Task<KeptScript>> _scripts = new(kept);
    private long _composed;

    public int Kept
    {
        get
        {
            lock (_lock)
                return _scripts.Count;
        }
    }

    /// <summary>Number of composed scripts, including repeated compositions.</summary>
    public long Composed => Interlocked.Read(ref _composed);

    /// <summary>Loads a pack ahead of its first request.</summary>
    public Task Prepare(string domain) => PackOf(domain, null);

    /// <exception cref="RefusedException">There is no such script; the message says why.</exception>
    public async ValueTask<KeptScript> Of(ScriptCall call, CancellationToken cancellationToken)
    {
        var key = (call.Settings, call.Key.Dialogue.Index, call.Key.Dialogue.Attempt);
        var mine = new TaskCompletionSource<KeptScript>(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<KeptScript>? script;
        lock (_lock)
        {
            if (!_scripts.TryGet(key, out script) || script.IsFaulted)
                _scripts.Set(key, script = mine.Task);
        }

        // Single-flight: the first request composes, concurrent ones wait for it.
        if (script == mine.Task)
            await Compose(mine, key.Settings, key.Index, key.Attempt);
        try
        {
            return script.IsCompletedSuccessfully ? await script : await script.WaitAsync(cancellationToken);
        }
        catch (Exception e) when (e is not (OperationCanceledException or RefusedException))
        {
            throw RefusedException.Invalid($"there is no script for index {key.Index} of {key.Settings.Domains}: {e.Message}", "metadata");
        }
    }

    private async Task Compose(TaskCompletionSource<KeptScript> script, ScriptSettings settings, long index, int attempt)
    {
        try
        {
            var source = await SourceOf(settings);
            script.SetResult(await source.Compose(index, attempt, CancellationToken.None));
            Interlocked.Increment(ref _composed);
        }
        catch (Exception e)
        {
            script.SetException(e);
        }
    }

    private Task<ScriptSource> SourceOf(ScriptSettings settings)
    {
        lock (_lock)
        {
            if (_sources.TryGet(settings, out var source) && !source.IsFaulted)
                return source;
            source = Task.Run(() => ScriptSource.Make(settings, failSlices, PackOf));
            _sources.Set(settings, source);
            return source;
        }
    }

    private Task<LoadedPack> PackOf(string domain, string? data)
    {
        lock (_lock)
        {
            if (_packs.TryGetValue((domain, data), out var pack) && !pack.IsFaulted)
                return pack;
            if (pack is null && _packs.Count >= MaxPacks)
                throw RefusedException.Invalid(
                    $"{MaxPacks} databases have been asked for, and no more are loaded; start the endpoint anew",
                    "metadata.convosynth_data"
                );
            pack = Task.Run(() => load(domain, data));
            return _packs[(domain, data)] = pack;
        }
    }
}
