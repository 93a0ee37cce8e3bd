using System.Collections.Immutable;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;

namespace ConvoSynth.Verification.Checks;

/// <summary>
/// <c>environment.write</c>: tools write only values that fit the declared fields, and the pack's code does not throw. Only rows with
/// such a defect have this verdict.
/// </summary>
internal sealed class EnvironmentWrite : ICheck
{
    private static readonly CheckName Name = new("environment", "write");

    public void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts)
    {
        var findings = new Findings(Name, verdicts);
        foreach (var call in trace.Calls)
        {
            if (call.Defect is { } defect)
                findings.Fail(Fault.Environment, call.Message, $"the tool {call.Call.Name} of the pack {trace.Pack.Name}: {defect}");
        }
    }
}
