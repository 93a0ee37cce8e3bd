using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Domains;

namespace ConvoSynth.Synthesis;

/// <summary>
/// <c>claims.observed</c>: the words after a write do not contradict its observation. Fails where a sentence names the written row by its key and
/// another one of a field's values than the observation shows.
/// </summary>
internal sealed class ClaimsObserved : ICheck
{
    private static readonly CheckName Name = new("claims", "observed", CheckKind.Language);
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
            if (!call.Wrote || ReportOf(trace, call) is not { } at || trace.AgentSpeech.At(at) is not { } said)
                continue;
            foreach (var field in ShownWrite.Of(trace, call))
            {
                if (field.Field.Values.Count > 1 && Other(said, field) is { } other)
                    findings.Fail(
                        Fault.Agent,
                        at,
                        $"the agent says {other} of {field.Row[field.Entity.Key]}, whose {field.Field.Label} the observation shows as {field.Shown}"
                    );
            }
        }

        findings.Close();
    }

    // The agent's words between the observation and what the human says next.
    private static int? ReportOf(Trace trace, TraceCall call)
    {
        var messages = trace.Conversation.Messages;
        for (var i = call.Message + 1; i < messages.Length && messages[i].Role != MessageRole.User; i++)
        {
            if (Speech.IsAgentText(messages[i]))
                return i;
        }

        return null;
    }

    // A value that a sentence of the row says in place of the one that is shown. Longer values come first: "basic economy" says no "economy".
    private static string? Other(AgentText said, ShownField field)
    {
        if (field.Row[field.Entity.Key].Text is not { } key)
            return null;
        var shown = FieldValues.Say("enum", field.Shown);
        foreach (var spoken in said.Sentences)
        {
            var sentence = SpokenText.Padded(said.Text[spoken.Start..spoken.End]);
            if (spoken.IsQuestion || !sentence.Contains(SpokenText.Phrase(key), StringComparison.Ordinal))
                continue;
            var left = sentence;
            string? other = null;
            foreach (var value in field.Field.Values.Select(v => v.Replace('_', ' ')).OrderByDescending(v => v.Length))
            {
                var phrase = SpokenText.Phrase(value);
                if (!left.Contains(phrase, StringComparison.Ordinal))
                    continue;
                if (value == shown)
                    return null;
                other ??= value;
                left = left.Replace(phrase, " ", StringComparison.Ordinal);
            }

            if (other is not null)
                return other;
        }

        return null;
    }
}
