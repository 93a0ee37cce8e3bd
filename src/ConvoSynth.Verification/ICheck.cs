using System.Collections.Immutable;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;

namespace ConvoSynth.Verification;

/// <summary>
/// One verification stage. It sees only the trace and appends its findings. All stages run, whatever the earlier ones found.
/// </summary>
public interface ICheck
{
    void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts);
}
