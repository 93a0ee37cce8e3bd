using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Domains;

namespace ConvoSynth.Synthesis;

/// <summary>
/// <c>claims.observed</c>: the agent's report of a write does not contradict the write's observation. It fails a sentence with the key of
/// the written row and with another of a field's values than the observation shows.
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
                        $"the agent says {other} of {field.Row[field.Entity.Key]}, whose {field.Field.Label} the "
                            + $"observation shows as {field.Shown}"
                    );
            }
        }

        findings.Close();
    }

    // The agent's text between the observation and the human's next message.
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

    // Another value than the shown one, in a sentence about the row. Longer values are tried first, since "basic economy" does not state
    // "economy".
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
