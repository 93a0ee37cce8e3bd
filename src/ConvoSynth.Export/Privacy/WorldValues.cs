using System.Text.Json;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Playback;
using ConvoSynth.Runs.Rows;
using ConvoSynth.Runs.Setups;
using ConvoSynth.Runs.Specs;

namespace ConvoSynth.Export.Privacy;

/// <summary>The values in the databases of a run's packs and worlds, and in the tasks of its rows.</summary>
internal sealed class WorldValues : IDisposable
{
    // A world's rows stand together, since a partition has one world.
    private const int Kept = 8;

    private readonly KeptInputs _inputs;
    private readonly Func<string, World?, Pack> _packOf;
    private readonly Dictionary<(string Domain, string? World), HashSet<PersonalValue>> _values = [];

    public WorldValues(RunFolder run)
    {
        _inputs = new(run);
        var spec = SpecFile.Read(run);
        var setups = new RunSetups(_inputs, TimeProvider.System) { JournalOnly = true, KnownWorlds = () => RowWorlds.Of(run) };
        _packOf = spec.HasWorlds ? setups.For(spec).PackOf : (domain, _) => setups.PacksFor(spec)[domain];
    }

    public bool Has(ShardRow row, PersonalValue value)
    {
        var world = row.World.IsEmpty ? null : JsonSerializer.Deserialize(row.World.Span, Core.CoreJson.Default.World);
        var key = (row.Domain, world?.Seed);
        if (!_values.TryGetValue(key, out var known))
        {
            if (_values.Count == Kept)
                _values.Clear();
            _values[key] = known = [
                .. _packOf(row.Domain, world)
                    .Base.Tables.SelectMany(t => t.Rows)
                    .SelectMany(r => PersonalScan.Of(r.Key).Concat(PersonalScan.Of(JsonElement.Parse(r.Values.ToString())))),
            ];
        }

        return known.Contains(value) || (!row.Blueprint.IsEmpty && IsOfTask(row, value));
    }

    public void Dispose() => _inputs.Dispose();

    private static bool IsOfTask(ShardRow row, PersonalValue value)
    {
        using var blueprint = JsonDocument.Parse(row.Blueprint);
        return PersonalScan.Of(blueprint.RootElement).Contains(value);
    }
}
