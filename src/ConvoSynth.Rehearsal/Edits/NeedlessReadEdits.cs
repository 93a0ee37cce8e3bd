using ConvoSynth.Core;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Domains;
using ConvoSynth.Rehearsal.Faults;

namespace ConvoSynth.Rehearsal.Edits;

// Reads that a right dialogue does without.
internal sealed partial class CallEdits
{
    /// <summary>Inserts a read right after another one.</summary>
    public PlantedEdit? Needless()
    {
        var proof = _calls.Where(c => IsProof(c.Tool)).Select(c => c.Message).DefaultIfEmpty(-1).Min();
        var told = string.Join('\n', Messages.Where(m => m.Role is MessageRole.User or MessageRole.Assistant).Select(m => m.Content));
        foreach (var (at, _, _) in Reads)
        {
            // Before a write it would stand between the yes and the act.
            if (
                at < proof
                || at + 2 >= Messages.Length
                || Messages[at + 2].ToolCalls.Any(c => _pack.Tools.Find(c.Name) is not { Kind: ToolKind.Read })
            )
                continue;
            var last = _calls.Where(c => c.Tool.Writes && c.Message < at).Select(c => c.Message).DefaultIfEmpty(-1).Max();
            var before = _calls
                .Where(c => NeedlessReads.Shows(c.Tool) && c.Message > last && c.Message <= at && Arguments(c.Call) is not null)
                .Select(c => new MadeRead(c.Tool, Arguments(c.Call)!, Messages[c.Message + 1].Content ?? ""))
                .ToArray();
            var later = _calls
                .Where(c => c.Message > at && Arguments(c.Call) is not null)
                .Select(c => (c.Tool, (Json)Arguments(c.Call)!))
                .ToArray();
            var said = string.Join('\n', Messages.Take(at).Where(m => m.Role == MessageRole.User).Select(m => m.Content));
            var db = new Trial(_pack, _blueprint).Made(Messages, 0, at + 1).Environment.Db;
            if (new NeedlessReads(_pack, _blueprint, _random, db).Draw(before, later, said, told) is not { } call)
                continue;
            if (Inserted(at + 2, mustSucceed: true, mustBeOff: false, call) is { } edited)
                return new(_blueprint, edited) { At = at + 2 };
        }

        return null;
    }
}
