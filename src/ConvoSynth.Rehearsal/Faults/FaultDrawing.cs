using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Domains;

namespace ConvoSynth.Rehearsal;

/// <summary>Draws a fault that this blueprint allows.</summary>
internal static class FaultDrawing
{
    public static FaultPlan? Draw(Pack pack, Blueprint blueprint, Seed seed, ImmutableArray<string> kinds)
    {
        return null;
    }
}
