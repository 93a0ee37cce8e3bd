using System.Collections.Immutable;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;
using ConvoSynth.Verification.Evidence;
using ConvoSynth.Verification.Language;

namespace ConvoSynth.Verification.Checks;

/// <summary>
/// <c>claims.observed</c>: the agent's report of a write does not contradict the write's observation. It fails a sentence with the key of
/// the written row and with another of a field's values than the observation shows.
/// </summary>
internal sealed class ClaimsObserved : ICheck
{
    private static readonly CheckName Name = new("claims", "observed", CheckKind.Language);
    private static readonly Verdict Benchmark = Name.Skipped("the tools keep the benchmark's oddities");

    // A sentence with one of these words, after the right value, speaks of another time or case.
    private static readonly string[] Otherwise =
    [
        " was ",
        " were ",
        " had ",
        " before ",
        " previously ",
        " originally ",
        " from ",
        " instead of ",
        " not ",
        " cannot ",
        " cant ",
        " if ",
    ];

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

    // Another value than the shown one, in a sentence about the row. The right value in one sentence does not excuse a wrong value in
    // another sentence.
    private static string? Other(AgentText said, ShownField field)
    {
        if (field.Row[field.Entity.Key].Text is not { } key)
            return null;
        var isTold = false;
        foreach (var spoken in said.Sentences)
        {
            var sentence = SpokenText.Padded(said.Text[spoken.Start..spoken.End]);
            if (spoken.IsQuestion || !sentence.Contains(SpokenText.Phrase(key), StringComparison.Ordinal))
                continue;
            var (tells, other) = Told(sentence, field);
            if (other is not null && !(isTold && Array.Exists(Otherwise, w => sentence.Contains(w, StringComparison.Ordinal))))
                return other;
            isTold |= tells;
        }

        return null;
    }

    // Longer values are tried first, since "basic economy" does not state "economy".
    private static (bool Tells, string? Other) Told(string sentence, ShownField field)
    {
        var shown = FieldValues.Say("enum", field.Shown);
        string? other = null;
        foreach (var value in field.Field.Values.Select(v => v.Replace('_', ' ')).OrderByDescending(v => v.Length))
        {
            var phrase = SpokenText.Phrase(value);
            if (!sentence.Contains(phrase, StringComparison.Ordinal))
                continue;
            if (value == shown)
                return (true, null);
            other ??= value;
            sentence = sentence.Replace(phrase, " ", StringComparison.Ordinal);
        }

        return (false, other);
    }
}
