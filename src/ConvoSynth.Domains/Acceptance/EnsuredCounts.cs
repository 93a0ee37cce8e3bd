using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Acceptance;

/// <summary>On how many rows each guard must hold and be broken: <c>ensure</c> in data.yaml.</summary>
internal sealed class EnsuredCounts(YamlPart? at, (int Holds, int Broken) all, IReadOnlyDictionary<string, (int Holds, int Broken)> own)
{
    /// <summary>Every guard once each way.</summary>
    public static EnsuredCounts Default { get; } = new(null, (1, 1), new Dictionary<string, (int, int)>(StringComparer.Ordinal));

    public int Line => at?.Line ?? 0;

    /// <summary>The counts required of a guard. A guard that takes arguments needs one of each, unless data.yaml names it.</summary>
    public (int Holds, int Broken) For(GuardSpec guard) =>
        own.TryGetValue(guard.Name, out var wanted) ? wanted
        : guard.DependsOnRowsOnly ? all
        : (1, 1);

    public static EnsuredCounts Read(YamlPart data, Pack pack)
    {
        if (data["ensure"] is not { } ensure)
            return Default;
        var guards = pack.Tools.All.SelectMany(t => t.Guards).Select(g => g.Name).ToHashSet(StringComparer.Ordinal);
        var own = new Dictionary<string, (int, int)>(StringComparer.Ordinal);
        foreach (var (name, part) in ensure.Entries)
        {
            part.Only("holds", "broken");
            var counts = (Math.Max(1, part.IntOf("holds", 1)), Math.Max(1, part.IntOf("broken", 1)));
            if (name != "each_guard" && !guards.Contains(name))
                part.Fail($"no tool has a guard {name}");
            own[name] = counts;
        }

        return new(ensure, own.GetValueOrDefault("each_guard", (1, 1)), own);
    }
}
