using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;

namespace ConvoSynth.Verification.Evidence;

/// <summary>The state of the environment before a message, made by replaying the earlier writes.</summary>
internal sealed class StateReplay(Trace trace)
{
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
        // Checks ask in message order, so replay continues from the last state. An earlier message restarts it.
        if (_environment is null || writes < _writes)
        {
            _environment = new(trace.Pack, trace.Blueprint.Patch);
            _writes = 0;
        }

        foreach (var call in trace.Calls.Where(c => c.Wrote).Take(writes).Skip(_writes))
            _environment.Call(call.Tool!, call.Arguments!);
        _writes = writes;
        return _environment.Db;
    }
}
