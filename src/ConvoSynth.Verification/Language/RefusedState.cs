using ConvoSynth.Core;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Verification.Evidence;

namespace ConvoSynth.Verification.Language;

/// <summary>Finds the guards that a write would break in the current state of a dialogue.</summary>
internal static class RefusedState
{
    /// <summary>
    /// Whether the clause forbids the call. True if one of its guards on the tool is broken, false if all hold or it has none, null if
    /// unknown.
    /// </summary>
    /// <param name="before">Index of the message that gives the clause as a reason.</param>
    public static bool? Forbids(Trace trace, string clause, string tool, Json arguments, int before)
    {
        if (trace.Pack.Tools.Find(tool) is not { } spec || arguments is not JsonMap map)
            return null;
        var db = trace.StateBefore(before);
        bool? forbids = false;
        foreach (var guard in spec.Guards)
        {
            if (guard.Clause != clause)
                continue;
            switch (Holds(trace.Pack, db, spec, guard, map))
            {
                case false:
                    return true;
                case null:
                    forbids = null;
                    break;
            }
        }

        return forbids;
    }

    /// <summary>Whether a guard holds; null if unknown, or if the pack's code throws, which <c>environment.write</c> reports.</summary>
    public static bool? Holds(Pack pack, Db db, ToolSpec tool, GuardSpec guard, JsonMap arguments)
    {
        try
        {
            return pack.Guards.Test(db, tool, guard, arguments);
        }
        catch (PackDefect)
        {
            return null;
        }
    }
}
