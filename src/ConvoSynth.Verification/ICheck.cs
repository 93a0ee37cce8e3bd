using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Dialogues.Traces;

namespace ConvoSynth.Verification;

/// <summary>One stage of verification. It looks at the trace alone and appends what it finds; all stages run, whatever an earlier one found.</summary>
public interface ICheck
{
    void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts);
}
