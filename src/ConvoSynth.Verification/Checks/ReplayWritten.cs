using System.Collections.Immutable;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Verification.Evidence;

namespace ConvoSynth.Verification.Checks;

/// <summary>
/// <c>replay.written</c>: the observation of a write does not contradict the write. An agent that reads "economy" after it wrote
/// "business" would learn to report values that it does not see.
/// </summary>
internal sealed class ReplayWritten : ICheck
{
    private static readonly CheckName Name = new("replay", "written");
    private static readonly Verdict Benchmark = Name.Skipped("the tools keep the benchmark's oddities");

    public void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts)
    {
        if (trace.Pack.IsBenchmark)
        {
            verdicts.Add(Benchmark);
            return;
        }

        var findings = new Findings(Name, verdicts);
        foreach (var call in trace.Calls)
        {
            foreach (var field in ShownWrite.Of(trace, call))
            {
                if (!field.Agrees)
                    findings.Fail(
                        Fault.Environment,
                        call.Observation,
                        $"{call.Call.Name} was given the {field.Field.Label} {field.Given}, "
                            + $"and its observation shows {field.Entity.Name}.{field.Field.Path} as {field.Shown}; "
                            + "let the tool write what it is given, or let [Is] name another field"
                    );
            }
        }

        findings.Close();
    }
}
