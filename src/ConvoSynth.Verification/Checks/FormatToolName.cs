using System.Collections.Immutable;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;

namespace ConvoSynth.Verification.Checks;

/// <summary><c>format.tool-name</c>: every call names a tool that exists and was offered.</summary>
internal sealed class FormatToolName : ICheck
{
    private static readonly CheckName Name = new("format", "tool-name");

    public void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts)
    {
        var findings = new Findings(Name, verdicts);
        foreach (var call in trace.Calls)
        {
            if (call.Tool is not null || call.IsLookalike)
                continue;
            var known = trace.Pack.Tools.Find(call.Call.Name) is not null;
            findings.Fail(
                Fault.Agent,
                call.Message,
                trace.Blueprint.Twist?.LateTool == call.Call.Name ? $"{call.Call.Name} was not offered yet"
                    : known ? $"{call.Call.Name} was not offered in this dialogue"
                    : $"there is no tool {call.Call.Name}"
            );
        }

        findings.Close();
    }
}
