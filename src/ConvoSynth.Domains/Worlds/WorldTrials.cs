using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Worlds;

/// <summary>Tries the worlds of a pack that has a <c>worlds.yaml</c>: a few seeds must give worlds that a run would accept.</summary>
internal static class WorldTrials
{
    private const int Tried = 3;

    public static IEnumerable<PackDiagnostic> Of(Pack pack)
    {
        if (pack.Sources.TextOf(WorldSpec.File) is null)
            yield break;
        var worlds = new PackWorlds(pack, new(0));
        for (var i = 0; i < Tried; i++)
        {
            string? problem = null;
            try
            {
                worlds.Numbered(i);
            }
            catch (WorldException e)
            {
                problem = e.Message;
            }

            if (problem is null)
                continue;
            yield return new(WorldSpec.File, 0, problem);
            yield break;
        }
    }
}
