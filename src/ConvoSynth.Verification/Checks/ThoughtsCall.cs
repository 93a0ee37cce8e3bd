using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;
using ConvoSynth.Verification.Evidence;
using ConvoSynth.Verification.Language;

namespace ConvoSynth.Verification.Checks;

/// <summary>
/// <c>thoughts.call</c>: a thought agrees with the call after it. It fails if the thought plans another tool, names only other rows or
/// choices than the call, or says that policy forbids the write or that its yes is missing. A planned call that does not follow is unsure.
/// </summary>
internal sealed class ThoughtsCall : ICheck
{
    private static readonly CheckName Name = new("thoughts", "call", CheckKind.Language);

    public void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts)
    {
        var findings = new Findings(Name, verdicts);
        foreach (var thought in Thought.In(trace))
        {
            var calls = trace.Calls.Where(c => c.Message == thought.Message).ToList();
            string[] called = [.. calls.Select(c => c.Call.Name)];
            var contradicts = JudgePlan(thought, called, ref findings);
            if (calls.Exists(c => c.Tool is { Writes: true }) && thought.Objection(called) is { } objection)
            {
                findings.Fail(
                    Fault.Agent,
                    thought.Message,
                    $"the thought says \"{thought.Words.Quote(objection)}\", and the agent calls {string.Join(", ", called)} all the same"
                );
            }

            if (!contradicts)
                JudgeValues(thought, calls, ref findings);
        }

        findings.Close();
    }

    private static bool JudgePlan(Thought thought, string[] called, ref Findings findings)
    {
        if (thought.Plan is not { } plan || plan.Tools.Intersect(called, StringComparer.Ordinal).Any())
            return false;
        var evidence = $"the thought plans {string.Join(", ", plan.Tools)} (\"{thought.Words.Quote(plan.Sentence)}\"), and the agent ";
        if (called.Length == 0)
            findings.Unsure(thought.Message, $"{evidence}calls nothing");
        else if (called.Any(thought.Names))
            findings.Unsure(thought.Message, $"{evidence}calls {string.Join(", ", called)}");
        else
            findings.Fail(Fault.Agent, thought.Message, $"{evidence}calls {string.Join(", ", called)}");
        return true;
    }

    private static void JudgeValues(Thought thought, List<TraceCall> calls, ref Findings findings)
    {
        var values = calls
            .Where(c => c.Arguments is not null)
            .SelectMany(c => NamedTexts.Of(c.Arguments!))
            .ToHashSet(StringComparer.Ordinal);
        if (values.Count == 0)
            return;
        foreach (var group in IdShape.Tokens(thought.Words.Text).GroupBy(IdShape.Of, StringComparer.Ordinal))
        {
            if (values.Any(v => IdShape.Of(v) == group.Key) && !group.Any(values.Contains))
            {
                findings.Fail(
                    Fault.Agent,
                    thought.Message,
                    $"the thought names {string.Join(", ", group.Distinct(StringComparer.Ordinal))}, and the call has "
                        + $"{string.Join(", ", values.Where(v => IdShape.Of(v) == group.Key))}"
                );
                return;
            }
        }

        foreach (var call in calls)
            JudgeChoices(thought, call, ref findings);
    }

    // The planning sentence speaks of this call; elsewhere, another choice may be what the row has now.
    private static void JudgeChoices(Thought thought, TraceCall call, ref Findings findings)
    {
        if (call.Tool is null || call.Arguments is not JsonMap arguments)
            return;
        foreach (var parameter in call.Tool.Parameters)
        {
            if (parameter.Schema["enum"] is not JsonList choices || arguments[parameter.Name].Text is not { } chosen)
                continue;
            string[] others = [.. choices.Items.Select(c => c.Text).OfType<string>().Where(c => c.Length > 2 && c != chosen)];
            // "economy" is no part of "basic_economy".
            var text = others
                .Where(o => o.Contains(chosen, StringComparison.Ordinal))
                .Aggregate(thought.Words.Text, (t, longer) => t.Replace(longer, "…", StringComparison.Ordinal));
            if (FieldValues.ContainsToken(text, chosen))
                continue;
            var planned = thought.Plan is { } plan ? thought.Words.Quote(plan.Sentence) : "";
            if (Array.Find(others, o => FieldValues.ContainsToken(planned, o)) is { } other)
                findings.Fail(
                    Fault.Agent,
                    thought.Message,
                    $"the thought plans {parameter.Name} {other} (\"{planned}\"), and the call has {chosen}"
                );
        }
    }
}
