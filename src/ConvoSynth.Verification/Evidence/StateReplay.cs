using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Environments;

namespace ConvoSynth.Verification.Evidence;

/// <summary>The state of the environment before a message, made by replaying the earlier writes.</summary>
internal sealed class StateReplay(Trace trace)
{
    /// <summary>States after this many writes are kept; few dialogues have more writes.</summary>
    private const int Kept = 6;

    private readonly Db?[] _states = new Db?[Kept + 1];
    private DialogueEnvironment? _environment;
    private int _writes;

    public Db Before(int message)
    {
        var writes = 0;
        foreach (var call in trace.Calls)
        {
            if (call.Message >= message)
                break;
            if (call.Wrote)
                writes++;
        }

        if (writes == 0)
            return trace.View;
        if (writes <= Kept)
            return _states[writes] ??= After(new(trace.Pack, trace.Blueprint.Patch), 0, writes);
        // Checks ask in message order, so replay continues from the last state. An earlier message restarts it.
        if (_environment is null || writes < _writes)
        {
            _environment = new(trace.Pack, trace.Blueprint.Patch);
            _writes = 0;
        }

        var db = After(_environment, _writes, writes);
        _writes = writes;
        return db;
    }

    private Db After(DialogueEnvironment environment, int from, int to)
    {
        foreach (var call in trace.Calls.Where(c => c.Wrote).Take(to).Skip(from))
            environment.Call(call.Tool!, call.Arguments!);
        return environment.Db;
    }
}
